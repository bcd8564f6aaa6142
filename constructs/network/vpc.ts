import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Vpc as AwsVpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";

/** Options for {@link Vpc}. */
export interface VpcProps {
  /** Name shown in the console, such as `dev-vpc`. */
  readonly name: string;
  /** Private IPv4 block, /16 to /24. Changing it replaces the VPC. */
  readonly cidr: string;
}

/**
 * A VPC with DNS, an internet gateway that nothing is routed to yet, and a default security group that allows
 * nothing: what is launched without a security group must not be reachable by accident.
 * DNS support and host names are what private endpoints and the EKS private endpoint resolve through.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2
 */
export class Vpc extends Construct {
  /** Id of the VPC. */
  readonly id: string;
  /** The internet gateway, for routes and for what must exist after it. */
  readonly internetGateway: InternetGateway;

  constructor(scope: Construct, id: string, props: VpcProps) {
    super(scope, id);
    const tags = { Name: props.name };
    const vpc = new AwsVpc(this, "network", {
      cidrBlock: props.cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags,
    });
    this.id = vpc.id;
    this.internetGateway = new InternetGateway(this, "internet-gateway", { vpcId: vpc.id, tags });
    new DefaultSecurityGroup(this, "default-security-group", {
      vpcId: vpc.id,
      // Empty lists rather than nothing: Terraform then removes rules that somebody adds later.
      ingress: [],
      egress: [],
      tags: { Name: `${props.name}-default-allows-nothing` },
    });
  }
}
