import { textTable } from "../../../lib/table";
import { terminalText } from "../../../lib/terminal-text";
import { DRIFT_KINDS, DRIFT_TOPICS, type NamedDrift } from "../../../model/config/verify/drift";
import type { JudgedFinding, VerifiedDatabase } from "../result";
import { acceptedInWords, compared, conclusion, remedy, whyItCounts } from "./words";

/** For a terminal: a table of numbers, then every finding with what to do about it. */
export function textReport(verified: VerifiedDatabase): string {
  const { findings, accepted, noLongerFound, notChecked } = verified;
  const kinds = DRIFT_KINDS.map((kind) => ({
    title: kind,
    lines: findings.filter((finding) => finding.kind === kind).flatMap(findingLines),
  }));
  const sections = [
    ...kinds,
    {
      title: "accepted",
      lines: accepted.flatMap((finding) => [
        `  ${told(finding)}`,
        `    ${acceptedInWords(finding.acceptance)}`,
      ]),
    },
    {
      title: "accepted and no longer found: take these out of verify.accepted",
      lines: noLongerFound.map((each) => `  ${told(each)} (${each.owner})`),
    },
    { title: "not checked", lines: notChecked.map(({ subject, reason }) => `  ${subject}: ${reason}`) },
  ].filter(({ lines }) => lines.length > 0);
  return [
    terminalText(compared(verified)),
    "",
    countsTable(verified),
    ...sections.flatMap(({ title, lines }) => ["", title, ...lines.map(terminalText)]),
    "",
    conclusion(verified),
  ].join("\n");
}

function countsTable({ holds, findings, accepted }: VerifiedDatabase): string {
  const columns = [
    ...DRIFT_KINDS.map((kind) => ({ title: kind, of: findings.filter((each) => each.kind === kind) })),
    ...(accepted.length > 0 ? [{ title: "accepted", of: accepted }] : []),
  ];
  const header = ["", "holds", ...columns.map(({ title }) => title)];
  const rows = DRIFT_TOPICS.map((topic) => {
    const counts = columns.map(({ of }) => of.filter((finding) => finding.topic === topic).length);
    const cells = [holds[topic], ...counts].map((count, column) =>
      String(count).padStart(header[column + 1]?.length ?? 0),
    );
    return [topic, ...cells];
  });
  return textTable({ header, rows });
}

function findingLines(finding: JudgedFinding): string[] {
  const more = [whyItCounts(finding), remedy(finding)].filter((line) => line !== undefined);
  return [`  ${finding.subject} ${finding.detail}`, ...more.map((line) => `    ${line}`)];
}

function told({ kind, subject, detail }: NamedDrift): string {
  return `${kind}: ${subject} ${detail}`;
}
