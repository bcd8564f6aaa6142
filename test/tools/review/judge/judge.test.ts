import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { UserError } from "../../../../lib/user-error";
import { DECISIONS, FINDING_KINDS, type FindingKind, kindOf } from "../../../../model/config/review/kinds";
import { DEFAULT_RULES, isFindingKind, type ReviewRules } from "../../../../model/config/review/schema";
import type { Finding } from "../../../../tools/review/finding";
import { approvalGiven, digestOf, judge } from "../../../../tools/review/judge/judge";
import { randomCases } from "../../../helpers/extent";

const KINDS = Object.keys(FINDING_KINDS).filter(isFindingKind);
const strictness = (decision: (typeof DECISIONS)[number]) => DECISIONS.indexOf(decision);

const rulesOf = (findings: Partial<Record<FindingKind, (typeof DECISIONS)[number]>>): ReviewRules => ({
  ...DEFAULT_RULES,
  findings: { ...DEFAULT_RULES.findings, ...findings },
});
const GAINED: Finding = { kind: "access-gained", subject: "a", text: "a: gains" };
const LOST: Finding = { kind: "access-lost", subject: "a", text: "a: loses" };

const anyRules = fc
  .record(Object.fromEntries(KINDS.map((kind) => [kind, fc.constantFrom(...DECISIONS)])))
  .map(rulesOf);
const word = fc.constantFrom("", "a", "b", "a,b", '"', "]", "\\", "a: b", "\ud800");
const { finding: anyFinding } = fc.letrec<{ finding: Finding }>((tie) => ({
  finding: fc.record(
    {
      kind: fc.constantFrom(...KINDS),
      subject: word,
      text: word,
      details: fc.array(word, { minLength: 1, maxLength: 2 }),
      also: fc.array(tie("finding"), { minLength: 1, maxLength: 2 }),
      content: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: ["kind", "subject", "text"] },
  ),
}));
const listed = fc.record({ environment: fc.constantFrom("dev", "prod", ""), finding: anyFinding });

describe("a finding is judged", () => {
  test("by the strictest of the base's rules and the change's own", () => {
    const decisions = (...rules: ReviewRules[]) =>
      judge([GAINED, LOST], rules).map(({ decision }) => decision);
    expect(decisions(DEFAULT_RULES)).toEqual(["approve", "notify"]);
    const lenient = rulesOf({ "access-gained": "allow", "access-lost": "allow" });
    expect(decisions(lenient)).toEqual(["allow", "allow"]);
    expect(decisions(lenient, DEFAULT_RULES)).toEqual(["approve", "notify"]);
    expect(decisions(rulesOf({ "access-lost": "approve" }), lenient)).toEqual(["approve", "approve"]);
  });

  test("with what follows from it, at any depth", () => {
    const inner: Finding = { ...LOST, also: [{ ...LOST, also: [GAINED] }] };
    expect(judge([inner], [DEFAULT_RULES])).toEqual([{ ...inner, effect: "narrowed", decision: "approve" }]);
  });

  test("by nobody's rules is for approval", () => {
    expect(judge([LOST], []).map(({ decision }) => decision)).toEqual(["approve"]);
  });

  test("of a kind that is always for approval never otherwise", () => {
    const all = rulesOf(Object.fromEntries(KINDS.map((kind) => [kind, "allow"])));
    for (const kind of KINDS.filter((each) => kindOf(each).always)) {
      expect(judge([{ ...GAINED, kind }], [all])).toMatchObject([{ decision: "approve" }]);
    }
  });

  test("never laxer by two sides than by either, and never stricter than by both", () => {
    fc.assert(
      fc.property(anyFinding, anyRules, anyRules, (finding, left, right) => {
        const by = (...rules: ReviewRules[]) =>
          Math.max(...judge([finding], rules).map(({ decision }) => strictness(decision)));
        expect(by(left, right)).toBe(Math.max(by(left), by(right)));
        expect(by(left, right)).toBe(by(right, left));
        expect(by(left, left)).toBe(by(left));
      }),
      randomCases(500),
    );
  });
});

