import { describe, expect, test } from "@jest/globals";
import { MINIMAL, problemsOf } from "../../../helpers/environment";

/** The problems of the minimal file with more YAML, whose first line is the eleventh. */
const problems = (yaml: string) => problemsOf(`${MINIMAL}${yaml}\n`);
const capacity = (keys: string) => problems(`database: { capacity: { ${keys} } }`);

describe("a capacity is serverless or provisioned", () => {
  const both =
    '11:13: "capacity" is either minAcu and maxAcu, or instanceClass, and here are both; remove one';

  test.each(["minAcu: 1, maxAcu: 2, instanceClass: db.r8g.large", "minAcu: 1, instanceClass: db.r8g.large"])(
    "not both: %s",
    (keys) => {
      expect(capacity(keys)).toEqual([both]);
    },
  );

  test.each([
    ["minAcus: 1, maxAcu: 2", '11:25: unknown key "minAcus". Did you mean "minAcu"?'],
    ["instanceclass: db.r8g.large", '11:25: unknown key "instanceclass". Did you mean "instanceClass"?'],
    ["", "11:13: must be serverless { minAcu, maxAcu } or provisioned { instanceClass }, got: {}"],
    ["x: 1", '11:13: must be serverless { minAcu, maxAcu } or provisioned { instanceClass }, got: {"x":1}'],
    ["minAcu: 0.3, maxAcu: 4", "11:33: must be 0 to 256 Aurora capacity units, in steps of 0.5, got: 0.3"],
  ])("{ %s }", (keys, message) => {
    expect(capacity(keys)).toEqual([message]);
  });

  test("not a list, a number or text", () => {
    const must = "must be serverless { minAcu, maxAcu } or provisioned { instanceClass }, got:";
    expect(problems("database: { capacity: 4 }")).toEqual([`11:23: ${must} 4`]);
    expect(problems("database: { capacity: [4] }")).toEqual([`11:13: ${must} [4]`]);
  });
});

describe("a value is echoed as it was written", () => {
  test.each([".nan", ".inf", "-.inf", "99999999999999999999", "1e400", "0x20", "-0o17"])("%s", (written) => {
    expect(problems(`database: { readers: ${written} }`)).toEqual([
      `11:22: must be ${/^-0o/.test(written) ? `a whole number from 0 to 15, got: "${written}"` : `a whole number from 0 to 15, got: ${written}`}`,
    ]);
  });

  test("a long one in part", () => {
    expect(problems(`database: { readers: ${"9".repeat(500)} }`)).toEqual([
      `11:22: must be a whole number from 0 to 15, got: ${"9".repeat(76)} …`,
    ]);
  });

  test.each<[string, string]>([
    ["\\e[31m", "\\u001b[31m"],
    ["\\x9b31m", "\\u{9b}31m"],
    ["\\u202egnp", "\\u{202e}gnp"],
    ["\\u200b", "\\u{200b}"],
  ])("%s without what a terminal would obey", (written, shown) => {
    expect(problems(`network: { natGateways: "${written}" }`)).toEqual([
      `11:25: must be one of none, single, per-zone, got: "${shown}"`,
    ]);
    expect(problems(`"${written}": x`)).toEqual([expect.stringContaining(`unknown key "${shown}"`)]);
  });
});

describe("a missing key is named, with what to write and what it is", () => {
  const region = "region: eu-west-1 (AWS region; the partition (aws, aws-cn, aws-us-gov) follows from it)";
  const account =
    'account: "123456789012" (AWS account id, in quotes; Terraform refuses to touch any other account)';

  test.each<[string, string, readonly string[]]>([
    [
      "at the top",
      "name: dev\n",
      [
        `1:1: the key "account" is missing; add it, such as ${account}`,
        `1:1: the key "region" is missing; add it, such as ${region}`,
        '1:1: the key "access" is missing; add it, such as access: { databases: { shop: [orders] } } (Databases, and who can do what in which schema)',
      ],
    ],
    [
      "of a capacity",
      `${MINIMAL}database: { capacity: { minAcu: 1 } }\n`,
      ['11:13: the key "maxAcu" is missing; add it, such as maxAcu: 8 (Most Aurora capacity units)'],
    ],
    [
      "of a person",
      `${MINIMAL}  people:\n    on-call: { grants: { shop.orders: read-only } }\n`,
      [
        '12:5: the key "principals" is missing; add it, such as principals: [arn:aws:iam::123456789012:role/OnCall] (IAM roles or users that may assume this identity\'s role)',
      ],
    ],
    [
      "of a service",
      MINIMAL.replace(/ {6}grants.*\n/, ""),
      [
        '8:5: the key "grants" is missing; add it, such as grants: { shop.orders: read-write } (What this identity may do, as <database>.<schema>: level; beside an owner grant only read-only ones of the same database)',
      ],
    ],
  ])("%s", (_, text, messages) => {
    expect(problemsOf(text)).toEqual(messages);
  });
});

