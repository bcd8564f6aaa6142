import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Construct } from "constructs";
import { openPostgresqlWay, type Server } from "../shared/postgresql-way";

/** Options for {@link ClientSecurityGroup}. */
export interface ClientSecurityGroupProps {
  /** Name of the environment, which the group's name starts with. */
  readonly environmentName: string;
  /** VPC of the database. */
  readonly vpcId: string;
  /** What clients connect to, by what it is called in ids: `database`, and `proxy` where there is one. */
  readonly servers: Readonly<Record<string, Server>>;
}

/**
 * The security group that functions, tasks and instances carry beside their own to reach the database. It reaches nothing else,
 * and nothing comes in: what else they talk to is a matter of their own groups. Whoever may put it on something lets that
 * reach the database's port, and no further: a login takes an IAM role.
 */
export class ClientSecurityGroup extends Construct {
  /** Id of the group. */
  readonly id: string;

  constructor(scope: Construct, id: string, props: ClientSecurityGroupProps) {
    super(scope, id);
    const name = `${props.environmentName}-database-client`;
    const group = new SecurityGroup(this, "security-group", {
      name,
      description: "Functions, tasks and instances that connect to the database",
      vpcId: props.vpcId,
      tags: { Name: name },
    });
    for (const [to, server] of Object.entries(props.servers)) {
      openPostgresqlWay(this, {
        fromSecurityGroupId: group.id,
        from: "clients outside of the EKS cluster",
        to,
        server,
      });
    }
    this.id = group.id;
  }
}
