import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { accessPlan } from "../../../../model/access/plan";
import { DECISIONS, FINDING_KINDS } from "../../../../model/config/review/kinds";
import {
  DEFAULT_RULES,
  decisionOf,
  isFindingKind,
  type ReviewRules,
  review,
} from "../../../../model/config/review/schema";
import { compareRules } from "../../../../tools/review/judge/compare-rules";
import { parse } from "../../../helpers/environment";
import { randomCases } from "../../../helpers/extent";

/** A plan that breaks no rule, whatever the rules here. */
const PLAN = accessPlan(parse());

const rulesOf = (said: unknown): ReviewRules => review.parse(said);

/** What a change of rules comes to, as `kind: text`. */
function found(before: unknown, after: unknown): string[] {
  const [base, head] = [before, after].map((said) => ({ plan: PLAN, rules: rulesOf(said) }));
  return compareRules(base, head ?? { plan: PLAN, rules: DEFAULT_RULES }).map(
    ({ kind, text }) => `${kind}: ${text}`,
  );
}

describe("a decision", () => {
  test.each([
    ["approve", "notify", "loosened"],
    ["approve", "allow", "loosened"],
    ["notify", "allow", "loosened"],
    ["allow", "notify", "tightened"],
    ["notify", "approve", "tightened"],
  ])("of %s that becomes %s has %s the rules", (was, is, becomes) => {
    const saying = (decision: string) => ({ findings: { "access-gained": decision } });
    expect(found(saying(was), saying(is))).toEqual([
      `rules-${becomes}: test: review.findings.access-gained ${was} → ${is}`,
    ]);
    expect(found(saying(is), saying(is))).toEqual([]);
  });

  test("that is left out is the default, which to write or to leave out again is nothing", () => {
    for (const [kind, { decision }] of Object.entries(FINDING_KINDS)) {
      expect(found({}, { findings: { [kind]: decision } })).toEqual([]);
      expect(found({ findings: { [kind]: decision } }, {})).toEqual([]);
    }
    expect(found({ findings: { "access-lost": "approve" } }, {})).toEqual([
      "rules-loosened: test: review.findings.access-lost approve → notify",
    ]);
  });

  test("has a line each, whatever else changes", () => {
    const after = {
      findings: { "access-gained": "allow", "access-lost": "approve", "trust-widened": "allow" },
    };
    expect(found({}, after)).toEqual([
      "rules-loosened: test: review.findings.access-gained approve → allow",
      "rules-tightened: test: review.findings.access-lost notify → approve",
      "rules-loosened: test: review.findings.trust-widened approve → allow",
    ]);
  });
});

describe("a standing rule", () => {
  test.each([
    [{}, { peopleAtMost: "read-write" }, "peopleAtMost read-only → read-write"],
    [{}, { peopleAtMost: "any" }, "peopleAtMost read-only → any"],
    [{}, { owners: ["*-migrations", "tool"] }, "owners gains tool"],
    [{ owners: ["a"] }, { owners: ["b"] }, "owners gains b, loses a"],
    [{}, { accounts: ["210987654321"] }, 'accounts gains "210987654321"'],
    [{ namespaces: "owners-apart" }, {}, "namespaces owners-apart → any"],
    [{ writersPerSchema: 2 }, { writersPerSchema: 3 }, "writersPerSchema 2 → 3"],
    [{ writersPerSchema: 2 }, {}, "writersPerSchema 2 → any"],
  ])("is loosened: %j to %j", (before, after, text) => {
    expect(found({ rules: before }, { rules: after })).toEqual([
      `rules-loosened: test: review.rules.${text}`,
    ]);
  });

  test.each([
    [{ peopleAtMost: "any" }, {}, "peopleAtMost any → read-only"],
    [{ owners: ["a", "*-migrations"] }, {}, "owners loses a"],
    [{}, { writersPerSchema: 3 }, "writersPerSchema any → 3"],
    [{ accounts: "any" }, {}, "accounts any → []"],
  ])("is tightened: %j to %j", (before, after, text) => {
    expect(found({ rules: before }, { rules: after })).toEqual([
      `rules-tightened: test: review.rules.${text}`,
    ]);
  });

  test("in other words is the same: its default, another order, what another entry has in it", () => {
    expect(found({}, { rules: DEFAULT_RULES.rules })).toEqual([]);
    expect(found({ rules: { owners: ["a", "b"] } }, { rules: { owners: ["b", "a"] } })).toEqual([]);
    expect(found({ rules: { owners: ["a*", "ab"] } }, { rules: { owners: ["a*"] } })).toEqual([]);
  });
});

