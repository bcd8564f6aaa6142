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
      '11:12: unknown key "addon". Known: administrators, existing, logsRetentionDays, nodeGroups, publicAccessCidrs, version.',
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

test("a file of a hundred thousand mistakes is answered, with the first thousand of them", () => {
  const keys = Array.from({ length: 90_000 }, (_, index) => `k${index}: 1\n`).join("");
  const found = problems(keys);
  expect(found).toHaveLength(1001);
  expect(found.at(-1)).toMatch(/and 89000 more problems; correct these first$/);
});
