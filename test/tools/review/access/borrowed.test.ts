import { describe, expect, test } from "@jest/globals";
import { altered, compared, databaseIn, identityIn, planOf } from "./plans";

const dev = planOf("dev");
const prod = planOf("prod");

describe("whose code newly runs as whom", () => {
  test("a new service gives the authors of what it uses what it may do elsewhere", () => {
    const after = planOf("dev", {
      "  people:":
        "    fifth:\n      namespace: fifth\n      grants: { shop.orders: read-only, shop.billing: read-write }\n  people:",
    });
    expect(compared(dev, after).slice(1)).toEqual([
      "  borrowed-rights-gained: shop.orders: orders-migrations, who may write its code, gains INSERT, UPDATE, DELETE on tables, USAGE on sequences, EXECUTE on functions in shop.billing through fifth",
    ]);
  });

  test("what a new service gives is said in full, since its line says more than that", () => {
    const only = (...keys: string[]) =>
      altered(dev, (plan) => {
        plan.identities = keys.map((key) => identityIn(plan, key));
      });
    expect(compared(only("orders-migrations"), only("orders-api", "orders-migrations"))).toContain(
      "  borrowed-rights-gained: shop.orders: orders-migrations, who may write its code, gains SELECT on tables and sequences, USAGE on the schema in shop.billing through orders-api",
    );
  });

  test("who gains and does not use the code gives its authors nothing", () => {
    const before = planOf("dev", { "{ shop.billing: read-write }": "{ shop.billing: read-only }" });
    const after = planOf("dev", {
      "shop.orders: read-write, shop.billing: read-only": "shop.orders: read-write, shop.billing: read-write",
    });
    expect(compared(before, after)).toEqual([
      expect.stringMatching(/^access-gained: billing-worker: shop\.billing read-only → read-write/),
      expect.stringMatching(/^access-gained: orders-api: shop\.billing read-only → read-write/),
      "  borrowed-rights-gained: shop.orders: orders-migrations, who may write its code, gains the same through orders-api",
    ]);
  });

  test("a service that newly uses a schema gives its authors all that it may do elsewhere", () => {
    const after = planOf("dev", {
      "grants: { shop.billing: read-write }": "grants: { shop.billing: read-write, shop.orders: read-only }",
    });
    expect(compared(dev, after)).toEqual([
      "access-gained: billing-worker: shop.orders no access → read-only (gains SELECT on tables and sequences, USAGE on the schema)",
      "  borrowed-rights-gained: shop.orders: orders-migrations, who may write its code, gains INSERT, UPDATE, DELETE on tables, USAGE on sequences, EXECUTE on functions in shop.billing through billing-worker",
    ]);
  });

  test("what authors have through others already is not said again", () => {
    const before = altered(dev, (plan) => {
      const grant = { role: "on_call", objectType: "table", schema: "billing", privileges: ["INSERT"] };
      databaseIn(plan, "shop").grants.push(grant);
    });
    const after = altered(before, (plan) => {
      identityIn(plan, "orders-api").memberOf = ["rds_iam", "shop_orders_rw", "shop_billing_rw"];
    });
    expect(compared(before, after)).toContain(
      "  borrowed-rights-gained: shop.orders: orders-migrations, who may write its code, gains UPDATE, DELETE on tables, INSERT on tables to come, USAGE on sequences, EXECUTE on functions in shop.billing through orders-api",
    );
  });

  test("a new author gains through all who use the code but itself", () => {
    const after = altered(prod, (plan) => {
      identityIn(plan, "catalog-api").memberOf.push("shop_catalog_owner", "shop_orders_ro");
    });
    expect(compared(prod, after)).toContain(
      "  borrowed-rights-gained: shop.catalog: catalog-api, who may write its code, gains INSERT, UPDATE, DELETE on tables, USAGE on sequences, EXECUTE on functions in shop.orders through on-call, orders-api",
    );
  });

  test("nobody gains in another database, nor by a schema that nobody may write code in", () => {
    const after = planOf("prod", {
      "shop.orders: read-only, warehouse.stock: read-only }\n    stock":
        "shop.orders: read-only, warehouse.stock: read-write }\n    stock",
    });
    expect(after).not.toEqual(prod);
    expect(compared(prod, after).join()).not.toContain("borrowed");
  });
});
