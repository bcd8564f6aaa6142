import { describe, expect, test } from "@jest/globals";
import { problemsWith } from "../mistakes";

describe("an EKS cluster that could not run or would be open to all", () => {
  test.each<[string, string]>([
    ["cluster: { version: 1.30 }", '11:21: must be text; put it in quotes: "1.30"'],
    ["cluster: { publicAccessCidrs: [0.0.0.0/0] }", "11:32: 0.0.0.0/0 opens the Kubernetes API"],
    ["cluster: { administrators: ['arn:aws:iam::123456789012:root'] }", "11:29: must be an ARN such as"],
    ["cluster: { administrators: ['arn:aws:iam::123456789012:role/*'] }", "11:29: must be an ARN such as"],
    [
      "cluster: { administrators: ['arn:aws-cn:iam::123456789012:role/x'] }",
      "the ARN's partition is aws-cn, but must be aws",
    ],
    ["cluster: { nodeGroups: { a: { minSize: 3, maxSize: 2 } } }", "11:40: minSize 3 is more than maxSize 2"],
    [
      "cluster: { nodeGroups: { a: { instanceTypes: [m7g.large, m7i.large] } } }",
      "11:31: m7g.large is arm64 and m7i.large is x86_64",
    ],
    ["cluster: { addons: [coredns, coredns] }", '11:30: "coredns" is listed twice'],
    ["cluster: { nodeGroups: { a: { minSize: 0 } } }", "11:12: coredns needs a node to run on"],
    ["cluster: { nodeGroups: {} }", "11:12: must hold at least one node group"],
    ["cluster: { nodeGroups: { A_b: {} } }", '11:26: the name "A_b" must be a DNS label'],
  ])("%s is refused", (yaml, problem) => {
    const problems = problemsWith(yaml);
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
  });
});
