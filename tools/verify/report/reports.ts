import { terminalJson } from "../../../lib/terminal-text";
import type { VerifiedDatabase } from "../result";
import { markdownReport } from "./markdown-report";
import { prometheusReport } from "./prometheus-report";
import { textReport } from "./text-report";

/** What a verification came to, in every form, by its name on the command line: how its file ends, and what is in it. */
export const REPORTS = {
  text: { extension: "txt", render: textReport },
  markdown: { extension: "md", render: markdownReport },
  json: { extension: "json", render: jsonReport },
  prometheus: { extension: "prom", render: prometheusReport },
} as const;

/** For programs. The version changes when a reader would have to. */
function jsonReport({
  environment,
  holds,
  findings,
  accepted,
  noLongerFound,
  notChecked,
}: VerifiedDatabase): string {
  return terminalJson({ version: 1, environment, holds, findings, accepted, noLongerFound, notChecked });
}
