import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { Construct } from "constructs";

/** What is connected to. */
export interface Server {
  /** Its security group. */
  readonly securityGroupId: string;
  /** Port that it listens on. */
  readonly port: number;
}

/** Options for {@link openPostgresqlWay}. */
export interface PostgresqlWay {
  /** Security group of what connects. */
  readonly fromSecurityGroupId: string;
  /** What that is, as the server's rule says it. */
  readonly from: string;
  /** What the server is called in ids and descriptions, such as `database`. */
  readonly to: string;
  readonly server: Server;
}

/** Lets what carries one security group connect to a server that carries another: a rule out of the first, and one into the second. */
export function openPostgresqlWay(
  scope: Construct,
  { fromSecurityGroupId, from, to, server: { securityGroupId, port } }: PostgresqlWay,
): void {
  const listens = { ipProtocol: "tcp", fromPort: port, toPort: port };
  new VpcSecurityGroupEgressRule(scope, `to-${to}`, {
    securityGroupId: fromSecurityGroupId,
    description: `PostgreSQL to the ${to}`,
    referencedSecurityGroupId: securityGroupId,
    ...listens,
  });
  new VpcSecurityGroupIngressRule(scope, `into-${to}`, {
    securityGroupId,
    description: `PostgreSQL from ${from}`,
    referencedSecurityGroupId: fromSecurityGroupId,
    ...listens,
  });
}
