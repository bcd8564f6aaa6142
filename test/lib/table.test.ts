import { expect, test } from "@jest/globals";
import { markdownTable, textTable } from "../../lib/table";

const TABLE = {
  header: ["name", "kind"],
  rows: [
    ["a|b", "x"],
    ["c\nd", ""],
  ],
};

test("a terminal's table has columns as wide as their widest cell, and a line for each row", () => {
  expect(textTable(TABLE)).toBe("name     kind\n───────  ────\na|b      x\nc\\u{a}d");
});

test("a Markdown table has a line for each row, and no cell ends early", () => {
  expect(markdownTable(TABLE)).toBe("| name | kind |\n| --- | --- |\n| a\\|b | x |\n| c d |  |");
});
