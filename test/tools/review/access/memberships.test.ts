import { describe, expect, test } from "@jest/globals";
import { altered, compared, databaseIn, identityIn, planOf } from "./plans";

const dev = planOf("dev");

describe("memberships, levels and owners", () => {
  test("a membership that no level speaks of counts by what it gives", () => {
    const after = altered(dev, (plan) => identityIn(plan, "billing-worker").memberOf.push("shop_orders_ro"));
    expect(compared(dev, after)).toEqual([
      "access-gained: billing-worker: shop.orders (gains SELECT on tables and sequences, USAGE on the schema)",
      "  borrowed-rights-gained: shop.orders: orders-migrations, who may write its code, gains INSERT, UPDATE, DELETE on tables, USAGE on sequences, EXECUTE on functions in shop.billing through billing-worker",
    ]);
  });

  test.each(["rds_superuser", "postgres", "orders_migrations"])(
    "a membership in %s is said by name",
    (role) => {
      const after = altered(dev, (plan) => identityIn(plan, "billing-worker").memberOf.push(role));
      expect(compared(dev, after)).toContain(
        `access-gained: billing-worker: is newly a member of ${role}, and may do what that may`,
      );
      expect(compared(after, dev)).toContain(`access-lost: billing-worker: is no longer a member of ${role}`);
    },
  );

  test("a member of another's database user may do what that may", () => {
    const after = altered(dev, (plan) =>
      identityIn(plan, "billing-worker").memberOf.push("orders_migrations"),
    );
    expect(compared(dev, after)[0]).toBe(
      "access-gained: billing-worker: shop.orders (gains ownership of the schema and of what is created in it)",
    );
  });

  test("who leaves rds_iam could log in with a password", () => {
    const after = altered(dev, (plan) => identityIn(plan, "billing-worker").memberOf.shift());
    expect(compared(dev, after)).toEqual([
      "trust-widened: billing-worker: is no longer a member of rds_iam: PostgreSQL would take a password from it",
    ]);
    expect(compared(after, dev)).toEqual([
      "trust-narrowed: billing-worker: logs in by IAM token alone (a member of rds_iam)",
    ]);
  });

  test("a level that its memberships do not bear out is unexplained", () => {
    const after = altered(dev, (plan) => {
      identityIn(plan, "billing-worker").grants[0].level = "read-only";
    });
    expect(compared(dev, after)).toEqual([
      "unexplained: billing-worker: shop.billing is called read-only, and was read-write; its privileges there are the same",
    ]);
  });

  test("sessions that run as another role are said, in either direction", () => {
    const after = altered(dev, (plan) => delete identityIn(plan, "billing-migrations").sessionRole);
    expect(compared(dev, after)).toEqual([
      "access-gained: billing-migrations: its sessions run as itself, and ran as shop_billing_owner: what it creates belongs to that",
    ]);
    expect(compared(after, dev)).toEqual([
      "access-gained: billing-migrations: its sessions run as shop_billing_owner, and ran as itself: what it creates belongs to that",
    ]);
  });

  test("a schema with another owner is gained by who is in that", () => {
    const after = altered(dev, (plan) => {
      databaseIn(plan, "shop").schemas[0].owner = "shop_orders_owner";
    });
    const lines = compared(dev, after);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^access-gained: orders-migrations: shop\.billing \(gains ownership of the schema/,
      ),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^access-lost: billing-migrations: shop\.billing owner as before \(loses ownership/,
      ),
    );
  });

  test("a member of the admin is said to be one, whatever else follows from it", () => {
    const prod = planOf("prod");
    const after = altered(prod, (plan) => identityIn(plan, "stock-sync").memberOf.push("postgres"));
    expect(compared(prod, after)).toEqual([
      "access-gained: stock-sync: warehouse.public read-only as before (gains ownership of the schema and of what is created in it)",
      "  borrowed-rights-gained: warehouse.stock: stock-migrations, who may write its code, gains the same through stock-sync",
      "access-gained: stock-sync: is newly a member of postgres, and may do what that may",
    ]);
  });
});
