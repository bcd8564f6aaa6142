import { describe, expect, test } from "@jest/globals";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import { altered, compared, databaseIn, identityIn, type Json, planOf } from "./plans";

const dev = planOf("dev");
const prod = planOf("prod");

/** The grants of a role in a plan that is to be altered. */
function grantsOf(plan: Json, role: string, objectType: string): Json[] {
  const grants: Json[] = plan.databases.flatMap((database: Json) => database.grants);
  return grants.filter((grant) => grant.role === role && grant.objectType === objectType);
}

describe("what is gained and lost in a schema", () => {
  test("write on one schema for one service is one finding, with what its code's authors gain by it", () => {
    const after = planOf("dev", {
      "shop.orders: read-write, shop.billing: read-only": "shop.orders: read-write, shop.billing: read-write",
    });
    expect(compared(dev, after)).toEqual([
      "access-gained: orders-api: shop.billing read-only → read-write (gains INSERT, UPDATE, DELETE on tables, USAGE on sequences, EXECUTE on functions)",
      "  borrowed-rights-gained: shop.orders: orders-migrations, who may write its code, gains the same through orders-api",
    ]);
    expect(compareAccess(dev, after)).toHaveLength(1);
    expect(compared(after, dev)).toEqual([
      "access-lost: orders-api: shop.billing read-write → read-only (loses INSERT, UPDATE, DELETE on tables, USAGE on sequences, EXECUTE on functions)",
      "  borrowed-rights-lost: shop.orders: orders-migrations, who may write its code, loses the same through orders-api",
    ]);
  });

  test("a first grant in a database names what comes with it", () => {
    const after = planOf("dev", { "board.messages: read-only, shop.billing": "shop.billing" });
    const [finding] = compareAccess(after, dev);
    expect(finding?.text).toBe(
      "on-call: board.messages no access → read-only (gains SELECT on tables and sequences, USAGE on the schema)",
    );
    expect(finding?.details).toEqual(["on-call: gains CONNECT on the database board with it"]);
    expect(compareAccess(after, dev)).toHaveLength(1);
    expect(compared(dev, after)).toEqual([
      "access-lost: on-call: board.messages read-only → no access (loses SELECT on tables and sequences, USAGE on the schema)",
    ]);
  });

  test("an owner gains the schema itself, and by its code what those who use it may do elsewhere", () => {
    const after = planOf("prod", {
      "namespace: shop\n      grants: { shop.catalog: read-write }":
        "namespace: shop\n      grants: { shop.catalog: owner }",
    });
    expect(compared(prod, after)).toEqual([
      "access-gained: catalog-api: shop.catalog read-write → owner (gains ownership of the schema and of what is created in it)",
      "  borrowed-rights-gained: shop.catalog: catalog-api, who may write its code, gains SELECT on tables and sequences, USAGE on the schema in shop.billing through on-call, orders-api",
      "  borrowed-rights-gained: shop.catalog: catalog-api, who may write its code, gains SELECT, INSERT, UPDATE, DELETE on tables, SELECT, USAGE on sequences, EXECUTE on functions, USAGE on the schema in shop.orders through on-call, orders-api",
    ]);
    expect(compared(after, prod)[0]).toBe(
      "access-lost: catalog-api: shop.catalog owner → read-write (loses ownership of the schema and of what is created in it)",
    );
  });

  test("a level that means more is said once for all who have it, and nobody is left out", () => {
    const after = altered(dev, (plan) => {
      for (const grant of grantsOf(plan, "shop_orders_ro", "table")) grant.privileges.push("TRUNCATE");
      for (const grant of grantsOf(plan, "shop_billing_ro", "table")) grant.privileges.push("TRUNCATE");
    });
    expect(compared(dev, after)).toEqual([
      "access-gained: shop.billing: read-only gains TRUNCATE on tables: on-call, orders-api",
      "  borrowed-rights-gained: shop.orders: orders-migrations, who may write its code, gains the same through on-call, orders-api",
      "access-gained: on-call: shop.orders read-only as before (gains TRUNCATE on tables)",
      "  borrowed-rights-gained: shop.billing: billing-migrations, who may write its code, gains the same through on-call",
    ]);
  });

  test.each([
    [undefined, "tables that exist"],
    ["shop_orders_owner", "tables to come"],
    ["postgres", "tables that postgres creates"],
  ])("privileges on what exists and on what is to come are told apart (%s)", (createdBy, words) => {
    const after = altered(dev, (plan) => {
      databaseIn(plan, "shop").grants.push({
        role: "orders_api",
        objectType: "table",
        schema: "orders",
        privileges: ["TRUNCATE"],
        ...(createdBy && { createdBy }),
      });
    });
    expect(compared(dev, after)[0]).toBe(
      `access-gained: orders-api: shop.orders read-write as before (gains TRUNCATE on ${words})`,
    );
  });

  test("CREATE on a database is found, which no level has", () => {
    const after = altered(dev, (plan) => {
      for (const grant of grantsOf(plan, "shop_billing_rw", "database")) grant.privileges.push("CREATE");
    });
    expect(compared(dev, after)).toEqual([
      "access-gained: billing-worker: database shop (gains CREATE on the database)",
    ]);
  });

  test("a group that nobody is in, and gains: whoever comes will", () => {
    const after = altered(dev, (plan) => {
      for (const grant of grantsOf(plan, "board_messages_owner", "database")) grant.privileges.push("CREATE");
      identityIn(plan, "message-board-migrations").memberOf.pop();
    });
    const before = altered(dev, (plan) => {
      identityIn(plan, "message-board-migrations").memberOf.pop();
    });
    expect(compared(before, after)).toEqual([
      "access-gained: board: board_messages_owner gains CREATE on the database, which changes nothing for anybody today",
    ]);
    expect(compared(after, before)).toEqual([
      "access-lost: board: board_messages_owner loses CREATE on the database, which changes nothing for anybody today",
    ]);
  });

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

  test("one whose access to a schema is partly more and partly less has both", () => {
    const after = altered(dev, (plan) => {
      for (const grant of grantsOf(plan, "board_messages_rw", "table"))
        grant.privileges = ["SELECT", "TRUNCATE"];
    });
    expect(compared(dev, after)).toEqual([
      "access-gained: message-board: board.messages read-write as before (gains TRUNCATE on tables)",
      "  access-lost: message-board: board.messages loses INSERT, UPDATE, DELETE on tables",
    ]);
  });
});

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
