import { describe, expect, test } from "@jest/globals";
import { type AccessPlan, accessPlan } from "../../../model/access/plan";
import { databaseScript, databaseSql } from "../../../model/access/sql";
import { quoteIdentifier, quoteLiteral } from "../../../model/postgresql/quoting";
import { MINIMAL, parse } from "../../helpers/environment";

describe("the SQL of a database", () => {
  test("says first from which file it came, and then what is there afterwards and what is taken away", () => {
    const file = parse(
      MINIMAL.replace("[billing, orders]", "{ schemas: [orders, public], extensions: [citext] }")
        .replace("read-write }", "read-write, shop.public: read-only }\n      statementTimeout: 30s")
        .replace(
          "  services:\n",
          `  people:
    analysts:
      principals: ["arn:aws:iam::123456789012:role/a"]
      members: [anna@acme.com, ben@acme.com]
      grants: { shop.orders: read-only }
  services:
    mover: { namespace: shop, connectionLimit: 2, grants: { shop.orders: owner } }
`,
        ),
    );
    const lines = databaseScript(accessPlan(file), "shop").split("\n");
    const summary = lines.slice(0, lines.indexOf("\\set ON_ERROR_STOP on"));
    expect(summary.slice(0, 19)).toEqual([
      "-- Access to the database shop of the environment test, rendered from test.yaml.",
      "-- Change that file and render again (npm run synth); a change made here is lost.",
      "--",
      "-- What is there afterwards, for those who do not run Terraform:",
      "--   database shop, made if it is missing",
      "--   extension citext in public",
      "--   schema orders: owner shop_orders_owner, read-write shop_orders_rw, read-only shop_orders_ro",
      "--   schema public, the admin's: read-write shop_public_rw, read-only shop_public_ro",
      "-- Each level of a schema is a role that nobody logs in as:",
      expect.stringMatching(/^-- {3}read-only: SELECT on tables/),
      expect.stringMatching(/^-- {3}read-write: SELECT, INSERT/),
      expect.stringMatching(/^-- {3}owner: owns the schema/),
      "-- Database users. They log in by IAM alone (rds_iam), have no password, and what their groups have:",
      "--   analysts_anna, analysts_ben: read-only orders; at most 100 connections each",
      "--   mover: owner orders; at most 2 connections; sessions run as shop_orders_owner",
      "--   orders_api: read-write orders, read-only public; at most 100 connections; statements end after 30s",
      '-- Sessions of postgres, which is to run this: search_path="", lock_timeout=60s',
      "--",
      "-- What is taken away:",
    ]);
    expect(summary.join("\n")).toMatch(/from PUBLIC.*\n.*from these roles.*\n.*from these users/);
    expect(summary.at(-1)).toContain("-v dry_run=1");
    expect(summary.every((line) => line.startsWith("--"))).toBe(true);
  });

  test("says whom it is about before it says how, and runs last", () => {
    const script = databaseScript(accessPlan(parse()), "shop");
    const order = [
      "-- Access to the database",
      "FUNCTION pg_temp.access() ",
      'CREATE SCHEMA IF NOT EXISTS "orders"',
      "FUNCTION pg_temp.ensure_role(",
      "SELECT pg_temp.access();",
      "COMMIT;",
    ].map((text) => script.indexOf(text));
    expect(order).toEqual([...order].sort((left, right) => left - right));
    expect(order).not.toContain(-1);
  });

  test("looks no name up in anybody's schema, in either of its sessions", () => {
    const own = databaseScript(accessPlan(parse()), "shop")
      .split("\n")
      .filter((line) => line !== "" && !/^(--|\\(set|pset|o)\b)/.test(line));
    expect(own[0]).toBe("SET search_path = '';");
    expect(own.slice(own.indexOf("\\connect :database") + 1).slice(0, 2)).toEqual([
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
    // What is run at the end is in dollar quotes itself, in a tag that no name has.
    expect(apply.split("$body1$")).toHaveLength(3);
    const opened = apply.replaceAll("$body1$", "");
    // What remains outside of quotes, dollar quotes and comments is the script's own.
    const own = opened.replace(
      /(\$function\$)[\s\S]*?\1|E'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--.*$/gm,
      "",
    );
    expect(own).toContain("CREATE SCHEMA IF NOT EXISTS");
    expect(own).not.toMatch(/DROP DATABASE|\\|\bid\b|\$body/);
  });
});

test("identifiers and literals are quoted", () => {
  expect(quoteIdentifier('a"b')).toBe('"a""b"');
  expect(quoteLiteral("it's")).toBe("'it''s'");
  expect(quoteLiteral("a\\b")).toBe("E'a\\\\b'");
});
