import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DEFAULT_RULES } from "../../../../model/config/review/schema";
import type { RulesAsked } from "../../../../model/config/review/standing-rule";
import { allowsMore, breachesOf, RULE_NAMES } from "../../../../model/config/review/standing-rules";
import { LEVEL_NAMES } from "../../../../model/postgresql/levels";
import { randomCases } from "../../../helpers/extent";

const OWN = "123456789012";
const OTHER = "210987654321";

const asking = (rules: Partial<RulesAsked>): RulesAsked => ({ ...DEFAULT_RULES.rules, ...rules });

describe("whether one value of a rule allows more than another", () => {
  test.each<[keyof RulesAsked, Partial<RulesAsked>, Partial<RulesAsked>, boolean, boolean]>([
    ["peopleAtMost", {}, {}, false, false],
    ["peopleAtMost", { peopleAtMost: "read-only" }, { peopleAtMost: "read-write" }, true, false],
    ["peopleAtMost", { peopleAtMost: "read-only" }, { peopleAtMost: "any" }, true, false],
    ["peopleAtMost", { peopleAtMost: "any" }, { peopleAtMost: "any" }, false, false],
    ["owners", { owners: ["a"] }, { owners: ["a", "b"] }, true, false],
    ["owners", { owners: ["a"] }, { owners: ["b"] }, true, true],
    ["owners", { owners: ["a", "b"] }, { owners: ["b", "a"] }, false, false],
    ["owners", { owners: ["a*"] }, { owners: ["ab", "a-*"] }, false, true],
    ["owners", { owners: ["a*", "ab"] }, { owners: ["a*"] }, false, false],
    ["owners", { owners: ["*a"] }, { owners: ["a*"] }, true, true],
    ["owners", { owners: [] }, { owners: "any" }, true, false],
    ["accounts", { accounts: [] }, { accounts: ["1"] }, true, false],
    ["accounts", { accounts: ["1", "2"] }, { accounts: ["2", "1"] }, false, false],
    ["accounts", { accounts: ["1"] }, { accounts: "any" }, true, false],
    ["namespaces", { namespaces: "owners-apart" }, { namespaces: "any" }, true, false],
    ["namespaces", { namespaces: "owners-apart" }, { namespaces: "owners-apart" }, false, false],
    ["writersPerSchema", { writersPerSchema: 2 }, { writersPerSchema: 3 }, true, false],
    ["writersPerSchema", { writersPerSchema: 3 }, { writersPerSchema: 3 }, false, false],
    ["writersPerSchema", { writersPerSchema: 3 }, { writersPerSchema: "any" }, true, false],
  ])("%s: %j to %j", (name, before, after, more, less) => {
    expect(allowsMore(name, asking(before), asking(after))).toBe(more);
    expect(allowsMore(name, asking(after), asking(before))).toBe(less);
  });

  const name = fc.stringMatching(/^[ab-]{0,3}$/);
  const pattern = fc.tuple(name, fc.constantFrom("", "*"), name).map((parts) => parts.join(""));
  const rules: fc.Arbitrary<RulesAsked> = fc.record({
    peopleAtMost: fc.constantFrom(...LEVEL_NAMES, "any"),
    owners: fc.oneof({ weight: 4, arbitrary: fc.array(pattern, { maxLength: 3 }) }, fc.constant("any")),
    accounts: fc.oneof(fc.subarray([OTHER, "1", "2"]), fc.constant("any")),
    namespaces: fc.constantFrom("owners-apart", "any"),
    writersPerSchema: fc.constantFrom<number | "any">(1, 2, 3, "any"),
  });
  const identities = fc.array(
    fc.record({
      kind: fc.constantFrom("service", "people"),
      key: fc.stringMatching(/^[ab-]{0,5}$/),
      grants: fc.array(
        fc.record({
          database: fc.constant("d"),
          schema: fc.constantFrom("s", "t"),
          level: fc.constantFrom(...LEVEL_NAMES),
        }),
        { maxLength: 3 },
      ),
      namespace: fc.constantFrom("m", "n"),
      principals: fc
        .subarray([OWN, OTHER, "1"])
        .map((all) => all.map((each) => `arn:aws:iam::${each}:role/R`)),
    }),
    { maxLength: 6 },
  );

  test("what does not allow more is broken wherever the other is, whatever access there is", () => {
    fc.assert(
      fc.property(rules, rules, identities, (before, after, all) => {
        for (const name of RULE_NAMES) {
          if (allowsMore(name, before, after)) continue;
          const broken = (asked: RulesAsked) =>
            breachesOf(name, asked, { account: OWN, identities: all }).flatMap(({ ways }) => ways);
          expect(broken(after)).toEqual(expect.arrayContaining(broken(before)));
        }
      }),
      randomCases(2000),
    );
  });
});
