import { flow } from "../../../model/config/reading/written-yaml";
import { DECISIONS, FINDING_KINDS } from "../../../model/config/review/kinds";
import {
  DEFAULT_RULES,
  decisionOf,
  isFindingKind,
  type ReviewRules,
} from "../../../model/config/review/schema";
import { allowsMore, RULE_NAMES } from "../../../model/config/review/standing-rules";
import type { Finding } from "../finding";
import { brokenRules, type RuledPlan } from "./broken-rules";

/**
 * What a change does to the rules that it is judged by, and which rules it breaks.
 * @param before undefined for an environment that was not there, or that cannot be read: it had the defaults
 */
export function compareRules(before: RuledPlan | undefined, after: RuledPlan): Finding[] {
  const { environment } = after.plan;
  const changes = changesOf(before?.rules ?? DEFAULT_RULES, after.rules).map(
    ({ key, was, is, looser }): Finding => ({
      kind: looser ? "rules-loosened" : "rules-tightened",
      subject: environment,
      text: `${environment}: review.${key} ${flow(was ?? "none")} → ${flow(is ?? "none")}`,
      // What is long is cut in the text.
      content: { was, is },
    }),
  );
  return [...changes, ...brokenRules(before, after)];
}

interface Change {
  /** Below `review`. */
  readonly key: string;
  readonly was: unknown;
  readonly is: unknown;
  readonly looser: boolean;
}

/** What is in effect another rule; leaving out what is the default anyway is none. */
function changesOf(before: ReviewRules, after: ReviewRules): Change[] {
  const decisions = Object.keys(FINDING_KINDS)
    .filter(isFindingKind)
    .map((kind) => ({
      key: `findings.${kind}`,
      was: decisionOf(kind, before),
      is: decisionOf(kind, after),
    }))
    .filter(({ was, is }) => was !== is)
    .map((each) => ({ ...each, looser: DECISIONS.indexOf(each.is) < DECISIONS.indexOf(each.was) }));
  const rules = RULE_NAMES.flatMap((name): Change[] => {
    const [was, is] = [before.rules[name], after.rules[name]];
    const looser = allowsMore(name, before.rules, after.rules);
    const same = !looser && !allowsMore(name, after.rules, before.rules);
    return same ? [] : [{ key: `rules.${name}`, was, is, looser }];
  });
  const exceptions = RULE_NAMES.flatMap((name) => {
    const old = new Map(Object.entries(before.exceptions[name] ?? {}));
    const young = new Map(Object.entries(after.exceptions[name] ?? {}));
    return [...new Set([...old.keys(), ...young.keys()])].sort().flatMap((subject): Change[] => {
      const [was, is] = [old.get(subject), young.get(subject)];
      return was === is ? [] : [{ key: `exceptions.${name}.${subject}`, was, is, looser: was === undefined }];
    });
  });
  return [...decisions, ...rules, ...exceptions];
}
