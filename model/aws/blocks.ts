import { Netmask } from "netmask";

/** Address space that no packet from the internet comes from. */
const NOT_PUBLIC: Readonly<Record<string, string>> = {
  "0.0.0.0/8": "this network (RFC 1122)",
  "10.0.0.0/8": "private address space (RFC 1918)",
  "100.64.0.0/10": "shared address space (RFC 6598)",
  "127.0.0.0/8": "loopback",
  "169.254.0.0/16": "link-local",
  "172.16.0.0/12": "private address space (RFC 1918)",
  "192.168.0.0/16": "private address space (RFC 1918)",
  "224.0.0.0/4": "multicast",
  "240.0.0.0/4": "reserved",
};

/** No team's network is larger than a /8. */
const WIDEST = 8;

/** A block as it is meant when the address in it is not its first, such as 10.40.0.0/16 for 10.40.1.0/16. */
export function aligned(block: string): string {
  return new Netmask(block).toString();
}

/** Whether two blocks have an address in common. */
export function overlap(left: string, right: string): boolean {
  const [one, other] = [new Netmask(left), new Netmask(right)];
  return one.contains(other) || other.contains(one);
}

/** Whether a block has all addresses of another. */
export function contains(outer: string, inner: string): boolean {
  return new Netmask(outer).contains(new Netmask(inner));
}

/**
 * Why a block is not one that a team works from on the internet, and what to do; undefined when it may be.
 * @param what it opens, such as `the Kubernetes API`
 */
export function publicBlockProblem(block: string, what: string): string | undefined {
  const { bitmask } = new Netmask(block);
  if (bitmask < WIDEST) {
    const reach = bitmask === 0 ? "the whole internet" : "much of the internet";
    return `${block} opens ${what} to ${reach}; list the blocks you work from, none wider than a /${WIDEST}`;
  }
  const meant = aligned(block);
  if (meant !== block) {
    return `${block} is not aligned: did you mean ${meant}, or the one address ${block.replace(/\/.*/, "/32")}?`;
  }
  const inside = Object.keys(NOT_PUBLIC).find((space) => overlap(space, block));
  if (inside === undefined) return undefined;
  return `${block} is ${NOT_PUBLIC[inside]}, which nothing on the internet comes from; list public addresses, such as those of a NAT gateway`;
}

/**
 * Blocks that EKS gives Services their addresses from: the second where the VPC's first block is in 10.0.0.0/8, else the first,
 * so that it never overlaps the VPC of the cluster itself.
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html
 * @see https://github.com/awslabs/amazon-eks-ami, files/bootstrap.sh: TEN_RANGE
 */
const SERVICE_BLOCKS = ["10.100.0.0/16", "172.20.0.0/16"];

/** The block of Services of EKS clusters in other networks that a VPC's block overlaps; undefined when it overlaps none. */
export function overlappedServices(vpcBlock: string): string | undefined {
  return SERVICE_BLOCKS.find((block) => overlap(block, vpcBlock));
}
