import { DataAwsEksCluster } from "@cdktf/provider-aws/lib/data-aws-eks-cluster";
import { DataAwsSecurityGroup } from "@cdktf/provider-aws/lib/data-aws-security-group";
import { Construct } from "constructs";
import { postcondition } from "../shared/postcondition";

/** Options for {@link ExistingCluster}. */
export interface ExistingClusterProps {
  /** Name of the EKS cluster. */
  readonly name: string;
  /** VPC it must be in. */
  readonly vpcId: string;
  /** Security group that nodes carry. @default the one EKS created */
  readonly securityGroupId?: string;
}

/** An EKS cluster that is there already. It is only read, and the plan fails when it is in another VPC. */
export class ExistingCluster extends Construct {
  /** Name of the cluster. */
  readonly name: string;
  /** URL of the Kubernetes API. */
  readonly endpoint: string;
  /** CA certificate of the Kubernetes API, base64. */
  readonly certificateAuthority: string;
  /** URL of the OIDC issuer of ServiceAccount tokens. */
  readonly issuerUrl: string;
  /** The security group that nodes and so their pods carry. */
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: ExistingClusterProps) {
    super(scope, id);
    const { name, vpcId, securityGroupId } = props;
    const cluster = new DataAwsEksCluster(this, "cluster", {
      name,
      lifecycle: {
        postcondition: [
          postcondition(
            'self.status == "ACTIVE" || self.status == "UPDATING"',
            `The EKS cluster ${name} is \${self.status}. Wait until it is ACTIVE, or repair it.`,
          ),
          postcondition(
            `self.vpc_config[0].vpc_id == "${vpcId}"`,
            `The EKS cluster ${name} is in \${self.vpc_config[0].vpc_id}, and the environment's network is ${vpcId}. Name that VPC under network.existing.`,
          ),
        ],
      },
    });
    this.name = cluster.name;
    this.endpoint = cluster.endpoint;
    this.certificateAuthority = cluster.certificateAuthority.get(0).data;
    this.issuerUrl = cluster.identity.get(0).oidc.get(0).issuer;
    this.securityGroupId = securityGroupId
      ? this.nodeSecurityGroup(securityGroupId, vpcId)
      : cluster.vpcConfig.get(0).clusterSecurityGroupId;
  }

  private nodeSecurityGroup(id: string, vpcId: string): string {
    return new DataAwsSecurityGroup(this, "node-security-group", {
      id,
      lifecycle: {
        postcondition: [
          postcondition(
            `self.vpc_id == "${vpcId}"`,
            `The security group ${id} is in \${self.vpc_id}, not in ${vpcId}. Correct cluster.existing.securityGroupId.`,
          ),
        ],
      },
    }).id;
  }
}
