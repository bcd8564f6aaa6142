import type { RuledAccess } from "../../../model/config/review/ruled-access";
import type { ReadRules } from "../../../model/config/review/rules-file";
import { DEFAULT_RULES, type ReviewRules } from "../../../model/config/review/schema";
import type { Breach, RuleName } from "../../../model/config/review/standing-rule";
import { breachesOf, RULE_NAMES } from "../../../model/config/review/standing-rules";
import type { Finding } from "../finding";

/** An environment's plan and its rules for reviews. */
export interface RuledPlan {
  readonly plan: RuledAccess & { readonly environment: string };
  readonly rules: ReadRules;
}

/**
 * Where the plan breaks the rules of either side: those that the change drops still count. What broke the same rule in all
 * the same ways before is only shown, so that an unrelated change asks for nothing.
 * @param before undefined for an environment that was not there, or that cannot be read: it had the default rules
 */
export function brokenRules(before: RuledPlan | undefined, after: RuledPlan): Finding[] {
  const theirs = brokenBy(before?.rules ?? DEFAULT_RULES, before?.plan, after.plan);
  const own = brokenBy(after.rules, before?.plan, after.plan);
  return [...new Map([...own, ...theirs])].map(([key, broken]) => {
    if (theirs.has(key) && own.has(key)) return finding(broken);
    const whose = own.has(key) ? "as the change has it" : before ? "as the base has it" : "by default";
    return finding(broken, `, ${whose}`);
  });
}

interface Broken extends Breach {
  readonly name: RuleName;
  readonly before: boolean;
}

/** What breaks rules, by which rule it is and in which ways. */
function brokenBy(
  rules: ReviewRules,
  before: RuledAccess | undefined,
  after: RuledAccess,
): Map<string, Broken> {
  const found = RULE_NAMES.flatMap((name) => {
    const had = new Map(before && unexcused(name, rules, before).map(({ subject, ways }) => [subject, ways]));
    return unexcused(name, rules, after).map((breach): Broken => {
      const known = new Set(had.get(breach.subject));
      return { ...breach, name, before: breach.ways.every((way) => known.has(way)) };
    });
  });
  return new Map(found.map((broken) => [JSON.stringify({ ...broken, text: "" }), broken]));
}

function unexcused(name: RuleName, { rules, exceptions }: ReviewRules, access: RuledAccess): Breach[] {
  const excused = new Set(Object.keys(exceptions[name] ?? {}));
  return breachesOf(name, rules, access).filter(({ subject }) => !excused.has(subject));
}

function finding({ name, subject, text, ways, before }: Broken, whose = ""): Finding {
  return {
    kind: before ? "rule-still-broken" : "rule-broken",
    subject,
    text: `${subject}: ${text} (review.rules.${name}${whose})`,
    content: ways,
  };
}
