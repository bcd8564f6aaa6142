import { createHash } from "node:crypto";
import { DECISIONS, type Decision, type FindingKind } from "../../../model/config/review/kinds";
import { decisionOf, type ReviewRules } from "../../../model/config/review/schema";
import { effectOf, type Finding, type JudgedFinding } from "../finding";

/** Judges findings by the strictest of several files' rules: those of the base, and those of the change itself. */
export function judge(findings: readonly Finding[], rules: readonly ReviewRules[]): JudgedFinding[] {
  return findings.map((finding) => ({
    ...finding,
    effect: effectOf(finding),
    decision: strictest(kindsOf(finding).flatMap((kind) => rules.map((each) => decisionOf(kind, each)))),
  }));
}

/**
 * What stands for exactly these findings, whatever their order: an approval names it. 160 bits, so that nobody can make
 * two changes with the same one.
 */
export function digestOf(
  findings: readonly { readonly environment: string; readonly finding: Finding }[],
): string {
  const texts = findings
    .map(({ environment, finding }) => JSON.stringify([environment, withoutJudgement(finding)]))
    .sort();
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 40);
}

function withoutJudgement({ kind, subject, text, details, also, content }: Finding): Finding {
  return { kind, subject, text, details, also: also?.map(withoutJudgement), content };
}

function kindsOf({ kind, also = [] }: Finding): FindingKind[] {
  return [kind, ...also.flatMap(kindsOf)];
}

function strictest(decisions: readonly Decision[]): Decision {
  return DECISIONS[Math.max(...decisions.map((decision) => DECISIONS.indexOf(decision)))] ?? "approve";
}
