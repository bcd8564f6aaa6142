import { terminalText } from "../../../lib/terminal-text";
import type { Effect } from "../../../model/config/review/kinds";
import type { JudgedFinding } from "../finding";
import type { StackCounts } from "../infrastructure/compare-stacks";
import type { Review } from "../result";
import { counted, countOf, detailsOf, type FindingsOf, kindsOf, named, outline, told } from "./outline";

/** Options for {@link textReport}. */
export interface TextReportOptions {
  /** How to run this review again, to which `--approve <digest>` is added. @default "npm run review --" */
  readonly command?: string;
  /** Effects are also coloured. @default false */
  readonly colour?: boolean;
}

/** Lines of what nobody has to approve; the rest of them is counted. */
const MOST_LINES = 40;
/** Lines of details of a finding to approve. */
const MOST_DETAILS = 20;
const MORE = "more: --format html or json has them";

/** A review for a terminal, in which what is to approve comes first and is complete. */
export function textReport(review: Review, options: TextReportOptions = {}): string {
  const { toApprove, toKnow, allowed, total, unchanged } = outline(review);
  const toldOf = (finding: JudgedFinding) => findingLine(finding, options);
  const toldInDetail = (finding: JudgedFinding) => [toldOf(finding), ...detailLines(finding)];
  const cut = countOf(toKnow) - MOST_LINES;
  return [
    ...section(review.outcome === "approved" ? "Approved" : "To approve", toApprove, total, toldInDetail),
    ...section("To know", firstOf(toKnow, MOST_LINES), total, toldOf),
    ...(cut > 0 ? [`${cut} ${MORE}`] : []),
    ...(allowed.length > 0 ? [`Allowed: ${kindsOf(allowed)}`] : []),
    ...(review.ended ?? []).map((line) => terminalText(`Ended: ${line}`)),
    ...stackLines(review.environments.flatMap(({ counts }) => counts)),
    ...(unchanged > 0 && unchanged < total
      ? [`Nothing changes in ${counted(unchanged, "other environment")}`]
      : []),
    ...outcomeLines(review, countOf(toApprove), options),
  ].join("\n");
}

function section(
  title: string,
  groups: readonly FindingsOf[],
  total: number,
  lines: (finding: JudgedFinding) => string | string[],
): string[] {
  return groups.flatMap(({ environments, findings }) => [
    terminalText(`${title}${environments.length > 0 ? ` in ${named(environments, total)}` : ""}:`),
    ...findings.flatMap(lines),
  ]);
}

/** The first findings, in their groups. */
function firstOf(groups: readonly FindingsOf[], most: number): FindingsOf[] {
  let left = most;
  return groups.flatMap(({ environments, findings }) => {
    const first = findings.slice(0, left);
    left -= first.length;
    return first.length > 0 ? [{ environments, findings: first }] : [];
  });
}

const COLOURS: Readonly<Record<Effect, number>> = { widened: 31, narrowed: 32, neutral: 36 };
const WIDEST = Math.max(...Object.keys(COLOURS).map(({ length }) => length));

function findingLine(finding: JudgedFinding, { colour }: TextReportOptions): string {
  const { effect } = finding;
  const word = effect.padEnd(WIDEST);
  const text = told(finding, ({ text }) => text);
  return `  ${colour ? `\u001b[${COLOURS[effect]}m${word}\u001b[0m` : word}  ${terminalText(text)}`;
}

function detailLines(finding: JudgedFinding): string[] {
  const details = detailsOf(finding);
  const cut = details.length - MOST_DETAILS;
  return [...details.slice(0, MOST_DETAILS), ...(cut > 0 ? [`${cut} ${MORE}`] : [])].map(
    (line) => `${" ".repeat(WIDEST + 6)}${terminalText(line)}`,
  );
}

function stackLines(counts: readonly StackCounts[]): string[] {
  const lines = counts.slice(0, MOST_LINES).map((of) => terminalText(`${of.stack}: ${resources(of)}`));
  const cut = counts.length - lines.length;
  return cut > 0 ? [...lines, `${counted(cut, "stack")} ${MORE}`] : lines;
}

/** `1 resource changes`, `5 resources added, 1 changed`. */
function resources({ added, changed, replaced, removed }: StackCounts): string {
  const [first = "no resource differs", ...rest] = Object.entries({
    added,
    changed,
    replaced,
    destroyed: removed,
  })
    .filter(([, count]) => count > 0)
    .map(([what, count], place) => `${place === 0 ? counted(count, "resource") : count} ${what}`);
  return [first, ...rest].join(", ");
}

function outcomeLines(
  { base, head, outcome, digest, approvedOther }: Review,
  toApprove: number,
  { command = "npm run review --" }: TextReportOptions,
): string[] {
  const between = terminalText(`${base} → ${head}`);
  const findings = counted(toApprove, "finding");
  switch (outcome) {
    case "nothing to approve":
      return [`${between}: nothing to approve`];
    case "approved":
      return [`${between}: ${findings} approved, by ${digest}`];
    case "approval needed":
      return [
        ...(approvedOther ? [terminalText(`what was approved, ${approvedOther}, was something else`)] : []),
        `${between}: ${findings} to approve, by`,
        `  ${terminalText(command)} --approve ${digest}`,
      ];
  }
}
