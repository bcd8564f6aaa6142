import { fill, type Part } from "../../../lib/fill";
import { markdownCode as code, markdownLines, markdownText } from "../../../lib/markdown";
import { markdownTable } from "../../../lib/table";
import { untilInWords } from "../../../model/config/access/until";
import { DRIFT_KINDS, DRIFT_TOPICS, type NamedDrift } from "../../../model/config/verify/drift";
import type { VerifiedDatabase } from "../result";
import { acceptedInWords, conclusion, counted, remedy, whyItCounts } from "./words";

/** Bytes that a report may have: GitHub refuses a comment of more than 65,536, and something may be said before and after. */
const MOST_BYTES = 60_000;

/**
 * For a comment or a chat: the differences, and folded what mends them and what does not count. Nothing that comes from the
 * database is taken for Markdown, a mention or a command. What does not fit is counted.
 */
export function markdownReport(verified: VerifiedDatabase): string {
  const { environment, file, server, findings, accepted, noLongerFound, notChecked } = verified;
  const head = [
    `## Database of ${code(environment)}: ${findings.length === 0 ? "as planned" : counted(findings.length, "difference")}`,
    `${code(file)} against ${code(server.address)}, PostgreSQL ${code(server.serverVersion)}, read as ${code(server.user)}. ${conclusion(verified)}`,
  ].join("\n\n");
  const parts: Part[] = [
    {
      before: "",
      items: findings.map((finding) => {
        const why = whyItCounts(finding);
        return {
          text: `- **${finding.kind}** ${told(finding)}${why === undefined ? "" : `; ${markdownText(why)}`}`,
        };
      }),
      rest: more("difference"),
    },
    folded("What mends them", {
      before: "",
      items: findings.flatMap((finding) => {
        const fix = remedy(finding);
        return fix === undefined ? [] : [{ text: `${told(finding)}\n\n${markdownLines([fix])}\n` }];
      }),
      rest: more("statement"),
    }),
    folded("Accepted", {
      before: "",
      items: accepted.map((finding) => ({
        text: `- **${finding.kind}** ${told(finding)}: ${markdownText(acceptedInWords(finding.acceptance))}`,
      })),
      rest: more("accepted difference"),
    }),
    {
      before: "Accepted and no longer found, so to be taken out of `verify.accepted`:\n",
      items: noLongerFound.map((each) => ({
        text: `- **${each.kind}** ${told(each)} (${markdownText(`${each.owner}, ${untilInWords(each.until)}`)})`,
      })),
      rest: more("such acceptance"),
    },
    folded("Not checked", {
      before: "",
      items: notChecked.map(({ subject, reason }) => ({
        text: `- ${markdownText(subject)}: ${markdownText(reason)}`,
      })),
      rest: more("part"),
    }),
    folded("Numbers", { before: countsTable(verified), items: [{ text: "" }], rest: () => "" }),
  ].filter(({ items }) => items.length > 0);
  const texts = fill(parts, MOST_BYTES - Buffer.byteLength(head)).map(({ text }) => text.trim());
  return `${[head, ...texts].join("\n\n")}\n`;
}

function told({ subject, detail }: NamedDrift): string {
  return `${code(subject)} ${markdownText(detail)}`;
}

function more(what: string): Part["rest"] {
  return (left) => `**${counted(left.length, `more ${what}`)}**: \`--format json\` has all.`;
}

function folded(summary: string, part: Part): Part {
  return { ...part, before: `<details><summary>${summary}</summary>\n\n${part.before}`, after: "</details>" };
}

function countsTable({ holds, findings, accepted }: VerifiedDatabase): string {
  const header = ["", "holds", ...DRIFT_KINDS, "accepted"];
  const rows = DRIFT_TOPICS.map((topic) => {
    const found = findings.filter((finding) => finding.topic === topic);
    const counts = DRIFT_KINDS.map((kind) => found.filter((finding) => finding.kind === kind).length);
    const known = accepted.filter((finding) => finding.topic === topic).length;
    return [topic, ...[holds[topic], ...counts, known].map(String)];
  });
  return markdownTable({ header, rows });
}
