import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Construct } from "constructs";
import { openPostgresqlWay } from "../shared/postgresql-way";

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
    openPostgresqlWay(this, {
      fromSecurityGroupId: group.id,
      from: "the proxy",
      to: "database",
      server: { securityGroupId: props.databaseSecurityGroupId, port: props.databasePort },
    });
    this.id = group.id;
  }
}
