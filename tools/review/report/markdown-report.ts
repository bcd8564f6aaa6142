import { type Item as AnyItem, type Part as AnyPart, fill } from "../../../lib/fill";
import { markdownCode as code, markdownLines, markdownText } from "../../../lib/markdown";
import { markdownRow, markdownTable } from "../../../lib/table";
import { schemasWithoutOwner } from "../../../model/access/without-owner";
import { effectOf, type Finding } from "../finding";
import type { EnvironmentReview, Review } from "../result";
import { counted, countedKinds, countOf, detailsOf, type FindingsOf, named, outline, told } from "./outline";

type Item = AnyItem<Finding>;
type Part = AnyPart<Finding>;

/** Bytes that a report may have: GitHub refuses a comment of more than 65,536, and something may be said before and after. */
const MOST_BYTES = 60_000;
const ELSEWHERE = "The HTML report has them.";

/**
 * A review for a comment in a pull request. Nothing that comes from the sides is taken for Markdown, a mention or a
 * command. What does not fit is counted, and what is to approve is the last to be left out.
 */
export function markdownReport(review: Review): string {
  const { toApprove, toKnow, allowed, total, unchanged } = outline(review);
  const changed = review.environments.filter(({ findings, counts }) => findings.length + counts.length > 0);
  const parts = [
    findingsPart(
      `### ${review.outcome === "approved" ? "Approved" : "To approve"}\n`,
      toApprove,
      changed.length,
    ),
    findingsPart("### To know\n", toKnow, changed.length),
    endedPart(review.ended ?? []),
    environmentsPart(changed, unchanged),
    stacksPart(changed),
    schemasPart(changed),
    detailsPart(toApprove),
    folded(findingsPart("", allowed, changed.length), `Allowed: ${counted(countOf(allowed), "finding")}`),
  ].filter(({ items }) => items.length > 0);
  const approving = approval(review);
  const head = (left: number) => [
    `## ${title(review, countOf(toApprove))}`,
    `${code(review.base)} → ${code(review.head)}${total > 1 ? `, ${total} environments` : ""}`,
    ...(left > 0
      ? [
          `**${left} of ${counted(countOf(toApprove), "finding")} to approve do not fit into this comment.** ${ELSEWHERE} The digest covers them all.`,
        ]
      : []),
  ];
  const fixed = [...head(countOf(toApprove)), ...approving].join("\n\n");
  const filled = fill(parts, MOST_BYTES - Buffer.byteLength(fixed));
  const left = toApprove.length > 0 ? (filled[0]?.left ?? 0) : 0;
  return `${[...head(left), ...filled.map(({ text }) => text), ...approving].join("\n\n")}\n`;
}

function title({ outcome, environments }: Review, toApprove: number): string {
  const names = environments
    .filter(({ findings }) => findings.some(({ decision }) => decision === "approve"))
    .map(({ name }) => code(name));
  const where =
    names.length > 3 ? ` in ${names.length} environments` : names.length > 0 ? ` in ${named(names, 0)}` : "";
  const findings = counted(toApprove, "finding");
  switch (outcome) {
    case "nothing to approve":
      return "Review: nothing to approve";
    case "approved":
      return `Review: ${findings} approved${where}`;
    case "approval needed":
      return `Review: ${findings} to approve${where}`;
  }
}

function approval({ outcome, digest = "", approvedOther }: Review): string[] {
  switch (outcome) {
    case "nothing to approve":
      return [];
    case "approved":
      return [`Approved by the digest ${code(digest)}.`];
    case "approval needed":
      return [
        ...(approvedOther ? [`What was approved, ${code(approvedOther)}, was something else.`] : []),
        `The digest of exactly what is to approve is ${code(digest)}, which \`npm run review -- --approve\` takes. It changes when any of it does, and with nothing else.`,
      ];
  }
}

