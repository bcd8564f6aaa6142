import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { long2ip } from "netmask";
import { MINIMAL, warningsOf } from "../../../helpers/environment";
import { randomCases } from "../../../helpers/extent";
import { problemsWith } from "../mistakes";

test("a version that is newer than the project may be there by now, and may be a slip of the finger", () => {
  const warnings = warningsOf(`${MINIMAL}cluster: { version: "1.63" }\n`);
  expect(warnings).toEqual([
    expect.stringMatching(/^11:21: Kubernetes 1\.63 is newer than any that is known here \(1\.\d+\); look/),
  ]);
});

test("administrators of another account may be meant", () => {
  expect(
    warningsOf(`${MINIMAL}cluster: { administrators: ['arn:aws:iam::210987654321:role/Admin'] }\n`),
  ).toEqual([
    '11:29: "arn:aws:iam::210987654321:role/Admin" is of another account, 210987654321: whoever administers that account decides who this is; name the account under access.accounts if that is meant, or else a role of 123456789012',
  ]);
});

describe("an EKS cluster that could not run or would be open to all", () => {
  test.each<[string, string]>([
    ["cluster: { version: 1.30 }", '11:21: must be text; put it in quotes: "1.30"'],
    [
      "cluster: { publicAccessCidrs: [0.0.0.0/0] }",
      "11:32: 0.0.0.0/0 opens the Kubernetes API to the whole internet; list the blocks you work from",
    ],
    [
      "cluster: { publicAccessCidrs: [1.2.3.4/0] }",
      "1.2.3.4/0 opens the Kubernetes API to the whole internet",
    ],
    [
      "cluster: { publicAccessCidrs: [8.0.0.0/7] }",
      "8.0.0.0/7 opens the Kubernetes API to much of the internet",
    ],
    [
      "cluster: { publicAccessCidrs: [203.0.113.9/24] }",
      "11:32: 203.0.113.9/24 is not aligned: did you mean 203.0.113.0/24, or the one address 203.0.113.9/32?",
    ],
    [
      "cluster: { publicAccessCidrs: [203.0.113.0/24, 203.0.113.0/28] }",
      "11:48: 203.0.113.0/28 is inside 203.0.113.0/24, which is listed too; remove it",
    ],
    ...[
      "10.1.0.0/16",
      "100.64.0.0/16",
      "127.0.0.1/32",
      "169.254.169.254/32",
      "172.16.0.0/12",
      "224.0.0.0/8",
    ].map((block): [string, string] => [
      `cluster: { publicAccessCidrs: [${block}] }`,
      "which nothing on the internet comes from; list public addresses",
    ]),
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

describe("the list of who may reach the Kubernetes API", () => {
  const problems = (blocks: readonly string[]) =>
    problemsWith(`cluster: { publicAccessCidrs: [${blocks.join(", ")}] }`);

  test("never covers the internet, however it is cut", () => {
    /** A block, cut in halves where the bits say so. */
    const cut = (base: number, bits: number, halves: readonly boolean[]): string[] => {
      const [half, ...rest] = halves;
      if (half === undefined || bits === 32) return [`${long2ip(base)}/${bits}`];
      const middle = base + 2 ** (31 - bits);
      const [left, right] = half ? [rest, []] : [[], rest];
      return [...cut(base, bits + 1, left), ...cut(middle, bits + 1, right)];
    };
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 32 }), (halves) => {
        expect(problems(cut(0, 0, halves))).not.toEqual([]);
      }),
      randomCases(100),
    );
    // As narrow as they may be: all /8 blocks there are.
    expect(problems(Array.from({ length: 256 }, (_, index) => `${index}.0.0.0/8`))).toContain(
      "11:12: the list has 256 blocks, and at most 40 are taken; name fewer and larger ones",
    );
    expect(problems(["0.0.0.0/1", "128.0.0.0/1"])).toHaveLength(2);
  });

  test("takes blocks that a team may work from", () => {
    expect(problems(["203.0.113.0/24", "198.51.100.7/32", "52.0.0.0/8"])).toEqual([]);
  });
});
