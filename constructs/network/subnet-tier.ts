import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Construct } from "constructs";
import type { PlannedSubnet } from "../../model/aws/subnets";

/** Options for {@link SubnetTier}. */
export interface SubnetTierProps {
  /** Name of the tier, such as `dev-public`; each subnet's adds its zone. */
  readonly name: string;
  /** VPC the subnets are in. */
  readonly vpcId: string;
  /** Zone and block of each subnet. */
  readonly subnets: readonly PlannedSubnet[];
  /**
   * Where traffic that leaves the VPC goes.
   * - `{ internetGatewayId }`: to the internet, by one route table for the tier.
   * - `"per-zone"`: each zone has a route table, which others add routes to, so that the NAT mode can change
   *   without moving a subnet to another table.
   * - `"none"`: nowhere; one route table that Terraform keeps without routes.
   */
  readonly routes: { readonly internetGatewayId: string } | "per-zone" | "none";
  /** Tags of the subnets beside Name. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A subnet of a tier, as it exists. */
export interface TierSubnet {
  /** Availability zone by name. */
  readonly zone: string;
  /** Id of the subnet. */
  readonly subnetId: string;
  /** Id of the route table the subnet uses. */
  readonly routeTableId: string;
}

/**
 * One subnet for each zone, all reached and routed alike. Nothing launched in any of them gets a public address
 * by itself. Addresses in the state are those of zones, never numbers, so adding a zone touches no other.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
 */
export class SubnetTier extends Construct {
  /** The subnets, in the order of the zones. */
  readonly subnets: readonly TierSubnet[];

  constructor(scope: Construct, id: string, props: SubnetTierProps) {
    super(scope, id);
    const shared = props.routes === "per-zone" ? undefined : this.sharedRouteTable(props);
    this.subnets = props.subnets.map(({ zone, cidr }) => {
      const inZone = new Construct(this, zone);
      const tags = { Name: `${props.name}-${zone}` };
      const subnet = new Subnet(inZone, "subnet", {
        vpcId: props.vpcId,
        availabilityZone: zone,
        cidrBlock: cidr,
        mapPublicIpOnLaunch: false,
        tags: { ...props.tags, ...tags },
      });
      const routeTable = shared ?? new RouteTable(inZone, "route-table", { vpcId: props.vpcId, tags });
      new RouteTableAssociation(inZone, "association", { subnetId: subnet.id, routeTableId: routeTable.id });
      return { zone, subnetId: subnet.id, routeTableId: routeTable.id };
    });
  }

  /** Ids of the subnets, in the order of the zones. */
  get subnetIds(): readonly string[] {
    return this.subnets.map(({ subnetId }) => subnetId);
  }

  /** Ids of the tier's route tables, each once. */
  get routeTableIds(): readonly string[] {
    return [...new Set(this.subnets.map(({ routeTableId }) => routeTableId))];
  }

  private sharedRouteTable({ name, vpcId, routes }: SubnetTierProps): RouteTable {
    const routeTable = new RouteTable(this, "route-table", {
      vpcId,
      // An empty list, not nothing: Terraform then removes a route that somebody adds later.
      ...(routes === "none" && { route: [] }),
      tags: { Name: name },
    });
    if (typeof routes === "object") {
      new Route(this, "internet-route", {
        routeTableId: routeTable.id,
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: routes.internetGatewayId,
      });
    }
    return routeTable;
  }
}
