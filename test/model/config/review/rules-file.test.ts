import { describe, expect, test } from "@jest/globals";
import { readRules, rulesText } from "../../../../model/config/review/rules-file";
import { DEFAULT_RULES, decisionOf, review } from "../../../../model/config/review/schema";
import { testEnvironment } from "../../../helpers/environment";

const read = (text: string) => readRules(JSON.parse(text));

describe("the rules that a synthesis writes", () => {
  test.each([
    ["the defaults", DEFAULT_RULES],
    ["the example's", testEnvironment("prod").review],
    [
      "others",
      review.parse({
        findings: { "access-gained": "allow" },
        rules: { owners: "any", accounts: ["1".repeat(12)] },
      }),
    ],
  ])("are read as they were: %s", (_, rules) => {
    expect(read(rulesText(rules))).toEqual(rules);
  });

  test("have every default in them, so that another version's are seen", () => {
    const written = JSON.parse(rulesText(DEFAULT_RULES));
    expect(written).toMatchObject({ version: 1, findings: { "access-gained": "approve" } });
    expect(written.rules).toEqual(DEFAULT_RULES.rules);
  });

  test("are nothing but rules: what else the file says of reviews is no reason to ask", () => {
    const more = { ...DEFAULT_RULES, folder: "reviews" };
    expect(rulesText(more)).toBe(rulesText(DEFAULT_RULES));
  });
});

test("what a version from before a rule or kind did not say has the default", () => {
  expect(readRules({ version: 1 })).toEqual(DEFAULT_RULES);
  expect(readRules({ version: 1, findings: { "access-lost": "approve" } })).toMatchObject({
    findings: { "access-lost": "approve", "access-gained": "approve" },
    rules: DEFAULT_RULES.rules,
  });
});

describe("rules that are not understood to the last key are refused:", () => {
  test.each<[unknown, string]>([
    [null, "must be a map of keys to values"],
    [[], "must be a map of keys to values"],
    [{}, '"version" must be one of 1'],
    [{ version: 2 }, '"version" must be one of 1'],
    [{ version: 1, findngs: {} }, 'unknown: "findngs"'],
    [{ version: 1, findings: null }, '"findings" must be a map of keys to values'],
    [
      { version: 1, findings: { "access-gained": "ignore" } },
      '"findings" "access-gained" must be one of allow, notify, approve',
    ],
    [
      { version: 1, findings: { "not-computed": "allow" } },
      '"findings" "not-computed" must be approve, whatever the file',
    ],
    [{ version: 1, rules: { peopleAtMost: "superuser" } }, /^"rules" "peopleAtMost" must be one of/],
    [{ version: 1, rules: { owners: [["*-migrations"]] } }, /^"rules" "owners"/],
    [{ version: 1, exceptions: [] }, '"exceptions" must be a map of keys to values'],
    [{ version: 1, exceptions: { owners: { a: "" } } }, /^"exceptions" "owners" "a" must say why/],
    [{ version: 1, exceptions: { owners: { "a\nb": "x" } } }, /^"exceptions" "owners" "a\\nb" /],
  ] as [unknown, string][])("%j", (data, problem) => {
    const found = readRules(data);
    const expected =
      typeof problem === "string" ? `review-rules.json is not understood: ${problem}` : undefined;
    expect(found).toEqual({
      problem: expected ?? expect.stringMatching(/^review-rules\.json is not understood: /),
    });
    if (!expected && "problem" in found) expect(found.problem.replace(/^.*?: /, "")).toMatch(problem);
  });

  test("in one line, whatever they hold", () => {
    const hostile = { version: 1, "a\nb\u001b[31m": 1, findings: { "x\ny": "allow" } };
    const found = readRules(hostile);
    expect("problem" in found && found.problem).not.toMatch(/\p{Cc}/u);
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key-${index}`, 1]));
    const long = readRules({ version: 1, ...many, findings: many, exceptions: { owners: { ...many } } });
    expect("problem" in long && long.problem.length).toBeLessThan(1000);
  });
});

test("kinds, rules and exceptions that only another version knows are put aside, and the rest is read", () => {
  const other = {
    version: 1,
    findings: { other: "allow", "access-lost": "approve" },
    rules: { more: 1, peopleAtMost: "any" },
    exceptions: { constructor: { a: "x" }, owners: { a: "x" } },
  };
  expect(readRules(other)).toMatchObject({
    findings: { "access-lost": "approve" },
    rules: { peopleAtMost: "any" },
    exceptions: { owners: { a: "x" } },
    unknown: { "findings.other": "allow", "rules.more": 1, "exceptions.constructor": { a: "x" } },
  });
  expect(readRules({ version: 1 })).not.toHaveProperty("unknown");
});

test("nothing lets what is always for approval pass", () => {
  const doctored = {
    ...DEFAULT_RULES,
    findings: { ...DEFAULT_RULES.findings, "rules-loosened": "allow" as const },
  };
  expect(decisionOf("rules-loosened", doctored)).toBe("approve");
});
