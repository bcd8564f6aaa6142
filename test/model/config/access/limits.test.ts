import { describe, expect, test } from "@jest/globals";
import { problemsOf, warningsOf } from "../../../helpers/environment";
import { withAccess } from "../mistakes";

const GRANTS = "grants: { shop.orders: read-write, shop.billing: read-only, stock.items: read-only }";
/** A file with keys of access.defaults in line 5, of a service in line 8 and of people in line 10. */
const file = (where: "defaults" | "service" | "people", yaml: string, grants = GRANTS): string => {
  const at = (place: string, more: string) => (place === where ? more : "");
  return withAccess(`access:
  defaults: { ${at("defaults", yaml)} }
  databases: { shop: [billing, orders], stock: { schemas: [items, public] }, other: [spare] }
  services:
    a: { namespace: n, database: shop, ${grants}${at("service", `, ${yaml}`)} }
  people:
    b: { principals: ["arn:aws:iam::123456789012:role/B"], ${GRANTS}${at("people", `, ${yaml}`)} }
`);
};
const EVERYWHERE = ["defaults", "service", "people"] as const;
const problem = (yaml: string) => {
  const found = EVERYWHERE.map((where) => problemsOf(file(where, yaml)).map(withoutPlace));
  // The same is wrong wherever it is said.
  for (const each of found) expect(each).toEqual(found[0]);
  expect(found[0]).toHaveLength(1);
  return found[0]?.[0];
};
const withoutPlace = (text: string) => text.replace(/^\d+:\d+: /, "");

describe("limits", () => {
  test.each([
    "connectionLimit: 1",
    "connectionLimit: 5000",
    "statementTimeout: 100ms",
    "statementTimeout: 30s",
    "statementTimeout: 24d",
    "statementTimeout: none",
    "idleInTransactionSessionTimeout: 5min",
    "searchPath: [orders, public]",
    'searchPath: [items, orders, "$user"]',
  ])("%s may be said for all, by a service and by a group of people", (yaml) => {
    for (const where of EVERYWHERE) {
      expect(problemsOf(file(where, yaml))).toEqual([]);
      expect(warningsOf(file(where, yaml))).toEqual(warningsOf(file(where, "")));
    }
  });

  const MUST = "must be a whole number and a unit (ms, s, min, h or d), such as 30s or 5min, or none";
  const RANGE = "must be from 100ms to 24d, or none";
  test.each([
    ["connectionLimit: 0", "must be a whole number from 1 to 5000, got: 0"],
    ["connectionLimit: none", 'must be a whole number from 1 to 5000, got: "none"'],
    ["statementTimeout: 30", "must have a unit: 30s, 30min or 30ms, got: 30"],
    ["idleInTransactionSessionTimeout: 30", "must have a unit: 30s, 30min or 30ms, got: 30"],
    ['statementTimeout: "30"', `${MUST}, got: "30"`],
    ["statementTimeout: 1.5s", `${MUST}, got: "1.5s"`],
    ["statementTimeout: 30 s", `${MUST}, got: "30 s"`],
    ["statementTimeout: -1s", `${MUST}, got: "-1s"`],
    ["statementTimeout: 1h30min", `${MUST}, got: "1h30min"`],
    ["statementTimeout: true", `${MUST}, got: true`],
    ["statementTimeout: 99ms", RANGE],
    ["statementTimeout: 0s", RANGE],
    ["idleInTransactionSessionTimeout: 25d", RANGE],
    ["searchPath: orders", 'must be a list, such as [orders], got: "orders"'],
    ["searchPath: []", "must name a schema; leave the key out for PostgreSQL's own path, got: []"],
    ["searchPath: [orders, orders]", '"orders" is listed twice; remove one'],
    [
      'searchPath: ["orders, public"]',
      'must be the name of a schema, or $user; each is an item of its own, got: "orders, public"',
    ],
  ])("%s is refused everywhere by the same sentence", (yaml, message) => {
    expect(problem(yaml)).toBe(message);
  });

  test("a number without a unit is pointed at", () => {
    expect(problemsOf(file("service", "statementTimeout: 30"))).toEqual([
      "8:144: must have a unit: 30s, 30min or 30ms, got: 30",
    ]);
  });
});

describe("searchPath", () => {
  test.each([
    ["pg_catalog", "may not be in a path: PostgreSQL looks names up in it first as long as no path names it"],
    ["pg_temp", "may not be in a path: PostgreSQL looks names up in it first as long as no path names it"],
    ["PG_TEMP", "starts with pg_, which PostgreSQL keeps for itself; leave it out"],
    ["pg_toast", "starts with pg_, which PostgreSQL keeps for itself; leave it out"],
    ["information_schema", "exists in every database; leave it out"],
  ])("never holds %s", (schema, message) => {
    for (const where of EVERYWHERE) {
      expect(problemsOf(file(where, `searchPath: [orders, ${schema}]`)).join("\n")).toContain(message);
    }
  });

  test("of all holds schemas of the file", () => {
    expect(problemsOf(file("defaults", "searchPath: [spare, order]"))).toEqual([
      '5:35: "order" is not declared under access.databases. Did you mean "orders"?',
    ]);
  });

  test("of one holds schemas that it has a grant in, since PostgreSQL skips any other", () => {
    expect(problemsOf(file("service", "searchPath: [orders, spare]"))[0]).toMatch(
      /^8:\d+: the service has no grant in a schema "spare", and PostgreSQL would look nothing up there\./,
    );
    expect(problemsOf(file("people", "searchPath: [item]"))[0]).toMatch(
      /^10:\d+: the group of people has no grant in a schema "item", and .* Did you mean "items"\?$/,
    );
  });

  test("of an owner is its own schema, and public, in which only the admin creates", () => {
    const owner = "grants: { shop.orders: owner }";
    expect(problemsOf(file("service", "searchPath: [orders, public]", owner))).toEqual([]);
    expect(problemsOf(file("service", "searchPath: [billing, orders]", owner))).toHaveLength(1);
  });
});