describe("a digest", () => {
  const dev = (finding: Finding) => ({ environment: "dev", finding });

  test("is 160 bits, as an approval names it", () => {
    expect(digestOf([dev(GAINED)])).toMatch(/^[0-9a-f]{40}$/);
    expect(approvalGiven(digestOf([dev(GAINED)]))).toBe(digestOf([dev(GAINED)]));
  });

  const FULL: Finding = {
    ...GAINED,
    details: ["one", "two"],
    also: [LOST, { ...LOST, text: "a: loses more" }],
    content: { b: [1, { c: null }], a: "x", none: undefined },
  };

  test.each<[string, Finding]>([
    ["what follows from it in another order", { ...FULL, also: [...(FULL.also ?? [])].reverse() }],
    ["keys of its content in another order", { ...FULL, content: { a: "x", b: [1, { c: null }] } }],
    [
      "its own keys in another order",
      { content: FULL.content, also: FULL.also, details: FULL.details, ...GAINED },
    ],
    ["a judgement beside it", judge([FULL], [DEFAULT_RULES])[0] ?? LOST],
  ])("is the same for a finding with %s", (_, other) => {
    expect(digestOf([dev(other)])).toBe(digestOf([dev(FULL)]));
  });

  test.each<[string, Finding]>([
    ["kind", { ...FULL, kind: "trust-widened" }],
    ["subject", { ...FULL, subject: "b" }],
    ["text", { ...FULL, text: "a: gains more" }],
    ["details", { ...FULL, details: ["one", "three"] }],
    ["order of details", { ...FULL, details: ["two", "one"] }],
    ["number of details", { ...FULL, details: ["one"] }],
    ["consequences", { ...FULL, also: [LOST] }],
    ["number of the same consequence", { ...FULL, also: [...(FULL.also ?? []), LOST] }],
    ["content of a consequence", { ...FULL, also: [{ ...LOST, content: 1 }, ...(FULL.also ?? []).slice(1)] }],
    ["content", { ...FULL, content: { b: [1, { c: 0 }], a: "x" } }],
    ["order in the content", { ...FULL, content: { b: [{ c: null }, 1], a: "x" } }],
    ["keys of the content", { ...FULL, content: { b: [1, { c: null }], a2: "x" } }],
    ["nothing in the content", { ...FULL, content: { b: [1, { c: null }, undefined], a: "x" } }],
    ["type in the content", { ...FULL, content: { b: ["1", { c: null }], a: "x" } }],
  ])("is another for a finding with another %s", (_, other) => {
    expect(digestOf([dev(other)])).not.toBe(digestOf([dev(FULL)]));
  });

  test("takes no two values for one", () => {
    const content = (value: unknown) => digestOf([dev({ ...GAINED, content: value })]);
    expect(content([1, 11])).not.toBe(content([11, 1]));
    expect(content(["a", "b"])).not.toBe(content(["a,b"]));
    expect(content({ a: 1, b: 2 })).not.toBe(content({ a: '1,"b":2' }));
  });

  test("is another for the same finding in another environment, and for two that are swapped", () => {
    const of = (left: Finding, right: Finding) =>
      digestOf([
        { environment: "dev", finding: left },
        { environment: "prod", finding: right },
      ]);
    expect(digestOf([{ environment: "prod", finding: GAINED }])).not.toBe(digestOf([dev(GAINED)]));
    expect(of(GAINED, LOST)).not.toBe(of(LOST, GAINED));
  });

  test("depends on nothing but the findings, in whatever order", () => {
    fc.assert(
      fc.property(fc.array(listed, { maxLength: 4 }), fc.integer(), (all, seed) => {
        const shuffled = [...all].sort((left, right) =>
          JSON.stringify([seed, right]) < JSON.stringify([seed, left]) ? -1 : 1,
        );
        expect(digestOf(shuffled)).toBe(digestOf(all));
        expect(digestOf(JSON.parse(JSON.stringify(all)))).toBe(digestOf(all));
      }),
      randomCases(300),
    );
  });

  test("is another with any finding more, also the same once more", () => {
    fc.assert(
      fc.property(fc.array(listed, { maxLength: 4 }), listed, (all, one) => {
        expect(digestOf([...all, one])).not.toBe(digestOf(all));
      }),
      randomCases(300),
    );
  });

  test("is the same only for the same findings: nothing of one can be read as part of another", () => {
    /** As one would compare two findings by hand. */
    const meaning = ({ kind, subject, text, details = [], also = [], content }: Finding): unknown => ({
      kind,
      subject,
      text,
      details,
      also: also.map((each) => canonical(meaning(each))).sort(),
      content: canonical(content),
    });
    const all = (list: readonly { environment: string; finding: Finding }[]) =>
      list.map(({ environment, finding }) => JSON.stringify([environment, meaning(finding)])).sort();
    fc.assert(
      fc.property(fc.array(listed, { maxLength: 2 }), fc.array(listed, { maxLength: 2 }), (left, right) => {
        const same = JSON.stringify(all(left)) === JSON.stringify(all(right));
        expect(digestOf(left) === digestOf(right)).toBe(same);
      }),
      randomCases(2000),
    );
  });

  test.each<[string, unknown]>([
    ["a Map", new Map([["a", 1]])],
    ["a Set", new Set([1])],
    ["a function", () => 1],
    ["no number", Number.NaN],
    ["a date", new Date(0)],
    ["a bigint", 1n],
  ])("is refused for content that is no JSON, two of which could look the same: %s", (_, content) => {
    expect(() => digestOf([dev({ ...GAINED, content })])).toThrow("content that is no JSON");
  });
});

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return `${JSON.stringify(value)}`;
  return JSON.stringify(
    Object.entries(value)
      .map(([key, item]) => [key, canonical(item)])
      .sort(([left = ""], [right = ""]) => (left < right ? -1 : 1)),
  );
}

describe("an approval that is no digest is a mistake:", () => {
  test.each([
    "",
    "yes",
    "approved",
    "a".repeat(39),
    "a".repeat(41),
    "A".repeat(40),
    `${"a".repeat(40)}\n`,
    ` ${"a".repeat(39)}`,
  ])("%j", (text) => {
    expect(() => approvalGiven(text)).toThrow(UserError);
    expect(() => approvalGiven(text)).toThrow("--approve must be the digest that the review prints");
  });
});
