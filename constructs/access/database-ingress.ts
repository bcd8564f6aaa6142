import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** Options for {@link DatabaseIngress}. */
export interface DatabaseIngressProps {
  /** Security group of the database. */
  readonly databaseSecurityGroupId: string;
  /** Security group that the EKS cluster's nodes and pods carry. */
  readonly eksSecurityGroupId: string;
  /** Port the database listens on. */
  readonly port: number;
}

/** Lets the EKS cluster's pods reach the database, and nothing else. */
export class DatabaseIngress extends Construct {
  /** The rule, for what connects from the EKS cluster, such as a runner in a pod. */
  readonly rule: ITerraformDependable;

  constructor(scope: Construct, id: string, props: DatabaseIngressProps) {
    super(scope, id);
    this.rule = new VpcSecurityGroupIngressRule(this, "from-cluster", {
      securityGroupId: props.databaseSecurityGroupId,
      referencedSecurityGroupId: props.eksSecurityGroupId,
      ipProtocol: "tcp",
      fromPort: props.port,
      toPort: props.port,
      description: "PostgreSQL from the EKS cluster",
    });
  }
}
