import { createHash } from "node:crypto";
import { buildSync } from "esbuild";
import { matrixControls, type Option } from "./controls";
import { dataBlock, element, html, type Markup } from "./markup";
import type { EnvironmentData } from "./page-data";
import { PRINT_STYLE } from "./print-style";
import { STYLE } from "./style";

/** Parts of a page. */
export interface Page {
  readonly title: string;
  readonly header: Markup;
  /** What comes before who can do what. @default nothing */
  readonly main?: Markup;
  /** Who can do what in each environment, or why that is not shown; the first is shown until another is chosen. */
  readonly environments: readonly PageEnvironment[];
}

/** Access in an environment, for the page's script. */
export interface PageEnvironment {
  readonly name: string;
  readonly data: EnvironmentData | { readonly problem: string };
}

/** A whole page in one file, which asks for nothing and shows any text as text. */
export function pageOf({ title, header, main, environments }: Page): string {
  const style = `${STYLE}${PRINT_STYLE}`;
  const script = clientScript();
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy(style, script)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>${title}</title>
    ${element("style", style)}
  </head>
  <body>
    ${environments.length > 0 && html`<a class="skip" href="#access">Skip to who can do what</a>`}
    <header>${header}
    </header>
    <main>${main}
      ${environments.length > 0 && matrix(environments.map(({ name }, index) => [String(index), name]))}
    </main>
    <dialog id="path" aria-labelledby="path-title"></dialog>
    ${environments.map(({ data }, index) => dataBlock(`data-${index}`, data))}
    ${element("script", script)}
  </body>
</html>
`.source;
}

/** Who can do what; the page's script puts it there. */
function matrix(environments: readonly Option[]): Markup {
  return html`<section aria-labelledby="access">
        <h2 id="access" tabindex="-1">Who can do what</h2>
        <p class="empty" data-no-script>The matrix needs JavaScript; access.md has it without. All else on this page is complete.</p>
        <div id="matrix" data-script hidden>${matrixControls(environments)}
        <ul class="legend" id="legend" aria-label="Levels"></ul>
        <div class="scroll tall" id="region" role="region" aria-label="Access matrix" tabindex="0"></div>
        <p class="more"><button type="button" id="more" hidden></button></p>
        <p class="hint">Tab leads into the matrix, arrow keys from cell to cell, Enter shows the whole path.</p>
        </div>
      </section>`;
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
