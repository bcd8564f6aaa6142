import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { Fn, TerraformStack } from "cdktf";
import { Construct } from "constructs";

/** Options for {@link KubernetesConnection}. */
export interface KubernetesConnectionProps {
  /** Name of the EKS cluster. */
  readonly name: string;
  /** URL of the Kubernetes API. */
  readonly kubernetesEndpoint: string;
  /** CA certificate of the Kubernetes API, base64. */
  readonly certificateAuthority: string;
  /** Its AWS region. */
  readonly region: string;
}

/**
 * The kubernetes provider. It asks `aws eks get-token` for each run, so no credential is stored, and the token
 * belongs to whoever runs Terraform.
 * @see https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html
 */
export class KubernetesConnection extends Construct {
  constructor(scope: Construct, id: string, props: KubernetesConnectionProps) {
    super(scope, id);
    TerraformStack.of(this).addOverride("terraform.required_providers.kubernetes", {
      source: "hashicorp/kubernetes",
      version: ">= 2.38.0, < 3.0.0",
    });
    new KubernetesProvider(this, "kubernetes", {
      host: props.kubernetesEndpoint,
      clusterCaCertificate: Fn.base64decode(props.certificateAuthority),
      exec: [
        {
          apiVersion: "client.authentication.k8s.io/v1beta1",
          command: "aws",
          args: ["eks", "get-token", "--cluster-name", props.name, "--region", props.region],
        },
      ],
    });
  }
}
