import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { TierSubnet } from "./subnet-tier";

/** Options for {@link NatGateways}. */
export interface NatGatewaysProps {
  /** Name of the gateways, such as `dev-nat`; each adds its zone. */
  readonly name: string;
  /**
   * - `"none"`: private subnets reach nothing outside the VPC but its endpoints.
   * - `"single"`: one gateway, in the first zone, for all.
   * - `"per-zone"`: one in each zone, so that the loss of a zone leaves the others connected.
   */
  readonly mode: "none" | "single" | "per-zone";
  /** Subnets the gateways are in. */
  readonly publicSubnets: readonly TierSubnet[];
  /** Subnets whose route tables get a route to a gateway. */
  readonly privateSubnets: readonly TierSubnet[];
  /** The VPC's internet gateway: without it AWS refuses the addresses, and refuses to let go of it before them. */
  readonly internetGateway: ITerraformDependable;
}

/**
 * The way out for private subnets. Gateways and addresses belong to zones: changing between single and per-zone
 * keeps the first zone's address, which other companies may have on their allow-lists. With a single gateway the
 * address changes only when the first zone does.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
 */
export class NatGateways extends Construct {
  /** Public IPv4 addresses that traffic from private subnets comes from. */
  readonly publicAddresses: readonly string[];

  constructor(scope: Construct, id: string, props: NatGatewaysProps) {
    super(scope, id);
    const hosts = { none: [], single: props.publicSubnets.slice(0, 1), "per-zone": props.publicSubnets };
    const gateways = hosts[props.mode].map(({ zone, subnetId }) => {
      const inZone = new Construct(this, zone);
      const tags = { Name: `${props.name}-${zone}` };
      const dependsOn = [props.internetGateway];
      const address = new Eip(inZone, "address", { domain: "vpc", tags, dependsOn });
      const gateway = new NatGateway(inZone, "gateway", {
        subnetId,
        allocationId: address.id,
        tags,
        dependsOn,
      });
      return { zone, gatewayId: gateway.id, address: address.publicIp };
    });
    this.publicAddresses = gateways.map(({ address }) => address);
    for (const { zone, routeTableId } of props.privateSubnets) {
      const gateway = gateways.find((candidate) => candidate.zone === zone) ?? gateways[0];
      if (!gateway) continue;
      new Route(this, `${zone}-route`, {
        routeTableId,
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: gateway.gatewayId,
      });
    }
  }
}
