import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { amiType } from "../../model/aws/architecture";
import type { ClusterConfig } from "../../model/config/environment";

/** A node group as the environment file has it. */
export type NodeGroupConfig = ClusterConfig["nodeGroups"][string];

/** Options for {@link NodeGroup}. */
export interface NodeGroupProps extends NodeGroupConfig {
  /** Name of the group in the environment file, which its nodes carry as the label `node-group`. */
  readonly name: string;
  /** Name of the environment, which the names of group and nodes start with. */
  readonly environmentName: string;
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Kubernetes version of the nodes: the cluster's. */
  readonly kubernetesVersion: string;
  /** ARN of the nodes' IAM role. */
  readonly roleArn: string;
  /** Private subnets for the nodes. */
  readonly subnetIds: readonly string[];
  /** Tags of instances and volumes, which EC2 creates later: the provider's default tags do not reach them. */
  readonly tags: Readonly<Record<string, string>>;
  /** What nodes need to become ready: their role's policies and the network add-ons. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * Managed nodes on Amazon Linux 2023, in the cluster's own security group. Pods cannot reach the nodes' credentials: one
 * hop ends at the node, so controllers that look up region or VPC there need them as options. Instances with GPUs start
 * without drivers.
 *
 * A new Kubernetes version or disk size replaces a third of the nodes at a time, within PodDisruptionBudgets. Other
 * instance types make a new group first, under a new name, and then drain the old one. Patches of the image are no change
 * here; they come with `aws eks update-nodegroup-version`, which the next plan leaves alone.
 *
 * The number of nodes is an autoscaler's after the start. EKS refuses a `minSize` above it: scale up first
 * (`aws eks update-nodegroup-config`).
 * @see https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html
 */
export class NodeGroup extends Construct {
  /** The group, for what needs nodes to run on. */
  readonly resource: ITerraformDependable;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const fullName = `${props.environmentName}-${props.name}`;
    const launchTemplate = this.launchTemplate(`${props.environmentName}-eks-${props.name}`, fullName, props);
    this.resource = new EksNodeGroup(this, "group", {
      clusterName: props.clusterName,
      // A new group exists beside the old one for a while. The provider adds 26 characters to at most 37.
      nodeGroupNamePrefix: `${fullName.slice(0, 36)}-`,
      nodeRoleArn: props.roleArn,
      subnetIds: [...props.subnetIds],
      version: props.kubernetesVersion,
      amiType: amiType(props.instanceTypes),
      instanceTypes: [...props.instanceTypes],
      launchTemplate: { id: launchTemplate.id, version: Token.asString(launchTemplate.latestVersion) },
      scalingConfig: { minSize: props.minSize, maxSize: props.maxSize, desiredSize: props.minSize },
      updateConfig: { maxUnavailablePercentage: 33 },
      // The group's own name changes with each replacement; this one is for node selectors.
      labels: { "node-group": props.name },
      lifecycle: { createBeforeDestroy: true, ignoreChanges: ["scaling_config[0].desired_size"] },
      dependsOn: [...props.dependsOn],
    });
  }

  private launchTemplate(name: string, nodeName: string, props: NodeGroupProps): LaunchTemplate {
    const tags = { ...props.tags, Name: nodeName };
    return new LaunchTemplate(this, "launch-template", {
      name,
      description: `Nodes of the group ${props.name}`,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          // The root device of Amazon Linux 2023.
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: props.diskGiB,
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      monitoring: { enabled: true },
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
      tags: { Name: name },
    });
  }
}
