import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EksCluster as Cluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { Construct } from "constructs";
import { partitionOf } from "../../model/aws/regions";
import { EncryptionKey } from "../shared/encryption-key";
import { HttpsFromVpc } from "../shared/https-from-vpc";
import { ServiceRole } from "../shared/service-role";

/** Options for {@link EksCluster}. */
export interface EksClusterProps {
  /** Name of the environment: the cluster's name, and what the names of its parts start with. */
  readonly environmentName: string;
  /** AWS account, 12 digits. */
  readonly account: string;
  /** AWS region. */
  readonly region: string;
  /** Kubernetes minor version, such as `1.36`. EKS upgrades one at a time and never goes back. */
  readonly version: string;
  /** When standard support ends, keep the version for a year and pay for it; false: AWS upgrades the cluster by itself. */
  readonly extendedSupport: boolean;
  /** VPC of the cluster. */
  readonly vpcId: string;
  /** IPv4 block of the VPC, which may reach the Kubernetes API. */
  readonly vpcCidr: string;
  /** Private subnets, in at least two zones, for the control plane's network interfaces. */
  readonly subnetIds: readonly string[];
  /** IPv4 blocks that may reach the Kubernetes API from outside; empty: private endpoint only. */
  readonly publicAccessCidrs: readonly string[];
  /** Days the control plane's logs are kept. */
  readonly logsRetentionDays: number;
  /** Refuse to destroy or replace the cluster and its key: what Kubernetes stores is lost with either. @default true */
  readonly protect?: boolean;
}

/** Every log the control plane has. */
const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/**
 * An EKS control plane: private endpoint, Kubernetes data encrypted with a key of its own, all logs kept. Whoever may
 * enter has an access entry (authentication mode API), so no aws-auth ConfigMap can lock people out, and whoever
 * created the cluster is nobody special.
 *
 * Kubernetes data includes every Secret and volume claim, and EKS keeps no backup: `protect` is what stands between
 * them and a plan that replaces the cluster.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html
 */
export class EksCluster extends Construct {
  /** Name of the cluster; a reference, so that what uses it is created after it. */
  readonly name: string;
  /** URL of the Kubernetes API. */
  readonly endpoint: string;
  /** CA certificate of the Kubernetes API, base64. */
  readonly certificateAuthority: string;
  /** URL of the OIDC issuer of ServiceAccount tokens. */
  readonly issuerUrl: string;
  /** The security group EKS creates, which the control plane and all managed nodes carry. */
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: EksClusterProps) {
    super(scope, id);
    const { environmentName, account, region, publicAccessCidrs, protect = true } = props;
    const logGroupName = `/aws/eks/${environmentName}/cluster`;

    // No statement for EKS: it acts with the deployer's permissions, through the account's statement, and keeps a grant.
    const key = new EncryptionKey(this, "encryption", {
      name: `${environmentName}-eks`,
      description: `EKS cluster of ${environmentName}: Kubernetes data and control-plane logs`,
      account,
      region,
      logGroupNames: [logGroupName],
      protect,
    });
    // EKS would create it itself, unencrypted and kept for ever.
    const logGroup = new CloudwatchLogGroup(this, "log", {
      name: logGroupName,
      retentionInDays: props.logsRetentionDays,
      kmsKeyId: key.arn,
    });
    const role = new ServiceRole(this, "role", {
      name: `${environmentName}-eks-cluster`,
      description: `EKS control plane of ${environmentName}`,
      service: "eks",
      region,
      managedPolicies: ["AmazonEKSClusterPolicy"],
      // https://docs.aws.amazon.com/eks/latest/userguide/cross-service-confused-deputy-prevention.html
      condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnEquals: {
          "aws:SourceArn": `arn:${partitionOf(region)}:eks:${region}:${account}:cluster/${environmentName}`,
        },
      },
    });
    // Lets the bastion, and runners inside the VPC, reach the API: the group EKS creates admits only nodes.
    const api = new HttpsFromVpc(this, "api", {
      name: `${environmentName}-eks-api`,
      description: "Kubernetes API from inside the VPC",
      vpcId: props.vpcId,
      vpcCidr: props.vpcCidr,
    });
    const cluster = new Cluster(this, "cluster", {
      name: environmentName,
      version: props.version,
      upgradePolicy: { supportType: props.extendedSupport ? "EXTENDED" : "STANDARD" },
      roleArn: role.arn,
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      // vpc-cni, kube-proxy and coredns are EKS add-ons or somebody else's; copies that nobody manages would be neither.
      bootstrapSelfManagedAddons: false,
      enabledClusterLogTypes: LOGS,
      encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
      vpcConfig: {
        subnetIds: [...props.subnetIds],
        securityGroupIds: [api.securityGroupId],
        endpointPrivateAccess: true,
        endpointPublicAccess: publicAccessCidrs.length > 0,
        ...(publicAccessCidrs.length > 0 && { publicAccessCidrs: [...publicAccessCidrs] }),
      },
      lifecycle: {
        preventDestroy: protect,
        // Fixed at creation, since API mode has no way back, and EKS does not tell all of it afterwards: the plan after an
        // import would replace the cluster. https://github.com/terraform-aws-modules/terraform-aws-eks/issues/3148
        ignoreChanges: ["access_config", "bootstrap_self_managed_addons"],
      },
      // EKS needs the role's policy until the cluster is gone, and must find the log group when it starts to log.
      dependsOn: [...role.policies, logGroup],
    });

    this.name = cluster.name;
    this.endpoint = cluster.endpoint;
    this.certificateAuthority = cluster.certificateAuthority.get(0).data;
    this.issuerUrl = cluster.identity.get(0).oidc.get(0).issuer;
    this.securityGroupId = cluster.vpcConfig.clusterSecurityGroupId;
  }
}
