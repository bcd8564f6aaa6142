import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { Fn, type Postcondition, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import type { ExistingNetwork as ExistingNetworkConfig } from "../../model/config/environment";
import { postcondition } from "../shared/postcondition";
import { ExistingSubnets } from "./existing-subnets";

/** Options for {@link ExistingNetwork}. */
export interface ExistingNetworkProps extends ExistingNetworkConfig {
  /** AWS region, for the commands in messages. */
  readonly region: string;
}

/**
 * A VPC that is there already. It is only read, and the plan fails where EKS or Aurora could not work in it.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export class ExistingNetwork extends Construct {
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Its primary IPv4 block. */
  readonly vpcCidr: string;
  /** Ids of the subnets of each tier, in the order of the file. */
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  readonly databaseSubnetIds: readonly string[];

  constructor(scope: Construct, id: string, props: ExistingNetworkProps) {
    super(scope, id);
    const { vpcId } = props;
    const tier = (tierId: string, subnetIds: readonly string[]) =>
      new ExistingSubnets(this, tierId, { vpcId, subnetIds });
    const publicTier = tier("public", props.publicSubnetIds);
    const privateTier = tier("private", props.privateSubnetIds);
    const databaseTier = tier("database", props.databaseSubnetIds);
    const vpc = new DataAwsVpc(this, "vpc", {
      id: vpcId,
      lifecycle: {
        postcondition: [
          dnsAttribute(props, "enable_dns_support", "--enable-dns-support"),
          dnsAttribute(props, "enable_dns_hostnames", "--enable-dns-hostnames"),
          this.twoZones("privateSubnetIds", privateTier, "EKS"),
          this.twoZones("databaseSubnetIds", databaseTier, "RDS"),
        ],
      },
    });
    this.vpcId = vpc.id;
    this.vpcCidr = vpc.cidrBlock;
    this.publicSubnetIds = publicTier.subnetIds;
    this.privateSubnetIds = privateTier.subnetIds;
    this.databaseSubnetIds = databaseTier.subnetIds;
  }

  private twoZones(key: string, { zones }: ExistingSubnets, service: string): Postcondition {
    const distinct = new TerraformLocal(this, `zones-of-${key}`, Fn.distinct([...zones])).fqn;
    return postcondition(
      `length(${distinct}) >= 2`,
      `The subnets under network.existing.${key} are all in \${join(", ", ${distinct})}, and ${service} needs two zones or more. Add a subnet of another zone.`,
    );
  }
}

/** The private endpoints of EKS and RDS are names that the VPC's own DNS must answer. */
function dnsAttribute(props: ExistingNetworkProps, attribute: string, option: string): Postcondition {
  const { vpcId, region } = props;
  return postcondition(
    `self.${attribute}`,
    `${attribute} is off in ${vpcId}, and private endpoints need it. Turn it on: aws ec2 modify-vpc-attribute --vpc-id ${vpcId} ${option} --region ${region}`,
  );
}
