import { terminalText } from "./terminal-text";

/**
 * What neither Markdown nor GitHub takes for anything else than text: words of letters, numbers, and a few signs.
 * GitHub knows more than Markdown does: @team, #1, GH-1, :smile:, www.example.com and the ids of commits.
 */
const PLAIN = /^(?:\(?["']?(?:[A-Za-z]+(?:[-'’][A-Za-z]+)*|\d+)["']?\)?[,;:.?]*|[,;:→−–—…])$/u;
/** As many as GitHub takes for the id of a commit, and what is longer. */
const COMMIT = /[0-9a-f]{7}/i;
/** A number that begins a list when a line begins with it. */
const LIST_NUMBER = /^\d+[.)]/;
/** A word with what stands around it in a sentence. */
const WORD = /^(\(?)(.+?)([,;:.]*)$/u;

/**
 * Text on a Markdown page that shows it as it is, wherever it stands in a line: no emphasis, link, HTML, mention, list or
 * math. Words that could be taken for any of these, which names often could, are shown as code. What is done to | is the
 * table's.
 */
export function markdownText(text: string): string {
  const words = terminalText(text)
    .replace(/^ +| +$/g, "")
    .split(" ");
  return words.map((word, place) => (isPlain(word, place) ? word : withCode(word))).join(" ");
}

function isPlain(word: string, place: number): boolean {
  if (place === 0 && LIST_NUMBER.test(word)) return false;
  return word === "" || (PLAIN.test(word) && !COMMIT.test(word));
}

function withCode(word: string): string {
  const [, before = "", name = word, after = ""] = WORD.exec(word) ?? [];
  // f(x) closes what it opened itself.
  const closes = before !== "" && /^[^(]+\)$/.test(name);
  const code = codeSpan(closes ? name.slice(0, -1) : name);
  return `${before}${code}${closes ? ")" : ""}${after}`;
}

/** A name on a Markdown page, as code: `_orders_` would be shown as another one. */
export function markdownCode(name: string): string {
  return name === "" ? "" : codeSpan(terminalText(name));
}

function codeSpan(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  // Of a space on both sides, one is not shown.
  const space = /^`|`$|^ .*[^ ].* $/.test(text) ? " " : "";
  return `${fence}${space}${text}${space}${fence}`;
}

/** Lines on a Markdown page, each shown as it is: for what may be long. */
export function markdownLines(lines: readonly string[]): string {
  const texts = lines.map(terminalText);
  const fence = "`".repeat(Math.max(3, longestRun(texts.join("\n")) + 1));
  return [fence, ...texts, fence].join("\n");
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
