import { expect, test } from "@jest/globals";
import { expectation } from "../../../model/access/expectation";
import { accessPlan } from "../../../model/access/plan";
import type { LiveCatalog, LiveObjects } from "../../../tools/catalog/live-catalog";
import { compareCatalog } from "../../../tools/verify/compare-catalog";
import { parse } from "../../helpers/environment";
import { asPlanned } from "../../helpers/live-catalog";

const expected = expectation(accessPlan(parse()));
const clean = asPlanned(expected);

const namesOf = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);
/** A server on which a stranger owns so many tables, and everybody may read them. */
const withTables = (count: number): LiveCatalog => {
  const tables = (objects: readonly LiveObjects[]) =>
    objects.flatMap((each) =>
      each.schema === "orders" && each.kind === "table"
        ? [
            {
              ...each,
              owner: "stranger",
              names: namesOf(count),
              grants: [...each.grants, { grantee: "public", privilege: "SELECT", grantable: false }],
            },
          ]
        : [each],
    );
  const databases = clean.databases.map((each) => ({ ...each, objects: tables(each.objects) }));
  return { ...clean, databases };
};
const found = (live: LiveCatalog) =>
  compareCatalog(expected, live).findings.map(({ topic, subject, unnamed }) => [topic, subject, unnamed]);

test("findings that say how many objects there are, and not which, are marked: nobody can accept them", () => {
  expect(found(withTables(11))).toEqual([
    ["owner", "11 tables in shop.orders", true],
    ["grant", "11 tables in shop.orders", true],
  ]);
  const ten = `10 tables in shop.orders: ${namesOf(10).join(", ")}`;
  expect(found(withTables(10))).toEqual([
    ["owner", ten, undefined],
    ["grant", ten, undefined],
  ]);
});

test("so is what is missing on many objects", () => {
  const databases = withTables(11).databases.map((each) => ({
    ...each,
    objects: each.objects.map((objects) =>
      objects.names.length > 10 ? { ...objects, owner: "shop_orders_owner", grants: [] } : objects,
    ),
  }));
  const missing = found({ ...clean, databases });
  expect(missing.length).toBeGreaterThan(0);
  expect(missing.every(([, , unnamed]) => unnamed === true)).toBe(true);
});

test("so are the objects of another database, which are only counted", () => {
  const belonging = { role: "orders_api", owns: true, database: "other", schema: null, owner: "orders_api" };
  const other = { ...belonging, type: null, identity: null, count: 3 };
  const named = { ...belonging, database: null, type: "tablespace", identity: "fast", count: 1 };
  expect(found({ ...clean, belongings: [other, named] })).toEqual([
    ["owner", "database user orders_api", true],
    ["owner", "database user orders_api", undefined],
  ]);
});
