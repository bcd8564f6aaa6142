import { describe, expect, test } from "@jest/globals";
import type { LiveServer } from "../../../tools/adopt/live-server";
import { propose } from "../../../tools/adopt/propose";
import type { LiveGrant, LiveObjects } from "../../../tools/catalog/live-catalog";
import { database, FACTS, grant, membership, role, schema, server, tables } from "./live";

const ITEMS = ["item", "price"];

/** A server with two tables of the admin's in shop.orders, and what is granted on them and the schema. */
function shop(
  grants: readonly LiveGrant[],
  more: readonly LiveObjects[] = [],
  different: Partial<LiveServer> = {},
) {
  return server({
    roles: [role("app")],
    databases: [
      database("shop", {
        schemas: [schema("orders", { grants: [grant("app", "USAGE"), grant("crew", "USAGE")] })],
        objects: [tables("orders", "postgres", ITEMS, grants), ...more],
      }),
    ],
    ...different,
  });
}

function levelOf(live: LiveServer): string | undefined {
  return propose(live, FACTS).access?.services["app-iam"]?.grants["shop.orders"];
}

/** What is said of a login or role. */
function said(live: LiveServer, about: RegExp): string[] {
  return propose(live, FACTS)
    .beyond.filter(({ where }) => about.test(where))
    .map(({ what }) => what);
}

const on = (...privileges: string[]) => privileges.map((privilege) => grant("app", privilege));
const other = (kind: LiveObjects["kind"], names: readonly string[], grants: readonly LiveGrant[]) =>
  tables("orders", "postgres", names, grants, { kind });

describe("a login gets the least level that covers what it may do with tables", () => {
  test.each([
    ["SELECT", on("SELECT"), "read-only"],
    ["one write", on("INSERT"), "read-write"],
    ["reads and writes", on("SELECT", "UPDATE", "DELETE"), "read-write"],
    ["all", on("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"), "read-write"],
    ["only what no level has", on("TRUNCATE"), undefined],
    ["nothing", [], undefined],
  ])("%s", (_, grants, level) => {
    expect(levelOf(shop(grants))).toBe(level);
  });

  test("a sequence or a function is no reason to let it write tables", () => {
    const more = [other("sequence", ["number"], on("USAGE")), other("routine", ["total()"], on("EXECUTE"))];
    expect(levelOf(shop(on("SELECT"), more))).toBe("read-only");
    expect(levelOf(shop([], more))).toBeUndefined();
    expect(said(shop(on("SELECT"), more), /^login app, /)).toEqual([
      "It has EXECUTE on 1 of 1 function (total()) and USAGE on 1 of 1 sequence (number). read-only does not give it.",
    ]);
  });

  test("in a schema of functions they decide", () => {
    const live = shop([]);
    const [only] = live.databases;
    const functions = [other("routine", ["total()"], on("EXECUTE"))];
    const databases = only ? [{ ...only, objects: functions }] : [];
    expect(levelOf({ ...live, databases })).toBe("read-write");
  });

  test("single columns count as their table", () => {
    const column = { ...other("column", ["id"], on("SELECT")), relation: "item" };
    const live = shop([], [column]);
    expect(levelOf(live)).toBe("read-only");
    expect(said(live, /^login app, /)).toEqual([
      "read-only gives it more than it has: SELECT on 2 of 2 tables (item, price).",
    ]);
  });

  test("what is the groups' that it is in counts, however far away", () => {
    const chain = {
      roles: [
        role("app"),
        role("crew", { attributes: ["INHERIT"] }),
        role("ship", { attributes: ["INHERIT"] }),
      ],
      memberships: [membership("crew", "app"), membership("ship", "crew")],
    };
    expect(levelOf(shop([grant("ship", "SELECT")], [], chain))).toBe("read-only");
    expect(said(shop([], [], chain), /^role ship$/)).toEqual([
      "It is a group of app. What it gives them is in the levels proposed for them; the file has groups of its own, one for each level of a schema.",
    ]);
  });

  test.each([
    ["by SET ROLE alone", { inherit: false }, "read-only"],
    ["by inheritance alone", { set: false }, "read-only"],
    ["to grant it on and no more", { inherit: false, set: false, admin: true }, undefined],
  ])("a membership %s", (_, different, level) => {
    const memberships = [membership("crew", "app", different)];
    const live = shop([grant("crew", "SELECT")], [], { memberships });
    expect(levelOf(live)).toBe(level);
  });

  test("PostgreSQL's own roles for all data count on every schema that is there", () => {
    const reads = [membership("pg_read_all_data", "app")];
    const roles = [role("app"), role("pg_read_all_data", { system: true, attributes: [] })];
    const live = shop([], [], { memberships: reads, roles });
    expect(levelOf(live)).toBe("read-only");
    expect(said(live, /^login app$/)).toEqual([
      "It is in pg_read_all_data, which an identity never is; the levels proposed for it are on the schemas that are there, not on those to come.",
    ]);
    const writes = [...reads, membership("pg_write_all_data", "app")];
    expect(levelOf(shop([], [], { memberships: writes, roles }))).toBe("read-write");
  });

  test("nothing has to name the login itself", () => {
    const of = (group: string, named: readonly string[]) =>
      server({
        roles: [role("app"), role(group, { system: group.startsWith("pg_"), attributes: [] })],
        memberships: [membership(group, "app")],
        databases: [
          database("shop", {
            schemas: [schema("orders", { grants: named.map((each) => grant(each, "USAGE")) })],
            objects: [
              tables(
                "orders",
                "postgres",
                ITEMS,
                named.map((each) => grant(each, "SELECT")),
              ),
            ],
          }),
        ],
      });
    expect(levelOf(of("crew", ["crew"]))).toBe("read-only");
    expect(levelOf(of("pg_read_all_data", []))).toBe("read-only");
    expect(levelOf(of("crew", []))).toBeUndefined();
  });

  test("what everybody has is no reason for a level, and is named", () => {
    const live = shop([grant("public", "SELECT")]);
    expect(levelOf(live)).toBeUndefined();
    expect(said(live, /^database shop$/)).toEqual([
      "Everybody has SELECT on orders.item and orders.price. Nothing is left to PUBLIC.",
    ]);
    // Nor does somebody gain it.
    expect(said(shop([grant("public", "SELECT"), ...on("INSERT")]), /^login app, /)).toEqual([
      "read-write gives it more than it has: DELETE on 2 of 2 tables (item, price) and UPDATE on 2 of 2 tables (item, price).",
    ]);
  });

  test.each([
    ["the schema", { schemas: [schema("orders")] }],
    ["the database", { grants: [] }],
  ])("privileges of whoever may not use %s give nothing, and nothing is proposed", (_, different) => {
    const live = shop(on("SELECT"));
    const [only] = live.databases;
    const closed = { ...live, databases: only ? [{ ...only, ...different }] : [] };
    expect(levelOf(closed)).toBeUndefined();
    expect(said(closed, /^login app, /)).toEqual([
      "It has privileges on what is in the schema and may not use it, or not connect to the database; they give it nothing, and it gets nothing.",
    ]);
  });

  test("what it may grant on is named", () => {
    expect(said(shop([grant("app", "SELECT", true)]), /^login app, /)).toEqual([
      "It may grant SELECT on 2 of 2 tables (item, price) on to others. Group roles hold what identities have, so none may pass it on.",
    ]);
  });

  test("what extensions bring along is nobody's", () => {
    const brought = tables("orders", "rdsadmin", ["spatial_ref_sys"], on("SELECT", "INSERT"), {
      partOf: "extension",
    });
    expect(levelOf(shop(on("SELECT"), [brought]))).toBe("read-only");
  });
});

