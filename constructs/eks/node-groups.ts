import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ServiceRole } from "../shared/service-role";
import { NodeGroup, type NodeGroupConfig, type NodeGroupProps } from "./node-group";

/** Options for {@link NodeGroups}. */
export interface NodeGroupsProps extends Omit<NodeGroupProps, "name" | "roleArn" | keyof NodeGroupConfig> {
  /** AWS region of the cluster. */
  readonly region: string;
  /** The groups by name. */
  readonly groups: Readonly<Record<string, NodeGroupConfig>>;
}

/**
 * The node groups of a cluster and the role their nodes share: join the cluster and pull images, no more. The network
 * add-on has a role of its own, so that a pod on the host's network cannot change network interfaces.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
 */
export class NodeGroups extends Construct {
  /** The groups, for what needs nodes to run on. */
  readonly resources: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NodeGroupsProps) {
    super(scope, id);
    const { region, groups, ...common } = props;
    const role = new ServiceRole(this, "role", {
      name: `${props.environmentName}-eks-node`,
      description: `EKS nodes of ${props.environmentName}`,
      service: "ec2",
      region,
      managedPolicies: ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"],
    });
    this.resources = Object.entries(groups).map(
      ([name, group]) =>
        new NodeGroup(this, `group-${name}`, {
          ...common,
          ...group,
          name,
          roleArn: role.arn,
          dependsOn: [...role.policies, ...props.dependsOn],
        }).resource,
    );
  }
}
