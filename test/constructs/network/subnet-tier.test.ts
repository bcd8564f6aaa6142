import { describe, expect, test } from "@jest/globals";
import { SubnetTier, type SubnetTierProps } from "../../../constructs/network/subnet-tier";
import { only, resources, synthConstruct } from "../../helpers/construct";

const subnets = [
  { zone: "eu-west-1a", cidr: "10.40.16.0/21" },
  { zone: "eu-west-1b", cidr: "10.40.48.0/21" },
];
const synth = (props: Partial<SubnetTierProps> = {}) =>
  synthConstruct((stack) => {
    new SubnetTier(stack, "tier", { name: "dev-tier", vpcId: "vpc-1", subnets, routes: "none", ...props });
  });

describe("a tier of subnets", () => {
  test("has one subnet in each zone, with the planned block, the zone in its name and the tags", () => {
    const made = Object.values(resources(synth({ tags: { "kubernetes.io/role/elb": "1" } }), "aws_subnet"));
    expect(made).toHaveLength(2);
    expect(made[0]).toMatchObject({
      availability_zone: "eu-west-1a",
      cidr_block: "10.40.16.0/21",
      tags: { Name: "dev-tier-eu-west-1a", "kubernetes.io/role/elb": "1" },
    });
    expect(made[1]).toMatchObject({ availability_zone: "eu-west-1b", cidr_block: "10.40.48.0/21" });
  });

  test.each([
    ["internet", { internetGatewayId: "igw-1" }],
    ["per-zone", "per-zone"],
    ["none", "none"],
  ] as const)("gives no public address to what is launched in it: %s", (_, routes) => {
    for (const subnet of Object.values(resources(synth({ routes }), "aws_subnet"))) {
      expect(subnet.map_public_ip_on_launch).toBe(false);
    }
  });

  test("without routes keeps one route table empty", () => {
    const json = synth({ routes: "none" });
    // Present and empty: an argument left out would keep a route that somebody adds by hand.
    expect(only(json, "aws_route_table")).toMatchObject({ route: [], tags: { Name: "dev-tier" } });
    expect(resources(json, "aws_route")).toEqual({});
    expect(Object.values(resources(json, "aws_route_table_association"))).toHaveLength(2);
  });

  test("with an internet gateway routes to it from one table", () => {
    const json = synth({ routes: { internetGatewayId: "igw-1" } });
    expect(only(json, "aws_route_table")).not.toHaveProperty("route");
    expect(only(json, "aws_route")).toMatchObject({
      destination_cidr_block: "0.0.0.0/0",
      gateway_id: "igw-1",
    });
  });

  test("per zone gives each subnet a route table of its own, without a route yet", () => {
    const json = synth({ routes: "per-zone" });
    const tables = Object.keys(resources(json, "aws_route_table"));
    expect(tables).toHaveLength(2);
    const used = Object.values(resources(json, "aws_route_table_association")).map(
      (each) => each.route_table_id,
    );
    expect(used).toEqual(tables.map((table) => `\${aws_route_table.${table}.id}`));
    expect(resources(json, "aws_route")).toEqual({});
  });

  test.each(["per-zone", "none"] as const)(
    "keeps the others as they are when a zone is added: %s",
    (routes) => {
      const before = synth({ routes, subnets: subnets.slice(1) });
      const after = synth({ routes });
      for (const type of ["aws_subnet", "aws_route_table", "aws_route_table_association"]) {
        expect(resources(after, type)).toMatchObject(resources(before, type));
      }
    },
  );
});