describe("an exception", () => {
  const excusing = (key: string, why: string) => ({ exceptions: { owners: { [key]: why } } });

  test("that is new has loosened the rules, and one that is gone tightened them", () => {
    expect(found({}, excusing("console", "it is old"))).toEqual([
      'rules-loosened: test: review.exceptions.owners.console none → "it is old"',
    ]);
    expect(found(excusing("console", "it is old"), {})).toEqual([
      'rules-tightened: test: review.exceptions.owners.console "it is old" → none',
    ]);
  });

  test("for another reason is shown", () => {
    expect(found(excusing("console", "it is old"), excusing("console", "it is new"))).toEqual([
      'rules-tightened: test: review.exceptions.owners.console "it is old" → "it is new"',
    ]);
  });

  test("for another identity is another", () => {
    expect(found(excusing("console", "x"), excusing("tool", "x"))).toEqual([
      'rules-tightened: test: review.exceptions.owners.console "x" → none',
      'rules-loosened: test: review.exceptions.owners.tool none → "x"',
    ]);
  });

  test.each(["constructor", "tostring", "valueof"])(
    "may be called as what JavaScript has already: %s",
    (key) => {
      expect(found({}, excusing(key, "x"))).toHaveLength(1);
      expect(found({}, excusing("toString", "x"))).toHaveLength(1);
      expect(found(excusing(key, "x"), excusing(key, "x"))).toEqual([]);
    },
  );

  test("to another rule is another", () => {
    const other = { exceptions: { peopleAtMost: { console: "x" } } };
    expect(found(excusing("console", "x"), other)).toEqual([
      'rules-loosened: test: review.exceptions.peopleAtMost.console none → "x"',
      'rules-tightened: test: review.exceptions.owners.console "x" → none',
    ]);
  });
});

test("reasons are whole, since an approval is for what is said", () => {
  const because = (end: string) => ({ exceptions: { owners: { a: `${"because: ".repeat(20)}${end}` } } });
  expect(found({}, because("x"))).not.toEqual(found({}, because("y")));
  expect(found({}, { exceptions: { owners: { a: "none" } } })).toEqual([
    'rules-loosened: test: review.exceptions.owners.a none → "none"',
  ]);
});

describe("what only another version knows", () => {
  const saying = (unknown: Readonly<Record<string, unknown>>) => ({
    plan: PLAN,
    rules: { ...DEFAULT_RULES, unknown },
  });
  const none = { plan: PLAN, rules: DEFAULT_RULES };

  test("may have loosened the rules when it comes, goes or is another, and has not while it stays", () => {
    const [one, other] = [saying({ "rules.shifts": 1 }), saying({ "rules.shifts": 2 })];
    const kinds = (before: typeof none, after: typeof none) =>
      compareRules(before, after).map(({ kind }) => kind);
    expect(compareRules(none, one).map(({ text }) => text)).toEqual([
      'test: review "rules.shifts" is of another version of this review, which cannot say what it asks for',
    ]);
    for (const [before, after] of [
      [none, one],
      [one, none],
      [one, other],
    ] as const) {
      expect(kinds(before, after)).toEqual(["rules-loosened"]);
    }
    expect(compareRules(undefined, one)).toHaveLength(1);
    expect(kinds(one, saying({ "rules.shifts": 1 }))).toEqual([]);
  });

  test("is bound by its whole value, and takes no second line", () => {
    const found = (unknown: Readonly<Record<string, unknown>>) => compareRules(none, saying(unknown));
    expect(found({ a: 1 })).not.toEqual(found({ a: 2 }));
    expect(found({ [`${"a".repeat(100)}b`]: 1 })).not.toEqual(found({ [`${"a".repeat(100)}c`]: 1 }));
    expect(found({ "a\nb\u001b": 1 })[0]?.text).not.toMatch(/\p{Cc}/u);
  });
});

test("an environment that was not there had the defaults", () => {
  const rules = rulesOf({ rules: { peopleAtMost: "any" }, findings: { "environment-added": "allow" } });
  expect(compareRules(undefined, { plan: PLAN, rules }).map(({ text }) => text)).toEqual([
    "test: review.findings.environment-added approve → allow",
    "test: review.rules.peopleAtMost read-only → any",
  ]);
  expect(compareRules(undefined, { plan: PLAN, rules: DEFAULT_RULES })).toEqual([]);
});

test("whatever becomes laxer in any way is said to be, and nothing else", () => {
  const kinds = Object.keys(FINDING_KINDS).filter(isFindingKind);
  const rules = fc
    .record(Object.fromEntries(kinds.map((kind) => [kind, fc.constantFrom(...DECISIONS)])))
    .map((findings): ReviewRules => ({ ...DEFAULT_RULES, findings }));
  fc.assert(
    fc.property(rules, rules, (before, after) => {
      const laxer = kinds.filter(
        (kind) => DECISIONS.indexOf(decisionOf(kind, after)) < DECISIONS.indexOf(decisionOf(kind, before)),
      );
      const loosened = compareRules({ plan: PLAN, rules: before }, { plan: PLAN, rules: after })
        .filter(({ kind }) => kind === "rules-loosened")
        .map(({ text }) => text.split(" ")[1]);
      expect(loosened).toEqual(laxer.map((kind) => `review.findings.${kind}`));
    }),
    randomCases(200),
  );
});
