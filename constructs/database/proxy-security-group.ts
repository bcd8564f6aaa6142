import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

/** Options for {@link ProxySecurityGroup}. */
export interface ProxySecurityGroupProps {
  /** Name of the group. */
  readonly name: string;
  /** VPC of proxy and database. */
  readonly vpcId: string;
  /** Security group of the database, which gets a rule that lets the proxy in. */
  readonly databaseSecurityGroupId: string;
  /** Port of the database. */
  readonly databasePort: number;
}

/** What a proxy carries: it goes to the database and nowhere else, and is reached by whoever adds a rule. */
export class ProxySecurityGroup extends Construct {
  /** Id of the group. */
  readonly id: string;

  constructor(scope: Construct, id: string, props: ProxySecurityGroupProps) {
    super(scope, id);
    const group = new SecurityGroup(this, "security-group", {
      name: props.name,
      description: "RDS Proxy; rules come from whoever connects",
      vpcId: props.vpcId,
      tags: { Name: props.name },
    });
    const database = { ipProtocol: "tcp", fromPort: props.databasePort, toPort: props.databasePort };
    new VpcSecurityGroupEgressRule(this, "to-database", {
      securityGroupId: group.id,
      description: "PostgreSQL to the database",
      referencedSecurityGroupId: props.databaseSecurityGroupId,
      ...database,
    });
    new VpcSecurityGroupIngressRule(this, "into-database", {
      securityGroupId: props.databaseSecurityGroupId,
      description: "PostgreSQL from the proxy",
      referencedSecurityGroupId: group.id,
      ...database,
    });
    this.id = group.id;
  }
}
