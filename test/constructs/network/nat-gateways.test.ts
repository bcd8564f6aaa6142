import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { describe, expect, test } from "@jest/globals";
import { NatGateways, type NatGatewaysProps } from "../../../constructs/network/nat-gateways";
import { only, resources, synthConstruct } from "../../helpers/construct";

const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
const tier = (name: string) =>
  ZONES.map((zone) => ({ zone, subnetId: `subnet-${name}-${zone}`, routeTableId: `rtb-${name}-${zone}` }));

function synth(mode: NatGatewaysProps["mode"]) {
  const addresses: string[] = [];
  const json = synthConstruct((stack) => {
    const nat = new NatGateways(stack, "nat", {
      name: "dev-nat",
      mode,
      publicSubnets: tier("public"),
      privateSubnets: tier("private"),
      internetGateway: new InternetGateway(stack, "internet-gateway", {}),
    });
    addresses.push(...nat.publicAddresses);
  });
  return { json, addresses };
}

const gatewayOf = (json: ReturnType<typeof synth>["json"]) =>
  Object.fromEntries(
    Object.values(resources(json, "aws_route")).map((route) => [route.route_table_id, route.nat_gateway_id]),
  );

describe("NAT gateways", () => {
  test("none: private subnets have no way out and no address is paid for", () => {
    const { json, addresses } = synth("none");
    expect(addresses).toEqual([]);
    for (const type of ["aws_nat_gateway", "aws_eip", "aws_route"]) expect(resources(json, type)).toEqual({});
  });

  test("single: every zone leaves by the gateway in the first zone", () => {
    const { json, addresses } = synth("single");
    expect(only(json, "aws_nat_gateway").subnet_id).toBe("subnet-public-eu-west-1a");
    expect(addresses).toHaveLength(1);
    const gateways = gatewayOf(json);
    expect(Object.keys(gateways)).toEqual(ZONES.map((zone) => `rtb-private-${zone}`));
    expect(new Set(Object.values(gateways)).size).toBe(1);
  });

  test("per-zone: every zone leaves by its own gateway", () => {
    const { json, addresses } = synth("per-zone");
    expect(addresses).toHaveLength(3);
    const made = resources(json, "aws_nat_gateway");
    for (const zone of ZONES) {
      const [name] =
        Object.entries(made).find(([, gateway]) => gateway.subnet_id === `subnet-public-${zone}`) ?? [];
      expect(gatewayOf(json)[`rtb-private-${zone}`]).toBe(`\${aws_nat_gateway.${name}.id}`);
    }
  });

  test("changing between single and per-zone keeps the first zone's gateway and address", () => {
    for (const type of ["aws_nat_gateway", "aws_eip"]) {
      const one = resources(synth("single").json, type);
      expect(Object.keys(one)).toHaveLength(1);
      expect(resources(synth("per-zone").json, type)).toMatchObject(one);
    }
  });

  test("come after the internet gateway and go before it", () => {
    const { json } = synth("per-zone");
    for (const type of ["aws_nat_gateway", "aws_eip"]) {
      for (const each of Object.values(resources(json, type))) {
        expect(each.depends_on).toEqual(["aws_internet_gateway.internet-gateway"]);
      }
    }
  });
});
