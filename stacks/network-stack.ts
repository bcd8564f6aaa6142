import type { Construct } from "constructs";
import { ExistingNetwork } from "../constructs/network/existing-network";
import { FlowLogs } from "../constructs/network/flow-logs";
import { NatGateways } from "../constructs/network/nat-gateways";
import { SubnetTier } from "../constructs/network/subnet-tier";
import { Vpc } from "../constructs/network/vpc";
import { VpcEndpoints } from "../constructs/network/vpc-endpoints";
import { planSubnets } from "../model/aws/subnets";
import type { Environment } from "../model/config/environment";
import { EnvironmentStack } from "./environment-stack";

/** Options for {@link NetworkStack}. */
export interface NetworkStackProps {
  /** The environment whose network this is. */
  readonly environment: Environment;
}

/** What the other stacks need of the network. */
export interface NetworkOutputs {
  /** Id of the VPC. */
  readonly vpcId: string;
  /** IPv4 block of the VPC, known at synth unless the VPC exists already. */
  readonly vpcCidr: string;
  /** Subnets for public load balancers, in the order of the zones. */
  readonly publicSubnetIds: readonly string[];
  /** Subnets for nodes, pods and the bastion, in the order of the zones. */
  readonly privateSubnetIds: readonly string[];
  /** Subnets for the database, without a route out of the VPC, in the order of the zones. */
  readonly databaseSubnetIds: readonly string[];
}

/** The VPC of an environment, its three tiers of subnets, and what connects and records them; or one that exists. */
export class NetworkStack extends EnvironmentStack {
  readonly outputs: NetworkOutputs;

  constructor(scope: Construct, { environment }: NetworkStackProps) {
    super(scope, "network", environment);
    const { existing } = environment.network;
    this.outputs = existing
      ? new ExistingNetwork(this, "existing", { ...existing, region: environment.region })
      : this.create(environment);
    const { vpcId, publicSubnetIds, privateSubnetIds, databaseSubnetIds } = this.outputs;
    this.publish("vpc-id", "Id of the VPC", vpcId);
    this.publish("public-subnet-ids", "Subnets for public load balancers", publicSubnetIds);
    this.publish("private-subnet-ids", "Subnets for nodes, pods and the bastion", privateSubnetIds);
    this.publish("database-subnet-ids", "Subnets of the database", databaseSubnetIds);
  }

  private create({ name, account, region, network }: Environment): NetworkOutputs {
    const vpcCidr = network.cidr;
    const plan = planSubnets(vpcCidr, network.zones);
    const vpc = new Vpc(this, "vpc", { name: `${name}-vpc`, cidr: vpcCidr });
    const vpcId = vpc.id;

    const publicTier = new SubnetTier(this, "public", {
      name: `${name}-public`,
      vpcId,
      subnets: plan.public,
      routes: { internetGatewayId: vpc.internetGateway.id },
      tags: { "kubernetes.io/role/elb": "1" },
    });
    const privateTier = new SubnetTier(this, "private", {
      name: `${name}-private`,
      vpcId,
      subnets: plan.private,
      routes: "per-zone",
      tags: { "kubernetes.io/role/internal-elb": "1" },
    });
    const databaseTier = new SubnetTier(this, "database", {
      name: `${name}-database`,
      vpcId,
      subnets: plan.database,
      routes: "none",
    });
    const nat = new NatGateways(this, "nat", {
      name: `${name}-nat`,
      mode: network.natGateways,
      publicSubnets: publicTier.subnets,
      privateSubnets: privateTier.subnets,
      internetGateway: vpc.internetGateway,
    });
    new VpcEndpoints(this, "endpoints", {
      account,
      principals: network.endpointPrincipals,
      environmentName: name,
      region,
      vpcId,
      vpcCidr,
      // Not the database tier's: the aws_s3 extension could carry its data to any bucket.
      routeTableIds: [...publicTier.routeTableIds, ...privateTier.routeTableIds],
      interfaceServices: network.interfaceEndpoints,
      subnetIds: privateTier.subnetIds,
    });
    const flowLogs = new FlowLogs(this, "flow-logs", {
      environmentName: name,
      vpcId,
      retentionDays: network.flowLogsRetentionDays,
      account,
      region,
    });
    this.publish("flow-logs-group", "CloudWatch log group of the VPC's flow logs", flowLogs.logGroupName);
    if (nat.publicAddresses.length > 0) {
      this.publish("nat-addresses", "Public addresses that nodes and pods come from", nat.publicAddresses);
    }
    return {
      vpcId,
      vpcCidr,
      publicSubnetIds: publicTier.subnetIds,
      privateSubnetIds: privateTier.subnetIds,
      databaseSubnetIds: databaseTier.subnetIds,
    };
  }
}
