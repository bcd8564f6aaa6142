import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { markdownCode, markdownLines, markdownText } from "../../lib/markdown";
import { markdownTable } from "../../lib/table";
import { terminalText } from "../../lib/terminal-text";
import { nastyText, withoutCode } from "../helpers/nasty";

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
  ["by (f(x), y).", "by (`f(x)`, y)."],
  ["@team, #1: :smile:", "`@team`, `#1`: `:smile`:"],
  ["`a` ``", "`` `a` `` ``` `` ```"],
  ["1. list", "`1`. list"],
  ["deadbee 1234567 DEFACED", "`deadbee` `1234567` `DEFACED`"],
  ["a\n## b\u001b[31m", "`a\\u{a}##` `b\\u{1b}[31m`"],
])("%j is shown as it is on a Markdown page", (text, markdown) => {
  expect(markdownText(text)).toBe(markdown);
});

test("whatever a text holds, Markdown shows all of it and takes nothing of it for anything else", () => {
  fc.assert(
    fc.property(fc.oneof(nastyText, fc.string()), (text) => {
      const { shown, outside } = withoutCode(markdownText(text));
      expect(shown).toBe(terminalText(text).replace(/^ +| +$/g, ""));
      expect(outside).toMatch(/^[A-Za-z0-9 ()'’"?,;:.→−–—…•-]*$/u);
      // GitHub's: a mention, an issue, a commit, a site, a list.
      expect(outside).not.toMatch(/[0-9a-f]{7}|[a-z]-\d|\w:\w|\w\.\w|^ *\d+[.)]|^ *[-+]/i);
    }),
    { numRuns: 2000 },
  );
});

test("a name is shown as code with every character of it", () => {
  fc.assert(
    fc.property(nastyText, (name) => {
      const { shown, outside } = withoutCode(markdownCode(name));
      expect({ shown, outside }).toEqual({ shown: terminalText(name), outside: name === "" ? "" : "•" });
    }),
    { numRuns: 2000 },
  );
  expect(["a", " a", " a ", " ", "`a", "a``"].map(markdownCode)).toEqual([
    "`a`",
    "` a`",
    "`  a  `",
    "` `",
    "`` `a ``",
    "``` a`` ```",
  ]);
});

test("nothing in lines of code ends them", () => {
  fc.assert(
    fc.property(fc.array(nastyText), (lines) => {
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
