import { describe, expect, test } from "@jest/globals";
import { MINIMAL, problemsOf, warningsOf } from "../../../helpers/environment";
import { problemsWith } from "../mistakes";

describe("a network that AWS or its nodes could not use", () => {
  test.each<[string, string]>([
    [
      "network: { natGateways: Single }",
      '11:25: must be one of none, single, per-zone, got: "Single". Did you mean "single"?',
    ],
    ["network: { availabilityZones: 7 }", "11:31: must be a whole number from 2 to 6, got: 7"],
    ["network: { availabilityZones: 5 }", "11:31: eu-west-1 has 3 zones that fit"],
    ["network: { availabilityZones: [eu-west-1a] }", "must have at least 2 items"],
    ["network: { availabilityZones: [eu-west-1a, eu-west-1a] }", '11:44: "eu-west-1a" is listed twice'],
    [
      "network: { availabilityZones: [eu-west-1a, us-east-1a] }",
      '11:44: "us-east-1a" is not a zone of eu-west-1',
    ],
    [
      "network: { availabilityZones: [eu-west-1a, eu-west-1z] }",
      '11:44: "eu-west-1z" is not a zone of eu-west-1',
    ],
    ["network: { cidr: 10.40.1.0/16 }", "11:18: 10.40.1.0/16 is not aligned: did you mean 10.40.0.0/16?"],
    ["network: { cidr: 10.40.0.0/25 }", "11:18: 10.40.0.0/25 must be a block of size /16 to /24"],
    ["network: { cidr: 10.0.0.0/8 }", "11:18: 10.0.0.0/8 must be a block of size /16 to /24"],
    ["network: { cidr: 8.8.0.0/16 }", "11:18: 8.8.0.0/16 is not private address space"],
    ["network: { cidr: 10.0.300.0/16 }", "11:18: must be an IPv4 CIDR block such as 10.40.0.0/16"],
    [
      "network: { cidr: 10.0.0.0/24, availabilityZones: [eu-west-1a, eu-west-1e] }",
      "zone eu-west-1e needs a VPC of /23 or larger",
    ],
    [
      "network: { natGateways: none }",
      "add ec2, ecr.api, ecr.dkr, sts, ssm, ssmmessages to interfaceEndpoints",
    ],
    ["network: { interfaceEndpoints: [sts, sts] }", '11:38: "sts" is listed twice; remove one'],
    ["network: { interfaceEndpoints: [ecr.api, ecr-api] }", '11:42: "ecr-api" is listed twice; remove one'],
    [
      "network: { interfaceEndpoints: [sts, com.amazonaws.eu-west-1.sts] }",
      '11:38: "com.amazonaws.eu-west-1.sts" is listed twice; remove one',
    ],
    [
      "network: { interfaceEndpoints: [com.amazonaws.eu-west-1.ecr.api] }",
      "11:33: write ecr.api; full names are for services that have no short one",
    ],
    [
      "network: { interfaceEndpoints: [com.amazonaws.eu-central-1.sts] }",
      '11:33: "com.amazonaws.eu-central-1.sts" is of eu-central-1, and an endpoint in eu-west-1 reaches services of that region; write sts',
    ],
    [
      "network: { interfaceEndpoints: [com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0] }",
      "is of us-east-1, and an endpoint in eu-west-1 reaches services of that region",
    ],
    ["network: { interfaceEndpoints: [com.amazonaws.eu-west-1.s3] }", "S3 has a gateway endpoint already"],
    ["network: { flowLogsRetentionDays: 31 }", "11:35: must be one of 1, 3, 5, 7, 14"],
  ])("%s is refused", (yaml, problem) => {
    const problems = problemsWith(yaml);
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
  });
});

test("a service that somebody else offers by PrivateLink is named in full", () => {
  const name = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0";
  expect(problemsWith(`network: { interfaceEndpoints: [${name}] }`)).toEqual([]);
});

test("without NAT, a service counts by whichever name the region has it", () => {
  const full = ["ec2", "ecr.api", "ecr.dkr", "sts"].map((service) => `com.amazonaws.cn-north-1.${service}`);
  const china = MINIMAL.replace("eu-west-1", "cn-north-1");
  const network = `network: { natGateways: none, interfaceEndpoints: [${full.join(", ")}, ssm, ssmmessages] }`;
  expect(problemsOf(`${china}${network}\n`).join("\n")).not.toContain("without NAT");
});

describe("without NAT, nodes need the endpoints through which pods get credentials", () => {
  const asks = (cluster: string) => {
    const [problem = ""] = problemsWith(`network: { natGateways: none }\ncluster: { ${cluster} }`);
    return /add (.*) to interfaceEndpoints/.exec(problem)?.[1];
  };
  test.each([
    ["identity: irsa", "ec2, ecr.api, ecr.dkr, sts, ssm, ssmmessages"],
    ["identity: both", "ec2, ecr.api, ecr.dkr, sts, eks-auth, ssm, ssmmessages"],
    // vpc-cni takes its role by a token, whatever services do.
    ["identity: pod-identity", "ec2, ecr.api, ecr.dkr, sts, eks-auth, ssm, ssmmessages"],
    ["identity: pod-identity, addons: [coredns]", "ec2, ecr.api, ecr.dkr, eks-auth, ssm, ssmmessages"],
    ["identity: both, addons: [coredns]", "ec2, ecr.api, ecr.dkr, sts, eks-auth, ssm, ssmmessages"],
  ])("%s: %s", (cluster, endpoints) => {
    expect(asks(cluster)).toBe(endpoints);
  });
});

describe("a VPC that could never be connected", () => {
  test.each(["10.100.0.0/16", "10.100.64.0/20", "172.20.0.0/16"])(
    "to EKS clusters of other networks: %s",
    (block) => {
      expect(warningsOf(`${MINIMAL}network: { cidr: ${block} }\n`)).toEqual([
        expect.stringMatching(
          /^11:18: .* overlaps .*, which EKS clusters of other networks give their Services/,
        ),
      ]);
    },
  );

  test("is not one beside those blocks", () => {
    expect(warningsOf(`${MINIMAL}network: { cidr: 10.101.0.0/16 }\n`)).toEqual([]);
  });
});
