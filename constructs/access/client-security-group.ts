import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

/** What clients connect to. */
export interface Server {
  /** Its security group. */
  readonly securityGroupId: string;
  /** Port that it listens on. */
  readonly port: number;
}

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
    for (const [server, { securityGroupId, port: listens }] of Object.entries(props.servers)) {
      const port = { ipProtocol: "tcp", fromPort: listens, toPort: listens };
      new VpcSecurityGroupEgressRule(this, `to-${server}`, {
        securityGroupId: group.id,
        description: `PostgreSQL to the ${server}`,
        referencedSecurityGroupId: securityGroupId,
        ...port,
      });
      new VpcSecurityGroupIngressRule(this, `into-${server}`, {
        securityGroupId,
        description: "PostgreSQL from clients outside of the EKS cluster",
        referencedSecurityGroupId: group.id,
        ...port,
      });
    }
    this.id = group.id;
  }
}
