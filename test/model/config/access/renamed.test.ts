import { expect, test } from "@jest/globals";
import { accessPlan } from "../../../../model/access/plan";
import { protectedParts } from "../../../../model/access/protected";
import { parse, problemsOf } from "../../../helpers/environment";
import { withAccess } from "../mistakes";

const file = (renamed: string, databases = "{ shop: [billing, sales, public], log: [events] }") =>
  withAccess(`access:\n  databases: ${databases}\n  renamed: { ${renamed} }\n`);

test.each<[string, string, string]>([
  [
    "a name without meaning",
    "a.b.c: shop.sales",
    '6:14: the name "a.b.c" must be a database, or <database>.<schema>',
  ],
  ["a schema that becomes a database", "shop.orders: shop", "6:27: a database becomes a database"],
  ["an old name that is still there", "shop.billing: shop.sales", '6:28: "shop.billing" is still declared'],
  [
    "a new name that is not there",
    "shop.orders: shop.sale",
    '"shop.sale" is not declared under access.databases. Did you mean "shop.sales"?',
  ],
  ["two that become one", "shop.orders: shop.sales, shop.old: shop.sales", 'two have become "shop.sales"'],
  ["a schema that moves to another database", "shop.orders: log.events", "a schema stays in its database"],
  ["PostgreSQL's own schema", "shop.orders: shop.public", '"public" belongs to PostgreSQL'],
  [
    "a database and its schema at once",
    "kiosk: shop, shop.orders: shop.sales",
    'the database "shop" is being renamed too: one after the other',
  ],
])("%s is refused as a new name", (_, renamed, problem) => {
  expect(problemsOf(file(renamed)).join("\n")).toContain(problem);
});

test("what has a new name says what it was called, and so does everything in a database", () => {
  const parts = (renamed: string) =>
    protectedParts(accessPlan(parse(file(renamed)))).filter(({ renamedFrom }) => renamedFrom !== undefined);
  expect(parts("shop.orders: shop.sales")).toEqual([
    { name: "schema shop.sales", renamedFrom: "schema shop.orders" },
  ]);
  expect(parts("journal: log")).toEqual([
    { name: "database log", renamedFrom: "database journal" },
    { name: "schema log.events", renamedFrom: "schema journal.events" },
  ]);
});
