import { expect, test } from "@jest/globals";
import { markdownText } from "../../lib/markdown";
import { markdownTable } from "../../lib/table";

test.each([
  ["orders, 10.0.0.0/16 (eu-west-1)", "orders, 10.0.0.0/16 (eu-west-1)"],
  ["_a_ *b* `c` ~d~ $e$ # f", "\\_a\\_ \\*b\\* \\`c\\` \\~d\\~ \\$e\\$ \\# f"],
  ["<script>&amp;![a](b)", "\\<script\\>\\&amp;\\!\\[a\\](b)"],
  ["a\n## b\u001b[31m", "a\\\\u\\{a\\}\\#\\# b\\\\u\\{1b\\}\\[31m"],
])("%j is shown as it is on a Markdown page", (text, markdown) => {
  expect(markdownText(text)).toBe(markdown);
});

test("a cell with a | stays one cell", () => {
  expect(markdownTable({ header: ["a"], rows: [[markdownText("x | y")]] })).toContain("| x \\| y |");
});
