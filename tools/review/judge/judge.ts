import { createHash } from "node:crypto";
import { quote } from "../../../lib/nearest";
import { UserError } from "../../../lib/user-error";
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
 * What stands for exactly these findings, whatever their order: an approval names it. It is of all that is to approve, also
 * where rules ask for approval of what narrows access. 160 bits, so that nobody can make two changes with the same one.
 */
export function digestOf(
  findings: readonly { readonly environment: string; readonly finding: Finding }[],
): string {
  const texts = findings.map(({ environment, finding }) => exactly([environment, plain(finding)])).sort();
  return createHash("sha256").update(exactly(texts)).digest("hex").slice(0, 40);
}

/**
 * A digest as somebody gives it back.
 * @throws UserError for what can be none: an empty variable of CI must not look like an approval of something else
 */
export function approvalGiven(text: string): string {
  if (/^[0-9a-f]{40}$/.test(text)) return text;
  throw new UserError([
    `--approve must be the digest that the review prints, 40 digits and letters from a to f, got: ${quote(text)}`,
  ]);
}

/** What there is to say of a finding, and not what was made of it. Consequences have no order. */
function plain({ kind, subject, text, details = [], also = [], content }: Finding): unknown {
  return { kind, subject, text, details, also: also.map((each) => exactly(plain(each))).sort(), content };
}

/** Data as text: the same for the same data, another for any other. A key without a value is not there. */
function exactly(data: unknown): string {
  // In a list it keeps its place, and is not null.
  if (data === undefined) return "undefined";
  if (data === null || typeof data === "string" || typeof data === "boolean" || Number.isFinite(data)) {
    return JSON.stringify(data);
  }
  if (Array.isArray(data)) return `[${data.map(exactly).join(",")}]`;
  // JSON.stringify would write a Map as {}, and two that differ the same.
  if (typeof data !== "object" || Object.prototype.toString.call(data) !== "[object Object]") {
    throw new Error(`A finding has content that is no JSON: ${String(data)}.`);
  }
  const entries = Object.entries(data ?? {})
    .filter(([, value]) => value !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${exactly(value)}`);
  return `{${entries.join(",")}}`;
}

function kindsOf({ kind, also = [] }: Finding): FindingKind[] {
  return [kind, ...also.flatMap(kindsOf)];
}

function strictest(decisions: readonly Decision[]): Decision {
  return DECISIONS[Math.max(...decisions.map((decision) => DECISIONS.indexOf(decision)))] ?? "approve";
}
