import { Netmask } from "netmask";
import { aligned, contains } from "./blocks";

/** One subnet of the plan. */
export interface PlannedSubnet {
  /** Availability zone by name, such as `eu-west-1a`. */
  readonly zone: string;
  /** IPv4 block, such as `10.40.0.0/20`. */
  readonly cidr: string;
}

/** The subnets of a VPC by tier, each tier in the order of the zones. */
export interface SubnetPlan {
  readonly public: readonly PlannedSubnet[];
  readonly private: readonly PlannedSubnet[];
  readonly database: readonly PlannedSubnet[];
}

const LETTERS = "abcdefgh";
const MAX_SIZE = 16;
const MIN_SIZE = 24;

/** RFC 1918, and the shared space of RFC 6598 that EKS is often given where the former is used up. */
const PRIVATE_SPACE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/**
 * Docker's bridge on EKS nodes: what lies in it cannot be reached from there ("no route to host").
 * @see https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html
 */
const DOCKER_BRIDGE = "172.17.0.0/16";

/**
 * Cuts a VPC into a public, a private and a database subnet for each zone. A subnet's block follows from the VPC's
 * and the zone's letter alone: adding, removing or reordering zones never moves another zone's subnets, which would
 * replace them and everything in them.
 *
 * The VPC is cut into eight equal slots, one for each letter from a to h (a /24, which is too small for that, into
 * four, a to d); slots of letters a team does not use stay free for its own subnets. Of a slot, the private subnet
 * takes the first half, since pods live there, the public one the third quarter, the database the fourth.
 * @throws when {@link vpcCidrProblem} finds something wrong
 */
export function planSubnets(vpcCidr: string, zones: readonly string[]): SubnetPlan {
  const problem = vpcCidrProblem(vpcCidr, zones);
  if (problem) throw new Error(problem);
  const tier = (zone: string, size: number, index: number): PlannedSubnet => {
    const slots = slotCount(vpcCidr);
    const slot = part(vpcCidr, slots, LETTERS.indexOf(zone.slice(-1)));
    return { zone, cidr: part(slot, size, index) };
  };
  return {
    private: zones.map((zone) => tier(zone, 2, 0)),
    public: zones.map((zone) => tier(zone, 4, 2)),
    database: zones.map((zone) => tier(zone, 4, 3)),
  };
}

/** What keeps a block from being cut into subnets for the zones, and what to do; undefined when nothing does. */
export function vpcCidrProblem(cidr: string, zones: readonly string[]): string | undefined {
  const [address = "", size = ""] = cidr.split("/");
  const octets = address.split(".");
  // Some tools read 010 as eight, others as ten.
  const wrong = octets.find((octet) => !/^(0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255);
  if (octets.length !== 4 || wrong !== undefined || !/^\d{1,2}$/.test(size)) {
    const reason = wrong === undefined ? "" : `: ${wrong} is not a number from 0 to 255`;
    return `${cidr} is not an IPv4 block such as 10.40.0.0/16${reason}`;
  }
  if (Number(size) < MAX_SIZE || Number(size) > MIN_SIZE) {
    return `${cidr} must be a block of size /${MAX_SIZE} to /${MIN_SIZE}, got: /${size}`;
  }
  if (aligned(cidr) !== cidr) return `${cidr} is not aligned: did you mean ${aligned(cidr)}?`;
  if (!PRIVATE_SPACE.some((space) => contains(space, cidr))) {
    return `${cidr} is not private address space; choose a block inside ${PRIVATE_SPACE.join(", ")}`;
  }
  if (contains(DOCKER_BRIDGE, cidr)) {
    return `${cidr} is inside ${DOCKER_BRIDGE}, Docker's bridge on EKS nodes, which could not reach it; choose another block`;
  }
  return zonesProblem(cidr, zones);
}

function zonesProblem(cidr: string, zones: readonly string[]): string | undefined {
  const letters = zones.map((zone) => zone.slice(-1));
  for (const [index, zone] of zones.entries()) {
    const slot = LETTERS.indexOf(zone.slice(-1));
    if (slot < 0) return `zone ${zone} has no subnets in the plan; choose zones with the letters a to h`;
    if (slot >= slotCount(cidr))
      return `zone ${zone} needs a VPC of /${MIN_SIZE - 1} or larger, got: ${cidr}`;
    const twin = letters.indexOf(zone.slice(-1));
    if (twin < index) return `zones ${zones[twin]} and ${zone} would share their subnets; remove one`;
  }
  return undefined;
}

function slotCount(vpcCidr: string): number {
  return new Netmask(vpcCidr).bitmask === MIN_SIZE ? 4 : 8;
}

/** One of `count` equal parts of a block; the count is a power of two. */
function part(cidr: string, count: number, index: number): string {
  const block = new Netmask(cidr);
  return new Netmask(`${block.base}/${block.bitmask + Math.log2(count)}`).next(index).toString();
}