describe("a key without a value", () => {
  test("may be removed when the schema does not ask for it", () => {
    expect(problems("network:\ndatabase:\n  capacity:")).toEqual([
      expect.stringMatching(
        /^11:1: the key "network" has no value; remove it, or give it one, such as network: /,
      ),
      expect.stringMatching(
        /^13:3: the key "capacity" has no value; remove it, or give it one, such as capacity: /,
      ),
    ]);
  });

  test("must get one when it does", () => {
    expect(problemsOf(MINIMAL.replace("name: test", "name:"))).toEqual([
      expect.stringMatching(/^1:1: the key "name" has no value; give it one, such as name: /),
    ]);
  });

  test("is said of an item of a list and of a name too", () => {
    expect(problems("network: { interfaceEndpoints: [sts, ~] }")).toEqual([
      "11:38: this item of the list is empty; remove it, or write a value",
    ]);
    expect(problemsOf(MINIMAL.replace(/orders-api:[\s\S]*$/, "orders-api:\n"))).toEqual([
      expect.stringMatching(
        /^8:5: the key "orders-api" has no value; remove it, or give it one, such as orders-api: /,
      ),
    ]);
  });
});

describe("text, numbers and truth are told apart", () => {
  test.each([
    ["database: { readers: '1' }", '11:22: must be a whole number from 0 to 15; remove the quotes, got: "1"'],
    ["database: { readers: one }", '11:22: must be a whole number from 0 to 15, got: "one"'],
    ["database: { bastion: 'true' }", '11:22: must be true or false; remove the quotes, got: "true"'],
    ["database: { bastion: on }", '11:22: must be true or false, got: "on"'],
    ["database: { engineVersion: 17.50 }", '11:28: must be text; put it in quotes: "17.50"'],
    ["network: { availabilityZones: 2.5 }", "11:31: must be a whole number from 2 to 6, got: 2.5"],
    [
      "network: { flowLogsRetentionDays: '30' }",
      '11:35: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; remove the quotes, got: "30"',
    ],
    ["network: { natGateways: [single] }", '11:12: must be one of none, single, per-zone, got: ["single"]'],
    [
      "cluster: { addons: coredns }",
      '11:20: must be a list, such as [coredns, kube-proxy, metrics-server, vpc-cni], got: "coredns"',
    ],
    [
      "cluster: { nodeGroups: [general] }",
      '11:12: must be a map of keys to values, such as { general: { instanceTypes: [m7g.large], minSize: 2, maxSize: 6 } }, got: ["general"]',
    ],
    [
      "network: { availabilityZones: two }",
      '11:31: must be how many zones, 2 to 6, or a list of their names, got: "two"',
    ],
    ["network: { availabilityZones: [eu-west-1a, 1] }", '11:44: must be text; put it in quotes: "1"'],
  ])("%s", (yaml, message) => {
    expect(problems(yaml)).toEqual([message]);
  });
});

describe("an unknown key", () => {
  test("is answered with the nearest that is not there yet", () => {
    expect(problems("cluster: { addon: [x], addons: [coredns] }")).toEqual([
      '11:12: unknown key "addon". Known: administrators, existing, extendedSupport, identity, logsRetentionDays, nodeGroups, publicAccessCidrs, version.',
    ]);
    expect(problems("cluster: { addon: [x] }")).toEqual([
      '11:12: unknown key "addon". Did you mean "addons"?',
    ]);
  });

  test("that stands for a missing one is one problem", () => {
    expect(problemsOf(MINIMAL.replace("namespace:", "namespaces:"))).toEqual([
      '9:7: unknown key "namespaces". Did you mean "namespace"?',
    ]);
    expect(problemsOf(MINIMAL.replace("access:", "acces:"))).toEqual([
      '4:1: unknown key "acces". Did you mean "access"?',
    ]);
  });
});

test("a file of twenty thousand mistakes is answered, with the first thousand of them", () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join("");
  const found = problems(keys);
  expect(found).toHaveLength(1001);
  expect(found.at(-1)).toMatch(/and 19000 more problems; correct these first$/);
});
