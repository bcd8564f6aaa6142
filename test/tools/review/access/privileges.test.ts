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

  test.each([
    [["CONNECT", "CREATE"], "CONNECT, CREATE"],
    [["TEMPORARY"], "TEMPORARY"],
  ])("what comes with a first grant in a database besides CONNECT is found: %j", (privileges, words) => {
    const before = altered(
      planOf("dev", { "board.messages: read-only, shop.billing": "shop.billing" }),
      give,
    );
    function give(plan: Json) {
      for (const grant of grantsOf(plan, "board_messages_ro", "database")) grant.privileges = privileges;
    }
    expect(compared(before, altered(dev, give))).toContain(
      `access-gained: on-call: database board (gains ${words} on the database)`,
    );
  });

  test("CONNECT alone is found: without it no other privilege is of use", () => {
    const before = altered(dev, (plan) => {
      for (const grant of grantsOf(plan, "shop_billing_rw", "database")) grant.privileges = [];
    });
    expect(compared(before, dev)).toEqual([
      "access-gained: billing-worker: database shop (gains CONNECT on the database)",
    ]);
    expect(compared(dev, before)).toEqual([
      "access-lost: billing-worker: database shop (loses CONNECT on the database)",
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

  test("an owner gains by default privileges on what others create in its schema, and by no other grant there", () => {
    const withGrant = (grant: object) =>
      altered(dev, (plan) => {
        const on = {
          role: "shop_billing_owner",
          objectType: "table",
          schema: "billing",
          privileges: ["SELECT"],
        };
        databaseIn(plan, "shop").grants.push({ ...on, ...grant });
      });
    expect(compared(dev, withGrant({ createdBy: "postgres" }))).toEqual([
      "access-gained: billing-migrations: shop.billing owner as before (gains SELECT on tables that postgres creates)",
    ]);
    expect(compared(dev, withGrant({}))).toEqual([
      "access-gained: shop.billing: shop_billing_owner gains SELECT on tables that exist, which changes nothing for anybody today",
    ]);
  });

  test("two who are given the same level are two findings: each is somebody's decision", () => {
    const after = planOf("dev", { "shop.billing: read-only": "shop.billing: read-write" });
    expect(compareAccess(dev, after).map(({ kind, subject }) => [kind, subject])).toEqual([
      ["access-gained", "on-call"],
      ["access-gained", "orders-api"],
    ]);
  });

  test("a level that means more in one way and less in another says both for all who have it", () => {
    const after = altered(dev, (plan) => {
      for (const grant of grantsOf(plan, "shop_billing_ro", "table")) grant.privileges = ["TRUNCATE"];
    });
    expect(compared(dev, after).slice(0, 2)).toEqual([
      "access-gained: shop.billing: read-only gains TRUNCATE on tables: on-call, orders-api",
      "  access-lost: shop.billing: read-only loses SELECT on tables: on-call, orders-api",
    ]);
    expect(compareAccess(dev, after)).toHaveLength(1);
  });

  test("of many who gain in the same way the line names some, and the details all", () => {
    const keys = [..."abcdefghijkl"].map((letter) => `service-${letter}`);
    const service = (key: string) =>
      `    ${key}:\n      namespace: n\n      grants: { board.messages: read-only }\n`;
    const before = planOf("dev", { "  people:": `${keys.map(service).join("")}  people:` });
    const after = altered(before, (plan) => {
      for (const grant of grantsOf(plan, "board_messages_ro", "table")) grant.privileges.push("TRUNCATE");
    });
    const [finding] = compareAccess(before, after);
    expect(finding?.text).toBe(
      "board.messages: read-only gains TRUNCATE on tables: on-call, service-a, service-b, service-c, service-d, service-e, service-f, service-g and 5 more",
    );
    expect(finding?.details).toEqual(["on-call", ...keys]);
  });

  test("one privilege in place of another is both", () => {
    const after = altered(dev, (plan) => {
      for (const grant of grantsOf(plan, "board_messages_ro", "sequence")) grant.privileges = ["UPDATE"];
    });
    expect(compared(dev, after)).toEqual([
      "access-gained: on-call: board.messages read-only as before (gains UPDATE on sequences)",
      "  access-lost: on-call: board.messages loses SELECT on sequences",
    ]);
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
