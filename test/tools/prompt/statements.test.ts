import { describe, expect, test } from "@jest/globals";
import { Statements } from "../../../tools/prompt/statements";

/** Each is one statement up to its last semicolon, whatever is in it. */
const WHOLE = [
  "select 1;",
  "select ';';",
  "select 'it''s; so';",
  "select ';' ';';",
  "select E'\\';';",
  "select e'a\\\\';",
  "select E'a'';\\'b;';",
  "select 'a\\';",
  'select ";" from "a"";b";',
  "select $$;$$;",
  "select $a$;$b$;$$;$a$;",
  "select $ä1$;$ä1$;",
  "select a$b$;",
  "select $1, '$', 2;",
  "select -- ; \n1;",
  "select /* ; /* ; */ ; */ 1;",
  "select 1 - -1 / 2 * 3;",
  "create rule r as on insert to t do also (delete from a; delete from b);",
  "create function f() returns int begin atomic; select 1; select case when true then 1 end; end;",
  "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END;",
  "begin;",
  "select case when true then 1 end;",
  "select 'type', typee from t;",
  "select [1;",
  "select ) ;",
];

describe("where a statement ends", () => {
  test.each(WHOLE)("%s", (statement) => {
    const statements = new Statements();
    expect(statements.add(`${statement} select 2`)).toEqual([statement]);
    expect(statements.take()).toBe("select 2");
  });

  test("it is the same when they come in line by line", () => {
    const all = WHOLE.filter((statement) => statement !== "select [1;").join("\n");
    const once = new Statements().add(all);
    expect(once).toHaveLength(WHOLE.length - 1);
    const pieces = new Statements();
    expect(all.split("\n").flatMap((line) => pieces.add(`${line}\n`))).toEqual(once);
    expect(pieces.empty).toBe(true);
  });

  test.each([
    "select '",
    'select "',
    "select $$",
    "select /* /* */",
    "select (",
    "select E'\\",
    "-- x",
    "select",
  ])("is not there yet: %s", (begun) => {
    const statements = new Statements();
    expect(statements.add(`${begun};`)).toEqual(begun === "select" ? ["select;"] : []);
    expect(statements.empty).toBe(begun === "select");
  });

  test("semicolons alone are no statements", () => {
    const statements = new Statements();
    expect(statements.add(" ;;\n; select 1;; ")).toEqual(["select 1;"]);
    expect(statements.empty).toBe(true);
  });

  test("what was dropped does not count any more", () => {
    const statements = new Statements();
    statements.add("create function f() begin atomic select (");
    expect(statements.take()).toBe("create function f() begin atomic select (");
    expect(statements.add("select 1;")).toEqual(["select 1;"]);
  });

  test("a text of a million characters is no problem", () => {
    const long = `select '${"x''".repeat(300_000)}', ${"(".repeat(1_000)}${")".repeat(1_000)};`;
    expect(new Statements().add(long)).toEqual([long]);
  });
});
