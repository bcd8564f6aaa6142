import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { markdownCode, markdownLines, markdownText } from "../../lib/markdown";
import { markdownTable } from "../../lib/table";
import { terminalText } from "../../lib/terminal-text";

/** What Markdown, GitHub or a CI would take for something else than text. */
const NASTY = [
  ..."\\`*_{}[]<>#!~$&|@:;.,()-+=/'\" \n\t",
  "``",
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
  "```",
  "~~~",
  "$`x`$",
  "::add-mask::x",
  "##[group]",
  "\u202e",
  "\u200b",
  "\u001b[31m",
  "\u00a0",
  "orders-api",
  "read-only",
  "→",
];
const nasty = fc.array(fc.constantFrom(...NASTY), { maxLength: 8 }).map((parts) => parts.join(""));

/** Text and code of a line of Markdown, as CommonMark reads code spans. */
function parsed(markdown: string): { shown: string; outside: string } {
  let outside = "";
  let shown = "";
  let rest = markdown;
  while (rest !== "") {
    const [all, , code] = /^(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/.exec(rest) ?? [];
    if (all !== undefined && code !== undefined) {
      shown += /^ .*[^ ].* $/.test(code) ? code.slice(1, -1) : code;
      rest = rest.slice(all.length);
    } else {
      outside += rest.charAt(0);
      shown += rest.charAt(0);
      rest = rest.slice(1);
    }
  }
  return { shown, outside };
}

test.each([
  ["orders and a well-known (old) one, in 3 parts.", "orders and a well-known (old) one, in 3 parts."],
  [
    "shop.billing read-only → read-write (gains INSERT, UPDATE)",
    "`shop.billing` read-only → read-write (gains INSERT, UPDATE)",
  ],
  [
    "by arn:aws:iam::1:role/a, f(x) and (_b_, c_d).",
    "by `arn:aws:iam::1:role/a`, `f(x)` and (`_b_`, `c_d)`.",
  ],
  ["@team, #1: :smile:", "`@team`, `#1`: `:smile`:"],
  ["`a` ``", "`` `a` `` ``` `` ```"],
  ["1. list", "`1`. list"],
  ["deadbee 1234567 defaced", "`deadbee` `1234567` `defaced`"],
  ["a\n## b\u001b[31m", "`a\\u{a}##` `b\\u{1b}[31m`"],
])("%j is shown as it is on a Markdown page", (text, markdown) => {
  expect(markdownText(text)).toBe(markdown);
});

test("whatever a text holds, Markdown shows all of it and takes nothing of it for anything else", () => {
  fc.assert(
    fc.property(fc.oneof(nasty, fc.string()), (text) => {
      const { shown, outside } = parsed(markdownText(text));
      expect(shown).toBe(terminalText(text).replace(/^ +| +$/g, ""));
      expect(outside).toMatch(/^[A-Za-z0-9 ()'’"?,;:.→−–—…-]*$/u);
      // GitHub's: a mention, an issue, a commit, a site, a list.
      expect(outside).not.toMatch(/[0-9a-f]{7}|[a-z]-\d|\w:\w|\w\.\w|^ *\d+[.)]|^ *[-+]/i);
    }),
    { numRuns: 2000 },
  );
});

test("a name is shown as code with every character of it", () => {
  fc.assert(
    fc.property(nasty, (name) => {
      const { shown, outside } = parsed(markdownCode(name));
      expect({ shown, outside }).toEqual({ shown: terminalText(name), outside: "" });
    }),
    { numRuns: 2000 },
  );
  expect(markdownCode("a")).toBe("`a`");
});

test("nothing in lines of code ends them", () => {
  fc.assert(
    fc.property(fc.array(nasty), (lines) => {
      const [fence = "", ...rest] = markdownLines(lines).split("\n");
      expect(fence).toMatch(/^`{3,}$/);
      expect(rest.pop()).toBe(fence);
      expect(rest).toEqual(lines.map(terminalText));
      for (const line of rest) expect(line).not.toContain(fence);
    }),
  );
});

test("a cell with a | stays one cell", () => {
  expect(markdownTable({ header: ["a"], rows: [[markdownText("x | y")]] })).toContain("| x `\\|` y |");
});
