import { describe, expect, test } from "@jest/globals";
import { Vpc } from "../../../constructs/network/vpc";
import { only, synthConstruct } from "../../helpers/construct";

const json = synthConstruct((stack) => {
  new Vpc(stack, "vpc", { name: "dev-vpc", cidr: "10.40.0.0/16" });
});

describe("the VPC", () => {
  test("resolves the names of private endpoints", () => {
    expect(only(json, "aws_vpc")).toMatchObject({
      cidr_block: "10.40.0.0/16",
      enable_dns_support: true,
      enable_dns_hostnames: true,
      tags: { Name: "dev-vpc" },
    });
  });

  test("has a default security group that allows nothing, and stays so", () => {
    // Present and empty: an argument left out would keep rules that somebody adds by hand.
    expect(only(json, "aws_default_security_group")).toMatchObject({ ingress: [], egress: [] });
  });

  test("routes nothing to the internet by itself", () => {
    only(json, "aws_internet_gateway");
    expect(Object.keys(json.resource ?? {})).not.toContain("aws_route");
  });
});
