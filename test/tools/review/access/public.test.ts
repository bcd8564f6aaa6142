import { describe, expect, test } from "@jest/globals";
import { altered, compared, databaseIn, type Json, planOf } from "./plans";

const dev = planOf("dev");

describe("PUBLIC", () => {
  test.each([
    ["database", undefined, undefined, "database shop (gains CONNECT, TEMPORARY on the database)"],
    ["schema", "public", undefined, "shop.public (gains USAGE on the schema)"],
    ["function", "billing", undefined, "shop.billing (gains EXECUTE on functions that exist)"],
    [
      "function",
      undefined,
      "shop_billing_owner",
      "database shop (gains EXECUTE on functions that shop_billing_owner creates in any schema)",
    ],
    [
      "function",
      undefined,
      "postgres",
      "database shop (gains EXECUTE on functions that postgres creates in any schema)",
    ],
  ])(
    "a revoke on a %s that is no longer there is access for everybody",
    (objectType, schema, createdBy, words) => {
      const after = altered(dev, (plan) => {
        const shop = databaseIn(plan, "shop");
        shop.grants = shop.grants.filter(
          (grant: Json) =>
            !(
              grant.role === "public" &&
              grant.objectType === objectType &&
              grant.schema === schema &&
              grant.createdBy === createdBy
            ),
        );
      });
      expect(compared(dev, after)).toEqual([`access-gained: PUBLIC: ${words}`]);
      expect(compared(after, dev)).toEqual([`access-lost: PUBLIC: ${words.replace("gains", "loses")}`]);
    },
  );

  test("what is granted to it is its own finding, not everybody's", () => {
    const after = altered(dev, (plan) => {
      databaseIn(plan, "shop").grants.push({
        role: "public",
        objectType: "table",
        schema: "billing",
        privileges: ["SELECT"],
      });
    });
    expect(compared(dev, after)).toEqual([
      "access-gained: PUBLIC: shop.billing (gains SELECT on tables that exist)",
    ]);
  });

  test("what it gains is not put together with what an identity gains in the same way", () => {
    const after = altered(dev, (plan) => {
      const grant = { objectType: "table", schema: "billing", privileges: ["SELECT"] };
      databaseIn(plan, "shop").grants.push(
        { role: "public", ...grant },
        { role: "orders_migrations", ...grant },
      );
    });
    expect(compared(dev, after).filter((line) => line.startsWith("access"))).toEqual([
      "access-gained: PUBLIC: shop.billing (gains SELECT on tables that exist)",
      "access-gained: orders-migrations: shop.billing (gains SELECT on tables that exist)",
    ]);
  });

  test("a new schema whose functions are not taken from it is found", () => {
    const without = planOf("dev", { "[billing, orders]": "[orders, parts, billing]" });
    const after = altered(without, (plan) => {
      const shop = databaseIn(plan, "shop");
      shop.grants = shop.grants.filter(
        (grant: Json) => grant.role !== "public" || grant.createdBy !== "shop_parts_owner",
      );
    });
    expect(compared(dev, after)).toContain(
      "access-gained: PUBLIC: database shop (gains EXECUTE on functions that shop_parts_owner creates in any schema)",
    );
    expect(compared(dev, without)).toEqual(["schema-added: shop.parts: a new schema"]);
  });

  test("a revoke of what it never has is unexplained, since nobody knows what it is for", () => {
    const after = altered(dev, (plan) => {
      databaseIn(plan, "shop").grants.push({
        role: "public",
        objectType: "table",
        schema: "billing",
        privileges: [],
      });
    });
    expect(compared(dev, after)).toEqual([
      "unexplained: shop.billing: public is granted the same in another way",
    ]);
  });
});
