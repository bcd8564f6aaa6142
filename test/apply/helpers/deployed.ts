import {
  DescribeFlowLogsCommand,
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Route,
  type Tag,
} from "@aws-sdk/client-ec2";
import {
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  EKSClient,
  ListClustersCommand,
  ListNodegroupsCommand,
} from "@aws-sdk/client-eks";
import {
  GetOpenIDConnectProviderCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
} from "@aws-sdk/client-iam";
import {
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBSubnetGroupsCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { CREDENTIALS } from "./corrected-moto";
import { readRoles } from "./roles";

/** The AWS SDK's view of an account: what exists in it, without what every account has. */
export class Deployed {
  private readonly ec2: EC2Client;
  private readonly eks: EKSClient;
  private readonly rds: RDSClient;
  private readonly iam: IAMClient;

  constructor(endpoint: string) {
    const config = {
      endpoint,
      region: "eu-west-1",
      credentials: {
        accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
        secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
      },
    };
    this.ec2 = new EC2Client(config);
    this.eks = new EKSClient(config);
    this.rds = new RDSClient(config);
    this.iam = new IAMClient(config);
  }

  close(): void {
    for (const client of [this.ec2, this.eks, this.rds, this.iam]) client.destroy();
  }

  /** VPCs beside the account's default one. */
  async vpcs() {
    const { Vpcs = [] } = await this.ec2.send(new DescribeVpcsCommand({}));
    return Vpcs.filter(({ IsDefault }) => !IsDefault).map(({ VpcId = "", CidrBlock }) => ({
      id: VpcId,
      cidr: CidrBlock,
    }));
  }

  /** Subnets of a VPC by name, each with its id, block, zone, and its routes as `destination via target`. */
  async subnets(vpcId: string) {
    const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
    const { Subnets = [] } = await this.ec2.send(new DescribeSubnetsCommand({ Filters }));
    const { RouteTables = [] } = await this.ec2.send(new DescribeRouteTablesCommand({ Filters }));
    const routes = (subnetId?: string) =>
      RouteTables.filter(({ Associations = [] }) =>
        Associations.some((association) => association.SubnetId === subnetId),
      ).flatMap(({ Routes = [] }) => Routes.map(route).sort());
    return Object.fromEntries(
      Subnets.map(({ SubnetId = "", CidrBlock, AvailabilityZone, MapPublicIpOnLaunch, Tags }) => [
        nameTag(Tags),
        {
          id: SubnetId,
          cidr: CidrBlock,
          zone: AvailabilityZone,
          givesPublicAddresses: MapPublicIpOnLaunch,
          routes: routes(SubnetId),
        },
      ]),
    );
  }

  /** NAT gateways that are not deleted. */
  async natGateways() {
    const { NatGateways = [] } = await this.ec2.send(new DescribeNatGatewaysCommand({}));
    return NatGateways.filter(({ State }) => State !== "deleted").map(({ SubnetId }) => ({
      subnet: SubnetId,
    }));
  }

  /** Flow logs, as the resource each records. */
  async flowLogs() {
    const { FlowLogs = [] } = await this.ec2.send(new DescribeFlowLogsCommand({}));
    return FlowLogs.map(({ ResourceId, TrafficType }) => ({ recorded: ResourceId, traffic: TrafficType }));
  }

  /** Rules of a security group: `in tcp 5432 from sg-…`. */
  async securityGroupRules(groupId: string) {
    const Filters = [{ Name: "group-id", Values: [groupId] }];
    const { SecurityGroupRules = [] } = await this.ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters }),
    );
    return SecurityGroupRules.map(
      ({ IsEgress, IpProtocol, FromPort, ReferencedGroupInfo, CidrIpv4 }) =>
        `${IsEgress ? "out" : "in"} ${IpProtocol} ${FromPort} ${ReferencedGroupInfo?.GroupId ?? CidrIpv4}`,
    ).sort();
  }

  /** EC2 instances that are not terminated. */
  async instances() {
    const { Reservations = [] } = await this.ec2.send(new DescribeInstancesCommand({}));
    return Reservations.flatMap(({ Instances = [] }) => Instances)
      .filter(({ State }) => State?.Name !== "terminated")
      .map(({ InstanceId, InstanceType, SubnetId, PublicIpAddress, MetadataOptions }) => ({
        id: InstanceId,
        type: InstanceType,
        subnet: SubnetId,
        publicAddress: PublicIpAddress,
        metadataTokens: MetadataOptions?.HttpTokens,
      }));
  }

  /** EKS clusters with their node groups. */
  async clusters() {
    const { clusters = [] } = await this.eks.send(new ListClustersCommand({}));
    return Promise.all(
      clusters.map(async (clusterName) => {
        const { cluster } = await this.eks.send(new DescribeClusterCommand({ name: clusterName }));
        const { nodegroups = [] } = await this.eks.send(new ListNodegroupsCommand({ clusterName }));
        const groups = await Promise.all(
          nodegroups.map(async (nodegroupName) => {
            const { nodegroup } = await this.eks.send(
              new DescribeNodegroupCommand({ clusterName, nodegroupName }),
            );
            const { minSize, maxSize } = nodegroup?.scalingConfig ?? {};
            return { name: nodegroupName, minSize, maxSize, subnets: nodegroup?.subnets };
          }),
        );
        return { cluster, nodeGroups: groups };
      }),
    );
  }

  /** OIDC providers, each with the issuer and the audiences that it admits. */
  async oidcProviders() {
    const { OpenIDConnectProviderList = [] } = await this.iam.send(new ListOpenIDConnectProvidersCommand({}));
    return Promise.all(
      OpenIDConnectProviderList.map(async ({ Arn = "" }) => {
        const { Url, ClientIDList } = await this.iam.send(
          new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: Arn }),
        );
        return { arn: Arn, issuer: Url, audiences: ClientIDList };
      }),
    );
  }

  /** Database clusters, their instances, and the snapshots that were left. */
  async databases() {
    const { DBClusters = [] } = await this.rds.send(new DescribeDBClustersCommand({}));
    const { DBInstances = [] } = await this.rds.send(new DescribeDBInstancesCommand({}));
    const { DBSubnetGroups = [] } = await this.rds.send(new DescribeDBSubnetGroupsCommand({}));
    const { DBClusterSnapshots = [] } = await this.rds.send(new DescribeDBClusterSnapshotsCommand({}));
    return {
      // Up to when it can be restored moves on by itself.
      clusters: DBClusters.map(({ LatestRestorableTime: _, ...cluster }) => cluster),
      instances: DBInstances.map(({ LatestRestorableTime: _, ...instance }) => instance),
      subnets: DBSubnetGroups.flatMap(({ Subnets = [] }) => Subnets.map((each) => each.SubnetIdentifier)),
      snapshots: DBClusterSnapshots.filter(({ SnapshotType }) => SnapshotType === "manual").map(
        (snapshot) => snapshot.DBClusterSnapshotIdentifier,
      ),
    };
  }

  /** The only database cluster. */
  async databaseCluster() {
    const [cluster, ...others] = (await this.databases()).clusters;
    if (!cluster || others.length > 0)
      throw new Error(`${others.length + (cluster ? 1 : 0)} database clusters`);
    return cluster;
  }

  /** IAM roles by name, with their trust and every policy they have. */
  roles() {
    return readRoles(this.iam);
  }
}

function route(each: Route): string {
  const destination = each.DestinationCidrBlock ?? each.DestinationPrefixListId;
  const target = each.NatGatewayId ?? each.GatewayId;
  // Ids are random; their kind says enough.
  return `${destination?.replace(/^pl-.*/, "S3")} via ${target?.replace(/-.*/, "")}`;
}

function nameTag(tags: readonly Tag[] = []): string {
  return tags.find(({ Key }) => Key === "Name")?.Value ?? "";
}
