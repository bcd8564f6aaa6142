import { isDeepStrictEqual } from "node:util";
import { quote } from "../../../lib/nearest";
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
    ({ key, how, looser }): Finding => ({
      kind: looser ? "rules-loosened" : "rules-tightened",
      subject: environment,
      text: `${environment}: review.${key} ${how}`,
    }),
  );
  return [...changes, ...unknownChanges(before, after), ...brokenRules(before, after)];
}

/** What only another version knows: nobody here can say whether it asks for less. */
function unknownChanges(before: RuledPlan | undefined, after: RuledPlan): Finding[] {
  const old = new Map(Object.entries(before?.rules.unknown ?? {}));
  const young = new Map(Object.entries(after.rules.unknown ?? {}));
  const { environment } = after.plan;
  return [...new Set([...old.keys(), ...young.keys()])].sort().flatMap((key): Finding[] => {
    const [was, is] = [old.get(key), young.get(key)];
    if (isDeepStrictEqual(was, is)) return [];
    const text = `${environment}: review ${quote(key)} is of another version of this review, which cannot say what it asks for`;
    // The text is not all of it: keys and values may be anything.
    return [{ kind: "rules-loosened", subject: environment, text, content: [key, was, is] }];
  });
}

interface Change {
  /** Below `review`. */
  readonly key: string;
  /** What was, and what is: all of it, since an approval is for this text. */
  readonly how: string;
  readonly looser: boolean;
}

/** What is in effect another rule; leaving out what is the default anyway is none. */
function changesOf(before: ReviewRules, after: ReviewRules): Change[] {
  const decisions = Object.keys(FINDING_KINDS)
    .filter(isFindingKind)
    .flatMap((kind): Change[] => {
      const [was, is] = [decisionOf(kind, before), decisionOf(kind, after)];
      const looser = DECISIONS.indexOf(is) < DECISIONS.indexOf(was);
      return was === is ? [] : [{ key: `findings.${kind}`, how: `${was} → ${is}`, looser }];
    });
  const rules = RULE_NAMES.flatMap((name): Change[] => {
    const looser = allowsMore(name, before.rules, after.rules);
    const same = !looser && !allowsMore(name, after.rules, before.rules);
    return same ? [] : [{ key: `rules.${name}`, how: howOf(before.rules[name], after.rules[name]), looser }];
  });
  const exceptions = RULE_NAMES.flatMap((name) => {
    const old = new Map(Object.entries(before.exceptions[name] ?? {}));
    const young = new Map(Object.entries(after.exceptions[name] ?? {}));
    return [...new Set([...old.keys(), ...young.keys()])].sort().flatMap((subject): Change[] => {
      const [was, is] = [old, young].map((reasons) => reasonText(reasons.get(subject)));
      if (was === is) return [];
      return [{ key: `exceptions.${name}.${subject}`, how: `${was} → ${is}`, looser: !old.has(subject) }];
    });
  });
  return [...decisions, ...rules, ...exceptions];
}

/** Of lists only what differs, which is all that a reader looks for in long ones. */
function howOf(was: unknown, is: unknown): string {
  if (!Array.isArray(was) || !Array.isArray(is)) return `${flow(was)} → ${flow(is)}`;
  const without = (list: readonly unknown[], other: readonly unknown[]) =>
    list.filter((item) => !other.includes(item)).map(flow);
  const [gained, lost] = [without(is, was), without(was, is)];
  return [
    ...(gained.length > 0 ? [`gains ${gained.join(", ")}`] : []),
    ...(lost.length > 0 ? [`loses ${lost.join(", ")}`] : []),
  ].join(", ");
}

/** In quotes, which `none` is not, and whole. */
function reasonText(reason: string | undefined): string {
  return reason === undefined ? "none" : JSON.stringify(reason);
}
