import { groupBy } from "../../../lib/group-by";
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
  const all = [...new Map([...own, ...theirs])].map(([key, broken]): [string, Broken] => {
    const whose = own.has(key) ? "as the change has it" : before ? "as the base has it" : "by default";
    return [`review.rules.${broken.name}${theirs.has(key) && own.has(key) ? "" : `, ${whose}`}`, broken];
  });
  const still = groupBy(
    all.filter(([, broken]) => broken.before),
    ([rule]) => rule,
  );
  return [
    ...all
      .filter(([, broken]) => !broken.before)
      .map(([rule, broken]) => finding("rule-broken", rule, broken)),
    ...[...still].map(([rule, same]) => stillBroken(after.plan.environment, rule, same)),
  ];
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

/** One line for each rule: whoever has broken it for long is many, and shown in every review. */
function stillBroken(environment: string, rule: string, same: readonly [string, Broken][]): Finding {
  const findings = same.map(([, broken]) => finding("rule-still-broken", rule, broken));
  const [only, ...others] = findings;
  if (only && others.length === 0) return only;
  return {
    kind: "rule-still-broken",
    subject: environment,
    text: `${environment}: ${findings.length} break as before what must hold (${rule})`,
    details: findings.map(({ text }) => text),
    content: findings.map(({ content }) => content),
  };
}

function finding(
  kind: "rule-broken" | "rule-still-broken",
  rule: string,
  { subject, text, ways }: Broken,
): Finding {
  return { kind, subject, text: `${subject}: ${text} (${rule})`, content: ways };
}
