import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { Construct } from "constructs";
import { ROLE_ANNOTATION } from "../../model/access/iam";
import type { ServiceIdentity } from "../../model/access/identity";
import { byToken } from "../../model/aws/pod-identity";
import { forget } from "../shared/forget";

/** Options for {@link ServiceConnection}. */
export interface ServiceConnectionProps {
  /** Namespace of the service. */
  readonly namespace: string;
  /** Name of the ServiceAccount the service runs as. */
  readonly serviceAccount: string;
  /** Something else makes it, and annotates it with the role. @default false */
  readonly serviceAccountExists?: boolean;
  /** ARN of the IAM role its pods get. */
  readonly roleArn: string;
  /** How they get it, if not by the token of their ServiceAccount alone. @default by that */
  readonly takesRoleBy?: ServiceIdentity["takesRoleBy"];
  /** Name of the ConfigMap. */
  readonly configMap: string;
  /** Name of the ConfigMap with the certificates. */
  readonly certificates: string;
  /** What the ConfigMap holds, ready for `envFrom`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A service as its workload sees it: references, so that what uses them comes after what they name. */
export interface ConnectedService {
  /** Namespace of the service. */
  readonly namespace: string;
  /** Name of the ServiceAccount its pods run as. */
  readonly serviceAccount: string;
  /** Name of the ConfigMap that says how to connect. */
  readonly configMap: string;
  /** Name of the ConfigMap with the certificates that they verify the database by. */
  readonly certificates: string;
  /** What the ConfigMap holds, for pods that start anew when it changes. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * What a service's pods use: a ServiceAccount, which carries the IAM role unless it is associated with it alone, and how to
 * connect.
 *
 * It is no construct of its own. Its objects are in their namespace's, under their own names: at the address of a service
 * that is renamed, a ServiceAccount that it keeps would be destroyed and made at once, and "already exists".
 */
export class ServiceConnection implements ConnectedService {
  private readonly account?: ServiceAccountV1;
  private readonly connection: ConfigMapV1;

  constructor(
    scope: Construct,
    private readonly props: ServiceConnectionProps,
  ) {
    const { namespace, serviceAccount, takesRoleBy } = props;
    const place = `service-account-${serviceAccount}`;
    if (props.serviceAccountExists) {
      // One that was made here stays for whoever makes it from now on, with its annotation.
      forget(scope, "kubernetes_service_account_v1", place);
    } else {
      this.account = new ServiceAccountV1(scope, place, {
        metadata: {
          name: serviceAccount,
          namespace,
          ...(byToken(takesRoleBy) && { annotations: { [ROLE_ANNOTATION]: props.roleArn } }),
        },
        // EKS projects the token for AWS by itself, either way; one for the Kubernetes API is for pods that ask for it.
        automountServiceAccountToken: false,
      });
    }
    this.connection = new ConfigMapV1(scope, `config-map-${props.configMap}`, {
      metadata: { name: props.configMap, namespace },
      data: { ...props.variables },
    });
  }

  // Read on demand: with a thousand services, few of these references are ever used.
  get namespace(): string {
    return this.account?.metadata.namespace ?? this.connection.metadata.namespace;
  }

  get serviceAccount(): string {
    return this.account?.metadata.name ?? this.props.serviceAccount;
  }

  get configMap(): string {
    return this.connection.metadata.name;
  }

  get certificates(): string {
    return this.props.certificates;
  }

  get variables(): Readonly<Record<string, string>> {
    return this.connection.data;
  }
}
