import { expect, test } from "@jest/globals";
import { comparePlanAndStacks } from "../../tools/review/consistency/plan-and-stack";
import { stackOf } from "../helpers/app";
import { parse, testFile } from "../helpers/environment";
import { type SynthesisedEnvironment, synthesisedEnvironment } from "../tools/review/consistency/sides";

const dev = testFile("dev");
const adopted = dev.replace("  services:\n", "  adopted: { shop: {} }\n  services:\n");

const before = synthesisedEnvironment(parse(dev));
const after = synthesisedEnvironment(parse(adopted));

/** What a stack imports: id → type and address without cdktf's hash. */
const imports = ({ stacks }: SynthesisedEnvironment) => {
  const blocks = Object.values(stackOf(stacks, "dev-access").import ?? {});
  return Object.fromEntries(blocks.map(({ id, to }) => [id, String(to).replace(/_[0-9A-F]{8}$/, "")]));
};

test("Terraform takes over all of an adopted database, and the logins that are granted something in it", () => {
  expect(imports(after)).toEqual({
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
  const extensions = synthesisedEnvironment(
    parse(
      adopted.replace("[billing, orders]", "{ schemas: [billing, orders], extensions: [hstore, uuid-ossp] }"),
    ),
  );
  expect(imports(extensions)).toMatchObject({
    "shop.hstore": "postgresql_extension.database-shop_extension-hstore",
    "shop.uuid-ossp": "postgresql_extension.database-shop_extension-uuid-ossp",
  });
  expect(comparePlanAndStacks(undefined, extensions)).toEqual([]);
});

test("it makes what was not there, and public is never taken over", () => {
  expect(imports(before)).toEqual({});
  const open = adopted.replace("[billing, orders]", "[billing, orders, public]");
  const ids = Object.keys(imports(synthesisedEnvironment(parse(open))));
  expect(ids).toContain("shop_public_rw");
  expect(ids).not.toContain("shop.public");
});

test("but for these blocks the stack is the same", () => {
  const { import: _, ...rest } = stackOf(after.stacks, "dev-access");
  expect(rest).toEqual(stackOf(before.stacks, "dev-access"));
});

test("a review finds the stack to say what the plan says", () => {
  expect(comparePlanAndStacks(undefined, after)).toEqual([]);
});
