import { describe, expect, test } from "@jest/globals";
import { type AccessPlan, accessPlan } from "../../../model/access/plan";
import { databaseScript, databaseSql } from "../../../model/access/sql";
import { quoteIdentifier, quoteLiteral } from "../../../model/postgresql/quoting";
import { parse } from "../../helpers/environment";

describe("the SQL of a database", () => {
  test("says first from which file it came, and what it does", () => {
    expect(databaseScript(accessPlan(parse()), "shop")).toMatch(
      /^-- Access to the database shop of the environment test, rendered from test\.yaml\.\n/,
    );
  });

  test("looks no name up in anybody's schema, in either of its sessions", () => {
    const own = databaseScript(accessPlan(parse()), "shop")
      .split("\n")
      .filter((line) => line !== "" && !/^(--|\\(set|pset|o)\b)/.test(line));
    expect(own[0]).toBe("SET search_path = '';");
    expect(own.slice(own.indexOf('\\connect "shop"') + 1).slice(0, 2)).toEqual([
      "BEGIN;",
      "SET LOCAL search_path = pg_catalog;",
    ]);
  });

  test("of a database that is not in the plan is an error", () => {
    expect(() => databaseSql(accessPlan(parse()), "nope")).toThrow("The plan of test has no database nope.");
  });

  test("cannot be left by a name, whatever is in it", () => {
    const evil = `x"; DROP DATABASE shop; --\n'$body$; \\! id`;
    const plan: AccessPlan = JSON.parse(
      JSON.stringify(accessPlan(parse())).replaceAll("orders", JSON.stringify(evil).slice(1, -1)),
    );
    const { apply } = databaseSql(plan, "shop");
    // What remains outside of quotes, dollar quotes and comments is the script's own.
    const own = apply.replace(
      /(\$(?:function|body\d*)\$)[\s\S]*?\1|E'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--.*$/gm,
      "",
    );
    expect(own).toContain("CREATE SCHEMA IF NOT EXISTS");
    expect(own).not.toMatch(/DROP|\\|\bid\b|\$body/);
    expect(apply).toContain("$body1$");
  });
});

test("identifiers and literals are quoted", () => {
  expect(quoteIdentifier('a"b')).toBe('"a""b"');
  expect(quoteLiteral("it's")).toBe("'it''s'");
  expect(quoteLiteral("a\\b")).toBe("E'a\\\\b'");
});
