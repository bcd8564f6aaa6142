import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { Construct } from "constructs";

/** Options for {@link ServiceConnection}. */
export interface ServiceConnectionProps {
  /** Namespace of the service. */
  readonly namespace: string;
  /** Name of the ServiceAccount the service runs as. */
  readonly serviceAccount: string;
  /** ARN of the IAM role its pods get. */
  readonly roleArn: string;
  /** Name of the ConfigMap. */
  readonly configMap: string;
  /** What the ConfigMap holds, ready for `envFrom`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What a service's pods use: a ServiceAccount that carries the IAM role, and how to connect. */
export class ServiceConnection extends Construct {
  constructor(scope: Construct, id: string, props: ServiceConnectionProps) {
    super(scope, id);
    const { namespace } = props;
    new ServiceAccountV1(this, "service-account", {
      metadata: {
        name: props.serviceAccount,
        namespace,
        annotations: { "eks.amazonaws.com/role-arn": props.roleArn },
      },
      // EKS projects the token for AWS by itself; one for the Kubernetes API is for pods that ask for it.
      automountServiceAccountToken: false,
    });
    new ConfigMapV1(this, "config-map", {
      metadata: { name: props.configMap, namespace },
      data: { ...props.variables },
    });
  }
}
