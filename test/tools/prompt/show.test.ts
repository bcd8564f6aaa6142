import { describe, expect, test } from "@jest/globals";
import { shownMessage, shownResult } from "../../../tools/prompt/show";

const result = (command: string, rowCount: number | null, columns: readonly string[] = [], rows = [[""]]) =>
  shownResult({
    command,
    rowCount,
    oid: 0,
    fields: columns.map((name) => ({
      name,
      tableID: 0,
      columnID: 0,
      dataTypeID: 25,
      dataTypeSize: -1,
      dataTypeModifier: -1,
      format: "text",
    })),
    rows: columns.length > 0 ? rows : [],
  });

describe("what the prompt shows", () => {
  test("of rows: a table, and how many", () => {
    expect(
      result(
        "SELECT",
        2,
        ["id", "title"],
        [
          ["1", "a"],
          ["20", ""],
        ],
      ),
    ).toBe("id  title\n──  ─────\n1   a\n20\n(2 rows)\n");
    expect(result("SELECT", 1, ["id"], [["1"]])).toMatch(/\n\(1 row\)\n$/);
    expect(result("SELECT", 0, ["id"], [])).toMatch(/\n\(0 rows\)\n$/);
  });

  test.each([
    ["INSERT", 2, "INSERT 0 2"],
    ["UPDATE", 0, "UPDATE 0"],
    ["CREATE", null, "CREATE"],
    ["", null, ""],
  ])("of what was done: %s", (command, rows, shown) => {
    expect(result(command, rows)).toBe(shown);
  });

  test("of an error what psql shows, with the place", () => {
    expect(
      shownMessage(
        {
          severity: "ERROR",
          message: 'relation "x" does not exist',
          detail: "d",
          hint: "h",
          where: "w",
          position: "15",
        },
        "select '😀',\n  x\nfrom x;",
      ),
    ).toBe(
      'ERROR:  relation "x" does not exist\nLINE 2:   x\n          ^\nDETAIL:  d\nHINT:  h\nCONTEXT:  w',
    );
    expect(shownMessage({ severity: "NOTICE", message: "by the way" })).toBe("NOTICE:  by the way");
  });

  test("of a long line what is around the place", () => {
    const shown = shownMessage({ message: "m", position: "501" }, `${"a".repeat(500)}X${"b".repeat(500)}`);
    const [, line = "", caret = ""] = shown.split("\n");
    expect(line).toHaveLength("LINE 1: ".length + 120);
    expect(line[caret.indexOf("^")]).toBe("X");
  });

  test("nothing that a terminal obeys", () => {
    const nasty = "\u001b[2J\nERROR:  forged\u202e";
    const all = [
      result("SELECT", 1, [nasty], [[nasty]]),
      shownMessage({ message: nasty, detail: nasty, hint: nasty, where: nasty, position: "2" }, nasty),
    ].join("\n");
    expect(all).not.toMatch(/^ERROR: {2}forged/m);
    for (const obeyed of ["\u001b", "\u202e"]) expect(all).not.toContain(obeyed);
  });
});
