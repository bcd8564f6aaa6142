import { htmlReport } from "../html/html-report";
import type { Review } from "../result";
import { jsonReport } from "./json-report";
import { markdownReport } from "./markdown-report";
import { textReport } from "./text-report";

/**
 * A review, in every form, by its name on the command line: the file that it is written to, and what is in it. `command` is
 * how to run the review again, to which `--approve <digest>` is added; `colour` is for a terminal that has colours.
 */
export const REPORTS = {
  text: {
    file: "review.txt",
    render: (review: Review, command: string, colour?: boolean) => textReport(review, { command, colour }),
  },
  markdown: { file: "review.md", render: (review: Review) => markdownReport(review) },
  html: { file: "review.html", render: (review: Review, command: string) => htmlReport(review, { command }) },
  json: { file: "review.json", render: jsonReport },
} as const;
