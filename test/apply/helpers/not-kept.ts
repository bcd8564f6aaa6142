import type { Changes, ResourceChange } from "./plan-json";

/**
 * By stack, what a second plan changes although nothing changed, because moto does not keep it and AWS does. None of it
 * replaces anything: what would, corrections.ts puts right.
 */
export const NOT_KEPT_BY_MOTO: Readonly<Record<string, Changes>> = {
  "dev-network": {},
  "dev-eks": {
    // EKS's UpdateConfig of a new node group.
    "aws_eks_node_group.nodes_group-general_group": { action: "update", attributes: ["update_config"] },
  },
  "dev-database": {
    // The security groups that an instance gets with its first network interface.
    "aws_instance.bastion_instance": { action: "update", attributes: ["vpc_security_group_ids"] },
    // Enhanced Monitoring and Performance Insights.
    "aws_rds_cluster_instance.aurora_instances_instance-1": {
      action: "update",
      attributes: [
        "monitoring_interval",
        "monitoring_role_arn",
        "performance_insights_enabled",
        "performance_insights_kms_key_id",
        "performance_insights_retention_period",
      ],
    },
    // Descriptions of rules that name a security group.
    "aws_vpc_security_group_egress_rule.bastion_to-database": {
      action: "update",
      attributes: ["description"],
    },
    "aws_vpc_security_group_ingress_rule.bastion_into-database": {
      action: "update",
      attributes: ["description"],
    },
  },
  "dev-access": {
    "aws_vpc_security_group_ingress_rule.ingress_from-cluster": {
      action: "update",
      attributes: ["description"],
    },
  },
};

/** Changes of a stack beyond {@link NOT_KEPT_BY_MOTO}. */
export function beyondNotKept(stack: string, changes: Changes): Changes {
  const notKept = NOT_KEPT_BY_MOTO[stack] ?? {};
  return Object.fromEntries(
    Object.entries(changes)
      .map(([address, { action, attributes }]): [string, ResourceChange] => {
        const known = action === "update" ? (notKept[address]?.attributes ?? []) : [];
        return [address, { action, attributes: attributes.filter((name) => !known.includes(name)) }];
      })
      .filter(([, { action, attributes }]) => action !== "update" || attributes.length > 0),
  );
}
