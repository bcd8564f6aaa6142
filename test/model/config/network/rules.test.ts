import { describe, expect, test } from "@jest/globals";
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
    ["network: { flowLogsRetentionDays: 31 }", "11:35: must be one of 1, 3, 5, 7, 14"],
  ])("%s is refused", (yaml, problem) => {
    const problems = problemsWith(yaml);
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
  });
});