function findingsPart(before: string, groups: readonly FindingsOf[], environments: number): Part {
  return {
    before,
    items: groups.flatMap((group) => {
      const names = named(group.environments.map(code), environments);
      const under =
        environments < 2 ? undefined : names === "" ? "Of the change as a whole:" : `In ${names}:`;
      return group.findings.map((finding) => ({ text: `- ${findingText(finding)}`, under, about: finding }));
    }),
    rest: (left) => `**${left.length} more**: ${kinds(left)}. ${ELSEWHERE}`,
  };
}

function kinds(left: readonly Item[]): string {
  return countedKinds(left.flatMap(({ about = [] }) => about));
}

function findingText(finding: Finding): string {
  const effect = effectOf(finding);
  return `${effect === "widened" ? "**widened**" : effect} ${told(finding, textWithSubject)}`;
}

/** The text, in which its subject is always code. What follows keeps its distance: `a``b` would be one piece of code. */
function textWithSubject({ subject, text }: Finding): string {
  const [, apart, rest = ""] = /^(: ?| |$)(.*)$/s.exec(text.slice(subject.length)) ?? [];
  if (apart === undefined || !text.startsWith(subject)) return markdownText(text);
  return `${code(subject)}${apart}${markdownText(rest)}`;
}

function endedPart(ended: readonly string[]): Part {
  return {
    before: "### Ended\n",
    items: ended.map((line) => ({ text: `- ${markdownText(line)}` })),
    rest: (left) => `${left.length} more. ${ELSEWHERE}`,
  };
}

function environmentsPart(changed: readonly EnvironmentReview[], unchanged: number): Part {
  const header = ["environment", "account", "region", "to approve", "to know", "allowed"];
  return {
    before: ["### Environments", "", markdownTable({ header, rows: [] })].join("\n"),
    items: changed.map(({ name, before, after = before, findings }) => {
      const of = (decision: string) =>
        String(findings.filter((finding) => finding.decision === decision).length);
      return row([
        code(name),
        code(after?.account ?? "unknown"),
        code(after?.region ?? "unknown"),
        of("approve"),
        of("notify"),
        of("allow"),
      ]);
    }),
    ...(unchanged > 0 && { after: `Nothing changes in ${counted(unchanged, "other environment")}.` }),
    rest: (left) => `${counted(left.length, "more environment")}. ${ELSEWHERE}`,
  };
}

function stacksPart(changed: readonly EnvironmentReview[]): Part {
  return {
    before: [
      "### Resources",
      "",
      markdownTable({ header: ["stack", "added", "changed", "replaced", "destroyed"], rows: [] }),
    ].join("\n"),
    items: changed.flatMap(({ counts }) =>
      counts.map(({ stack, added, changed, replaced, removed }) =>
        row([code(stack), ...[added, changed, replaced, removed].map(String)]),
      ),
    ),
    rest: (left) => `${counted(left.length, "more stack")}. ${ELSEWHERE}`,
  };
}

function schemasPart(changed: readonly EnvironmentReview[]): Part {
  return {
    before: "### Schemas that nobody may migrate\n",
    items: changed.flatMap(({ name, after }) => {
      const schemas = after ? schemasWithoutOwner(after) : [];
      return schemas.length > 0 ? [{ text: `- ${code(name)}: ${schemas.map(code).join(", ")}` }] : [];
    }),
    rest: (left) =>
      `${counted(left.length, "more environment has", "more environments have")} such schemas. ${ELSEWHERE}`,
  };
}

function detailsPart(groups: readonly FindingsOf[]): Part {
  const detailed = groups
    .flatMap(({ findings }) => findings)
    .map((finding) => ({ finding, details: detailsOf(finding) }))
    .filter(({ details }) => details.length > 0);
  return folded(
    {
      before: "",
      items: detailed.map(({ finding, details }) => ({
        text: `${code(finding.subject)}\n\n${markdownLines(details)}\n`,
        about: finding,
      })),
      rest: (left) => `Details of ${left.length} more. ${ELSEWHERE}`,
    },
    "Details of what needs an approval",
  );
}

function folded(part: Part, summary: string): Part {
  return { ...part, before: `<details><summary>${summary}</summary>\n`, after: "</details>" };
}

function row(cells: readonly string[]): Item {
  return { text: markdownRow(cells) };
}
