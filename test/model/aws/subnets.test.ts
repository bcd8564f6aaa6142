import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Netmask } from "netmask";
import { zonesOf } from "../../../model/aws/regions";
import { planSubnets, type SubnetPlan, vpcCidrProblem } from "../../../model/aws/subnets";

const zones = (letters: string) => [...letters].map((letter) => `eu-west-1${letter}`);
const all = (plan: SubnetPlan) => [...plan.private, ...plan.public, ...plan.database];

/** An aligned block of any size from /16 to /24 in any private space. */
const anyBlock = fc
  .tuple(
    fc.constantFrom("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
    fc.integer({ min: 16, max: 24 }),
    fc.nat(),
  )
  .map(([space, size, index]) => {
    const outer = new Netmask(space);
    const blocks = 2 ** (size - outer.bitmask);
    return new Netmask(`${outer.base}/${size}`).next(index % blocks).toString();
  });

/** Any VPC and zones, in any order, that the check admits. */
const anyNetwork = anyBlock
  .chain((cidr) => {
    const letters = cidr.endsWith("/24") ? "abcd" : "abcdefgh";
    return fc.record({
      cidr: fc.constant(cidr),
      zones: fc.shuffledSubarray(zones(letters), { minLength: 1 }),
    });
  })
  .filter((network) => vpcCidrProblem(network.cidr, network.zones) === undefined);

describe("the subnet plan", () => {
  test("cuts a /16 into a /20 for pods and two /21 in each zone", () => {
    expect(planSubnets("10.40.0.0/16", zones("ab"))).toEqual({
      private: [
        { zone: "eu-west-1a", cidr: "10.40.0.0/20" },
        { zone: "eu-west-1b", cidr: "10.40.32.0/20" },
      ],
      public: [
        { zone: "eu-west-1a", cidr: "10.40.16.0/21" },
        { zone: "eu-west-1b", cidr: "10.40.48.0/21" },
      ],
      database: [
        { zone: "eu-west-1a", cidr: "10.40.24.0/21" },
        { zone: "eu-west-1b", cidr: "10.40.56.0/21" },
      ],
    });
  });

  test.each(["10.0.0.0/23", "10.0.0.0/24"])("still fits AWS's smallest subnets into %s", (cidr) => {
    const sizes = all(planSubnets(cidr, zones("abcd"))).map((subnet) => subnet.cidr.split("/")[1]);
    expect(sizes.sort()).toEqual([...Array(4).fill("27"), ...Array(8).fill("28")]);
  });

  test("keeps every subnet inside the VPC, aligned, no smaller than /28 and apart from every other", () => {
    fc.assert(
      fc.property(anyNetwork, ({ cidr, zones }) => {
        const vpc = new Netmask(cidr);
        const subnets = all(planSubnets(cidr, zones));
        expect(subnets).toHaveLength(3 * zones.length);
        const blocks = subnets.map((subnet) => new Netmask(subnet.cidr));
        for (const [index, block] of blocks.entries()) {
          expect(vpc.contains(block)).toBe(true);
          expect(block.toString()).toBe(subnets[index]?.cidr);
          expect(block.bitmask).toBeLessThanOrEqual(28);
          for (const other of blocks.slice(index + 1)) {
            expect(block.contains(other) || other.contains(block)).toBe(false);
          }
        }
      }),
    );
  });

  test("moves no subnet when zones are added, removed or reordered", () => {
    fc.assert(
      fc.property(anyNetwork, ({ cidr, zones }) => {
        const together = all(planSubnets(cidr, zones));
        const alone = zones.flatMap((zone) => all(planSubnets(cidr, [zone])));
        const sorted = (subnets: typeof together) =>
          subnets.map(({ zone, cidr }) => `${zone} ${cidr}`).sort();
        expect(sorted(together)).toEqual(sorted(alone));
      }),
    );
  });

  test("lists the subnets in the order of the zones", () => {
    const plan = planSubnets("10.40.0.0/16", zones("cab"));
    for (const tier of [plan.private, plan.public, plan.database]) {
      expect(tier.map(({ zone }) => zone)).toEqual(zones("cab"));
    }
  });

  test("is refused for a block that the check refuses", () => {
    expect(() => planSubnets("10.40.1.0/16", zones("ab"))).toThrow(
      "10.40.1.0/16 is not aligned: did you mean 10.40.0.0/16?",
    );
  });
});

describe("the check of a VPC's block", () => {
  test.each([
    ["10.40.1.0/16", "10.40.1.0/16 is not aligned: did you mean 10.40.0.0/16?"],
    [
      "10.256.0.0/16",
      "10.256.0.0/16 is not an IPv4 block such as 10.40.0.0/16: 256 is not a number from 0 to 255",
    ],
    [
      "10.040.0.0/16",
      "10.040.0.0/16 is not an IPv4 block such as 10.40.0.0/16: 040 is not a number from 0 to 255",
    ],
    ["10.40.0.0", "10.40.0.0 is not an IPv4 block such as 10.40.0.0/16"],
    ["10.40.0/16", "10.40.0/16 is not an IPv4 block such as 10.40.0.0/16"],
    ["10.0.0.0/15", "10.0.0.0/15 must be a block of size /16 to /24, got: /15"],
    ["10.0.0.0/25", "10.0.0.0/25 must be a block of size /16 to /24, got: /25"],
    ["172.17.0.0/16", "172.17.0.0/16 is inside 172.17.0.0/16, Docker's bridge"],
    ["172.17.128.0/20", "172.17.128.0/20 is inside 172.17.0.0/16, Docker's bridge"],
    ["172.32.0.0/16", "172.32.0.0/16 is not private address space; choose a block inside 10.0.0.0/8"],
    ["8.8.0.0/16", "8.8.0.0/16 is not private address space; choose a block inside 10.0.0.0/8"],
    ["100.128.0.0/16", "100.128.0.0/16 is not private address space"],
  ])("says what is wrong with %s", (cidr, message) => {
    expect(vpcCidrProblem(cidr, zones("ab"))).toContain(message);
  });

  test.each([
    "10.40.0.0/16",
    "172.16.0.0/16",
    "172.18.0.0/16",
    "192.168.0.0/16",
    "100.64.0.0/16",
    "100.127.0.0/24",
  ])("admits %s", (cidr) => {
    expect(vpcCidrProblem(cidr, zones("abcd"))).toBeUndefined();
  });

  test("names the zone that a /24 has no room for", () => {
    expect(vpcCidrProblem("10.0.0.0/24", ["us-east-1a", "us-east-1f"])).toBe(
      "zone us-east-1f needs a VPC of /23 or larger, got: 10.0.0.0/24",
    );
    expect(vpcCidrProblem("10.0.0.0/23", ["us-east-1a", "us-east-1f"])).toBeUndefined();
  });

  test("refuses zones that would share their subnets", () => {
    expect(vpcCidrProblem("10.0.0.0/16", ["us-east-1a", "us-west-2a"])).toBe(
      "zones us-east-1a and us-west-2a would share their subnets; remove one",
    );
    expect(vpcCidrProblem("10.0.0.0/16", ["us-east-1i"])).toContain("choose zones with the letters a to h");
  });

  test("admits the default block in every zone of the widest regions", () => {
    for (const region of ["us-east-1", "us-west-2", "ap-northeast-1", "ca-central-1"]) {
      expect(vpcCidrProblem("10.0.0.0/16", zonesOf(region))).toBeUndefined();
    }
  });
});
