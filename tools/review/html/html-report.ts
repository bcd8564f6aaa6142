import { createHash } from "node:crypto";
import { buildSync } from "esbuild";
import { outline } from "../report/outline";
import type { EnvironmentReview, Review } from "../result";
import { findingControls, matrixControls, type Option } from "./controls";
import { environmentData } from "./environment-data";
import { findingsOf, stackTable } from "./findings";
import { dataBlock, element, html, type Markup } from "./markup";
import { byImportance, environmentTable, outcomeOf } from "./outcome";
import { PRINT_STYLE } from "./print-style";
import { STYLE } from "./style";

/** Options for {@link htmlReport}. */
export interface HtmlReportOptions {
  /** How to run this review again, to which `--approve <digest>` is added. @default "npm run review --" */
  readonly command?: string;
}

/**
 * A review as one file for reviewers and auditors, which asks for nothing and shows any text as text. The findings can be
 * read without its script; the matrix needs it. The same review gives the same bytes.
 */
export function htmlReport(
  review: Review,
  { command = "npm run review --" }: HtmlReportOptions = {},
): string {
  const { environments, outcome, head } = review;
  const style = `${STYLE}${PRINT_STYLE}`;
  const script = clientScript();
  // All of a finding is shown, so that findings are alike only if all of them is.
  const found = outline(review, (finding) => JSON.stringify(finding));
  const names = environments.map(({ name }) => name);
  const stacks = environments.flatMap(({ counts }) => counts.map(({ stack }) => stack));
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy(style, script)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>${outcome === "approval needed" ? "Approval needed" : "Review"} – ${head}</title>
    ${element("style", style)}
  </head>
  <body>
    ${environments.length > 0 && html`<a class="skip" href="#access">Skip to who can do what</a>`}${outcomeOf(review, found, command)}
    <main>${environmentTable(environments)}
      <section aria-labelledby="findings">
        <h2 id="findings" tabindex="-1">Findings</h2>${findingControls(names, [...new Set(stacks)].sort())}
        ${findingsOf(review, found)}
      </section>
      ${stackTable(review)}
      ${environments.length > 0 && matrix(byImportance(environments).map((index) => [String(index), names[index] ?? ""]))}
    </main>
    <dialog id="path" aria-labelledby="path-title"></dialog>
    ${environments.map((environment, index) => dataBlock(`data-${index}`, dataOf(environment)))}
    ${element("script", script)}
  </body>
</html>
`.source;
}

/**
 * Who can do what; the page's script puts it there.
 * @param environments the first is shown until another is chosen
 */
function matrix(environments: readonly Option[]): Markup {
  return html`<section aria-labelledby="access">
        <h2 id="access" tabindex="-1">Who can do what</h2>
        <p class="empty" data-no-script>The matrix needs JavaScript. The findings above are complete without it.</p>
        <div id="matrix" data-script hidden>${matrixControls(environments)}
        <ul class="legend" id="legend" aria-label="Levels"></ul>
        <div class="scroll tall" id="region" role="region" aria-label="Access matrix" tabindex="0"></div>
        <p class="more"><button type="button" id="more" hidden></button></p>
        <p class="hint">Tab leads into the matrix, arrow keys from cell to cell, Enter shows the whole path.</p>
        </div>
      </section>`;
}

/** What is shown of access, or why nothing is: that must not hide the findings. */
function dataOf(environment: EnvironmentReview): unknown {
  try {
    return environmentData(environment) ?? { problem: "Neither side's access plan could be read." };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: `The access plans cannot be shown: ${reason}` };
  }
}

/** Lets the page have its own style and script, known by their hashes, and nothing else, wherever from. */
function policy(style: string, script: string): string {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    `script-src ${hash(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
    // What turns text into markup fails, if anybody ever writes it into the script.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** What the page runs, in one piece; it is put together with what puts together the commands of this project. */
function clientScript(): string {
  const { outputFiles } = buildSync({
    entryPoints: ["tools/review/html/client/page.ts"],
    bundle: true,
    format: "iife",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  return outputFiles.map(({ text }) => text).join("");
}
