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
  namespaces: { n: {} }
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

describe("what fits most and not one", () => {
  const text = (defaults: string, owner: string, api: string) =>
    withAccess(`access:
  defaults: { ${defaults} }
  databases: { shop: { schemas: [billing, orders], extensions: [pg_trgm] }, stock: [items] }
  services:
    m: { namespace: n, grants: { shop.orders: owner }${owner} }
    a: { namespace: n, grants: { stock.items: owner }, statementTimeout: none${api} }
  namespaces: { n: {} }
`);
  const said = (defaults: string, owner = "", api = "") =>
    warningsOf(text(defaults, owner, api)).filter((line) => !line.includes("no identity owns"));

  test("a time for everybody's statements is warned of where it ends migrations, until they have their own", () => {
    expect(said("statementTimeout: 30s")).toEqual([
      '8:5: each statement of "m"\'s migrations ends after 30s, as for everybody; give it a statementTimeout of its own, or none',
    ]);
    expect(said("statementTimeout: 30s", ", statementTimeout: 30s")).toEqual([]);
    expect(said("statementTimeout: none")).toEqual([]);
    expect(said("idleInTransactionSessionTimeout: 30s")).toEqual([]);
  });

  const LEFT_OUT =
    "the extensions of shop are in public, which this path leaves out, so their functions, operators and types are not found by their names alone; add public at its end";

  test("a path without public is warned of where it hides extensions, and nowhere else", () => {
    expect(said("", ", searchPath: [orders]")).toEqual([`8:56: ${LEFT_OUT}`]);
    expect(said("", ", searchPath: [orders, public]")).toEqual([]);
    expect(said("", "", ", searchPath: [items]")).toEqual([]);
    expect(said("searchPath: [orders]")).toEqual([`5:15: ${LEFT_OUT}`]);
    expect(said("searchPath: [items]", ", searchPath: [public]")).toEqual([]);
  });
});
