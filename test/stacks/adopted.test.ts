import { expect, test } from "@jest/globals";
import { comparePlanAndStacks } from "../../tools/review/consistency/plan-and-stack";
import { stackOf, synthApp } from "../helpers/app";
import { parse, testFile } from "../helpers/environment";
import { readEnvironment } from "../tools/review/consistency/sides";

const dev = testFile("dev");
const adopted = dev.replace("  services:\n", "  adopted: { shop: {} }\n  services:\n");

/** What a stack imports: id → type and address without cdktf's hash. */
const imports = (text: string) => {
  const blocks = Object.values(stackOf(synthApp(parse(text)), "dev-access").import ?? {});
  return Object.fromEntries(blocks.map(({ id, to }) => [id, String(to).replace(/_[0-9A-F]{8}$/, "")]));
};

test("Terraform takes over all of an adopted database, and the logins that are granted something in it", () => {
  expect(imports(adopted)).toEqual({
    shop: "postgresql_database.database-shop_database",
    "shop.billing": "postgresql_schema.database-shop_schema-billing_schema",
    "shop.orders": "postgresql_schema.database-shop_schema-orders_schema",
    shop_billing_owner: "postgresql_role.database-shop_schema-billing_owner",
    shop_billing_ro: "postgresql_role.database-shop_schema-billing_read-only",
    shop_billing_rw: "postgresql_role.database-shop_schema-billing_read-write",
    shop_orders_owner: "postgresql_role.database-shop_schema-orders_owner",
    shop_orders_ro: "postgresql_role.database-shop_schema-orders_read-only",
    shop_orders_rw: "postgresql_role.database-shop_schema-orders_read-write",
    billing_migrations: "postgresql_role.service-billing-migrations_login",
    billing_worker: "postgresql_role.service-billing-worker_login",
    on_call: "postgresql_role.people-on-call_login",
    orders_api: "postgresql_role.service-orders-api_login",
    orders_migrations: "postgresql_role.service-orders-migrations_login",
  });
});

test("its extensions are taken over, too", () => {
  const extensions = adopted.replace(
    "[billing, orders]",
    "{ schemas: [billing, orders], extensions: [hstore, uuid-ossp] }",
  );
  expect(imports(extensions)).toMatchObject({
    "shop.hstore": "postgresql_extension.database-shop_extension-hstore",
    "shop.uuid-ossp": "postgresql_extension.database-shop_extension-uuid-ossp",
  });
  expect(comparePlanAndStacks(undefined, readEnvironment(parse(extensions)))).toEqual([]);
});

test("it makes what was not there, and public is never taken over", () => {
  expect(imports(dev)).toEqual({});
  const open = adopted.replace("[billing, orders]", "[billing, orders, public]");
  expect(Object.keys(imports(open))).toContain("shop_public_rw");
  expect(Object.keys(imports(open))).not.toContain("shop.public");
});

test("but for these blocks the stack is the same", () => {
  const { import: _, ...rest } = stackOf(synthApp(parse(adopted)), "dev-access");
  expect(rest).toEqual(stackOf(synthApp(parse(dev)), "dev-access"));
});

test("a review finds the stack to say what the plan says", () => {
  expect(comparePlanAndStacks(undefined, readEnvironment(parse(adopted)))).toEqual([]);
});
