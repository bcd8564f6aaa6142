/** AWS partition: decides ARN prefixes and a few service principals. */
export type Partition = "aws" | "aws-cn" | "aws-us-gov";

/**
 * Availability zone letters of each region, in the order `availabilityZones: <number>` takes them.
 * Zones that cannot hold an EKS control plane (us-east-1e) are left out; a file that lists its zones by name
 * may use any letter from a to f, and AWS has the last word on whether the account sees it.
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
const ZONE_LETTERS: Readonly<Record<string, string>> = {
  "af-south-1": "abc",
  "ap-east-1": "abc",
  "ap-east-2": "abc",
  "ap-northeast-1": "acd",
  "ap-northeast-2": "abcd",
  "ap-northeast-3": "abc",
  "ap-south-1": "abc",
  "ap-south-2": "abc",
  "ap-southeast-1": "abc",
  "ap-southeast-2": "abc",
  "ap-southeast-3": "abc",
  "ap-southeast-4": "abc",
  "ap-southeast-5": "abc",
  "ap-southeast-6": "abc",
  "ap-southeast-7": "abc",
  "ca-central-1": "abd",
  "ca-west-1": "abc",
  "cn-north-1": "abd",
  "cn-northwest-1": "abc",
  "eu-central-1": "abc",
  "eu-central-2": "abc",
  "eu-north-1": "abc",
  "eu-south-1": "abc",
  "eu-south-2": "abc",
  "eu-west-1": "abc",
  "eu-west-2": "abc",
  "eu-west-3": "abc",
  "il-central-1": "abc",
  "me-central-1": "abc",
  "me-south-1": "abc",
  "mx-central-1": "abc",
  "sa-east-1": "abc",
  "us-east-1": "abcdf",
  "us-east-2": "abc",
  "us-gov-east-1": "abc",
  "us-gov-west-1": "abc",
  "us-west-1": "ac",
  "us-west-2": "abcd",
};

/** Every region an environment may name, sorted. */
export const REGIONS: readonly string[] = Object.keys(ZONE_LETTERS);

/** The partition a region belongs to. */
export function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Names of a region's zones in the order `availabilityZones: <number>` takes them; empty for an unknown region. */
export function zonesOf(region: string): string[] {
  const letters = Object.hasOwn(ZONE_LETTERS, region) ? ZONE_LETTERS[region] : undefined;
  if (letters === undefined) return [];
  return [...letters].map((letter) => region + letter);
}

/**
 * The service principal of an AWS service in trust and key policies.
 * EC2 and CloudWatch Logs carry the partition's DNS suffix, and Logs its region; the others are the same everywhere.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function servicePrincipal(service: string, region: string): string {
  const suffix = partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  if (service === "logs") return `logs.${region}.${suffix}`;
  return service === "ec2" ? `ec2.${suffix}` : `${service}.amazonaws.com`;
}
