import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

/** Options for {@link HttpsFromVpc}. */
export interface HttpsFromVpcProps {
  /** Name of the security group. */
  readonly name: string;
  /** What carries the group, shown in the console. Changing it replaces the group. */
  readonly description: string;
  /** VPC of the group. */
  readonly vpcId: string;
  /** IPv4 block of the VPC. */
  readonly vpcCidr: string;
}

/** A security group that answers HTTPS from inside the VPC. What carries it starts no connections: it has no egress. */
export class HttpsFromVpc extends Construct {
  /** Id of the group. */
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: HttpsFromVpcProps) {
    super(scope, id);
    const group = new SecurityGroup(this, "group", {
      name: props.name,
      description: props.description,
      vpcId: props.vpcId,
      tags: { Name: props.name },
    });
    new VpcSecurityGroupIngressRule(this, "https", {
      securityGroupId: group.id,
      description: "HTTPS from inside the VPC",
      cidrIpv4: props.vpcCidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    this.securityGroupId = group.id;
  }
}
