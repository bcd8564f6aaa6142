import { terminalText } from "../../../lib/terminal-text";

/** Markup that is safe to put on the page: only {@link html} and {@link dataBlock} make it. */
export class Markup {
  constructor(readonly source: string) {}
}

/** What {@link html} puts in: text is escaped, markup stays, nothing is nothing. */
export type Part = Markup | string | number | false | undefined | readonly Part[];

/**
 * Markup with values in it. Each text is shown as it is: no tag, no entity, and what a browser would obey or hide, such as
 * a mark of the writing direction, is written as a terminal would be shown it.
 */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    literals
      .map((literal, index) => (index === 0 ? literal : `${source(parts[index - 1])}${literal}`))
      .join(""),
  );
}

/** Markup of elements whose content is neither escaped nor read as markup: a script or a style sheet of ours. */
export function element(name: "script" | "style", content: string): Markup {
  return new Markup(`<${name}>${content}</${name}>`);
}

/**
 * Data for the page's script, as a block that a browser neither runs nor reads as markup. JSON may write any character as
 * an escape; those that would end the block or a line of JavaScript are.
 */
export function dataBlock(id: string, data: unknown): Markup {
  const json = JSON.stringify(data, (_, value: unknown) =>
    typeof value === "string" ? terminalText(value) : value,
  ).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return html`<script type="application/json" id="${id}">${new Markup(json)}</script>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function source(part: Part): string {
  if (part instanceof Markup) return part.source;
  if (part === undefined || part === false) return "";
  if (typeof part === "object") return part.map(source).join("");
  return terminalText(String(part)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
