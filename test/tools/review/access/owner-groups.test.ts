import { describe, expect, test } from "@jest/globals";
import { altered, compared, databaseIn, type Json, planOf } from "./plans";

const dev = planOf("dev");
const reading = planOf("dev", {
  "{ shop.billing: owner }": "{ shop.billing: owner, shop.orders: read-only }",
});
/** The schema billing of a plan that is to be altered. */
const billing = (plan: Json) => databaseIn(plan, "shop").schemas[0];

describe("what an owner may read beside its schema", () => {
  test("is one line about whoever owns it, and whose code then runs with what", () => {
    expect(compared(dev, reading)).toEqual([
      "access-gained: billing-migrations: shop.orders no access → read-only (gains SELECT on tables and sequences, USAGE on the schema)",
      "  borrowed-rights-gained: shop.orders: orders-migrations, who may write its code, gains ownership of the schema and of what is created in it in shop.billing through billing-migrations",
    ]);
    expect(compared(reading, dev)).toEqual([
      "access-lost: billing-migrations: shop.orders read-only → no access (loses SELECT on tables and sequences, USAGE on the schema)",
      "  borrowed-rights-lost: shop.orders: orders-migrations, who may write its code, loses ownership of the schema and of what is created in it in shop.billing through billing-migrations",
    ]);
  });

  test("that only the owner group has, or no longer, is said of the group", () => {
    const lost = altered(reading, (plan) => delete billing(plan).ownerReads);
    const is = (verb: string) =>
      `shop.billing: its owner group ${verb} a member of shop_orders_ro, and so are the sessions of whoever owns it`;
    expect(compared(reading, lost)).toEqual([`access-lost: ${is("is no longer")}`]);
    expect(compared(lost, reading)).toEqual([`access-gained: ${is("is newly")}`]);
  });

  test("that identities have by the owner group alone is said of them, and of the group", () => {
    const more = altered(dev, (plan) => {
      billing(plan).ownerReads = ["shop_orders_ro"];
    });
    expect(compared(dev, more)).toEqual([
      "access-gained: billing-migrations: shop.orders (gains SELECT on tables and sequences, USAGE on the schema)",
      "  borrowed-rights-gained: shop.orders: orders-migrations, who may write its code, gains ownership of the schema and of what is created in it in shop.billing through billing-migrations",
      "access-gained: shop.billing: its owner group is newly a member of shop_orders_ro, and so are the sessions of whoever owns it",
    ]);
  });

  test("with nobody who owns the schema is said of the group", () => {
    const nobody = (ownerReads?: string[]) =>
      altered(dev, (plan) => {
        plan.identities = plan.identities.filter(({ key }: Json) => key !== "billing-migrations");
        billing(plan).ownerReads = ownerReads;
      });
    expect(compared(nobody(), nobody(["shop_orders_ro"]))).toEqual([
      "access-gained: shop.billing: its owner group is newly a member of shop_orders_ro, and so are the sessions of whoever owns it",
    ]);
  });
});
