import { markdownCode as code, markdownText } from "../../lib/markdown";
import { markdownTable } from "../../lib/table";
import { untilInWords } from "../config/access/until";
import type { AccessPlan } from "./plan";
import type { ReportSection } from "./report-section";

/** What `npm run verify` finds and does not count; nothing when it counts everything. */
export function acceptedSections({ acceptedFindings = [] }: AccessPlan): ReportSection[] {
  if (acceptedFindings.length === 0) return [];
  const rows = acceptedFindings.map(({ kind, subject, detail, owner, reason, until }) => [
    kind,
    `${code(subject)} ${markdownText(detail)}`,
    untilInWords(until),
    markdownText(owner),
    markdownText(reason),
  ]);
  const header = ["kind", "what `npm run verify` does not count", "until when", "who sees to it", "why"];
  return [{ heading: "Accepted differences of the live database", full: markdownTable({ header, rows }) }];
}
