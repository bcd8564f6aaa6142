import fc from "fast-check";

/** Pieces of text that Markdown, GitHub, HTML, a CI or a terminal would take for something else than text. */
const PIECES = [
  ..."\\`*_{}[]<>#!~$&|@:;.,()-+=/'\" \n\t0a",
  "``",
  "```",
  "@org/team",
  "#1",
  "GH-1",
  "org/repo#1",
  ":smile:",
  "www.example.com",
  "https://example.com",
  "a@example.com",
  "deadbee",
  "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
  "[a](b)",
  "![a](b)",
  "[^1]",
  "[ ]",
  "<!--",
  "-->",
  "<b>",
  "</details>",
  "&amp;",
  "1.",
  "1)",
  "---",
  "===",
  "~~~",
  "$`x`$",
  "::add-mask::x",
  "##[group]",
  "##vso[task.complete]",
  "\r\n",
  "\u202e",
  "\u200b",
  "\u2028",
  "\u001b[31m",
  "\u00a0",
  "    ",
  "orders-api",
  "read-only",
  "→",
];

/** A text of such pieces. */
export const nastyText = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 8 })
  .map((parts) => parts.join(""));

/** What a CI obeys on a line, as actions/runner has it: the newer form after any space, the older one anywhere. */
export const OBEYED_BY_CI = /^\s*::|##[a-z]*\[/i;

/** What a line of Markdown has outside of its code, for which • stands, as CommonMark reads it; and all that it shows. */
export function withoutCode(markdown: string): { readonly outside: string; readonly shown: string } {
  let outside = "";
  let shown = "";
  let rest = markdown;
  while (rest !== "") {
    const [all, , code] = /^(`+)(?!`)(.+?)(?<!`)\1(?!`)/.exec(rest) ?? [];
    // A run of backticks that nothing closes is text as a whole: no shorter one begins in the middle of it.
    const taken = all ?? /^`+|^[^`]/.exec(rest)?.[0] ?? rest;
    outside += code === undefined ? taken : "•";
    shown += code === undefined ? taken : /^ .*[^ ].* $/.test(code) ? code.slice(1, -1) : code;
    rest = rest.slice(taken.length);
  }
  return { outside, shown };
}