describe("who is no identity is named, with why", () => {
  test.each([
    ["a superuser", { attributes: ["LOGIN", "SUPERUSER"] }, [], /is a superuser/],
    ["who replicates", { attributes: ["LOGIN", "REPLICATION"] }, [], /may replicate/],
    ["who replicates on RDS", {}, [membership("rds_replication", "app")], /is in rds_replication/],
    ["an admin of RDS", {}, [membership("rds_superuser", "app")], /is in rds_superuser/],
    ["who may become the admin", {}, [membership("postgres", "app")], /is in postgres, the admin/],
  ])("%s", (_, different, memberships, why) => {
    const live = shop(on("SELECT"), [], { roles: [role("app", different)], memberships });
    expect(levelOf(live)).toBeUndefined();
    expect(said(live, /^login app$/)).toEqual([expect.stringMatching(why)]);
  });

  test("the admin, RDS's own roles, and those that PostgreSQL has", () => {
    const { identities, beyond } = propose(shop([]), FACTS);
    expect(identities).toEqual([{ login: null, key: "orders-migrations", inPlace: false, password: "none" }]);
    expect(beyond.filter(({ where }) => /postgres|rds/.test(where))).toEqual([]);
  });

  test("an admin of another name", () => {
    const live = shop(on("SELECT"), [], { roles: [role("app"), role("dba")] });
    const { beyond } = propose(live, { ...FACTS, adminUser: "dba" });
    expect(beyond.filter(({ where }) => where === "login dba")).toEqual([]);
    expect(beyond.filter(({ where }) => where === "login postgres")).toHaveLength(2);
  });

  test("a login that has nothing", () => {
    expect(said(shop([]), /^login app$/)).toEqual([
      "It may log in, and has nothing by name in any schema of the section.",
    ]);
  });

  test.each([
    [
      { attributes: ["LOGIN", "CREATEDB", "BYPASSRLS"] },
      "It has BYPASSRLS and CREATEDB, which an identity never has.",
    ],
    [
      { passwordUntil: "2027-01-01" },
      "Its password ends at 2027-01-01; identities have none, and tokens last 15 minutes.",
    ],
    [{ connectionLimit: 0 }, "It may have no connection at all."],
  ])("an identity loses what no identity has: %j", (different, what) => {
    const live = shop(on("SELECT"), [], { roles: [role("app", different)] });
    expect(levelOf(live)).toBe("read-only");
    expect(said(live, /^login app$/)).toEqual([what]);
  });

  test("a role that is called like a group role of the section", () => {
    const live = shop(on("SELECT"), [], { roles: [role("app"), role("shop_orders_ro", { attributes: [] })] });
    expect(said(live, /^role shop_orders_ro$/)).toEqual([
      "It is called like a group role of the section and would become it: nobody logs in as a group role, and its members get what it has.",
      "Nobody logs in as it or through it. What it has and owns goes to the new group roles.",
    ]);
  });
});
