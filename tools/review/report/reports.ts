import { htmlReport } from "../html/html-report";
import type { Review } from "../result";
import { jsonReport } from "./json-report";
import { markdownReport } from "./markdown-report";
import { textReport } from "./text-report";

/** A form that a review can be had in. */
export interface Report {
  /** The file that it is written to. */
  readonly file: string;
  /** @param command how to run the review again, to which `--approve <digest>` is added */
  readonly render: (review: Review, command: string) => string;
}

/** Every form, by its name on the command line. */
export const REPORTS: Readonly<Record<string, Report>> = {
  text: { file: "review.txt", render: (review, command) => textReport(review, { command }) },
  markdown: { file: "review.md", render: (review) => markdownReport(review) },
  html: { file: "review.html", render: (review, command) => htmlReport(review, { command }) },
  json: { file: "review.json", render: jsonReport },
};
