import { describe, expect, test } from "@jest/globals";
import type { LiveServer } from "../../../tools/adopt/live-server";
import { propose } from "../../../tools/adopt/propose";
import { database, FACTS, grant, membership, role, schema, server, tables } from "./live";

/** Grants by key. */
function services(live: LiveServer, inPlace = false) {
  const { access } = propose(live, FACTS, { inPlace });
  return Object.fromEntries(Object.entries(access?.services ?? {}).map(([key, { grants }]) => [key, grants]));
}

const usable = (...logins: string[]) => logins.map((login) => grant(login, "USAGE"));
const writes = (login: string) => ["SELECT", "INSERT", "UPDATE", "DELETE"].map((each) => grant(login, each));

describe("who owns and who uses", () => {
  test("a login that owns what it uses becomes one that migrates and one that reads and writes", () => {
    const live = server({
      roles: [role("shop")],
      databases: [
        database("shop", {
          schemas: [schema("orders", { owner: "shop" })],
          objects: [tables("orders", "shop", ["item"])],
        }),
      ],
    });
    expect(services(live)).toEqual({
      "shop-iam": { "shop.orders": "read-write" },
      "shop-migrations": { "shop.orders": "owner" },
    });
    const { beyond } = propose(live, FACTS);
    expect(beyond).toEqual([
      {
        where: "login shop",
        what: "It owns shop.orders and is used besides, as far as can be told. Who migrates does nothing else here, so there are two services for it: one that owns, and one that reads and writes.",
        proposal: expect.stringContaining("take the other one out"),
      },
    ]);
  });

  test("where another one writes, the owner only migrates", () => {
    const live = server({
      roles: [role("deploy"), role("web")],
      databases: [
        database("shop", {
          schemas: [schema("orders", { owner: "deploy", grants: usable("web") })],
          objects: [tables("orders", "deploy", ["item"], writes("web"))],
        }),
      ],
    });
    expect(services(live)).toEqual({
      "deploy-iam": { "shop.orders": "owner" },
      "web-iam": { "shop.orders": "read-write" },
    });
    expect(propose(live, FACTS).beyond).toEqual([]);
  });

  test("where another one only reads, or the owner has grants elsewhere, the owner is used besides", () => {
    const of = (grants: ReturnType<typeof writes>, elsewhere: ReturnType<typeof writes>) =>
      server({
        roles: [role("deploy"), role("web")],
        databases: [
          database("shop", {
            schemas: [
              schema("billing", { grants: usable("deploy", "web") }),
              schema("orders", { owner: "deploy", grants: usable("web") }),
            ],
            objects: [
              tables("billing", "postgres", ["invoice"], elsewhere),
              tables("orders", "deploy", ["item"], grants),
            ],
          }),
        ],
      });
    expect(services(of([grant("web", "SELECT")], []))).toMatchObject({
      "deploy-iam": { "shop.orders": "read-write" },
      "deploy-migrations": { "shop.orders": "owner" },
    });
    expect(services(of(writes("web"), [grant("deploy", "SELECT"), ...writes("web")]))).toMatchObject({
      "deploy-iam": { "shop.orders": "read-write", "shop.billing": "read-only" },
      "deploy-migrations": { "shop.orders": "owner" },
    });
  });

  test("of several that own, the one that owns most migrates, and the others are named", () => {
    const live = server({
      roles: [role("a"), role("b")],
      databases: [
        database("shop", {
          schemas: [schema("orders", { grants: usable("a", "b") })],
          objects: [tables("orders", "a", ["x"]), tables("orders", "b", ["y", "z"])],
        }),
      ],
    });
    expect(services(live)).toEqual({
      "a-iam": { "shop.orders": "read-write" },
      "b-iam": { "shop.orders": "read-write" },
      "b-migrations": { "shop.orders": "owner" },
    });
    const lines = propose(live, FACTS).beyond.filter(({ where }) => where === "login a, shop.orders");
    expect(lines.map(({ what }) => what)).toEqual([
      "It owns 1 object of the schema, and others own more. All of a schema belongs to its one owner group, and this login gets no owner grant.",
    ]);
  });

  test("each schema that a login owns has migrations of its own", () => {
    const live = server({
      roles: [role("app")],
      databases: [
        database("shop", {
          schemas: [schema("billing", { owner: "app" }), schema("orders", { owner: "app" })],
          objects: [tables("billing", "app", ["x"]), tables("orders", "app", ["y"])],
        }),
      ],
    });
    expect(services(live)).toEqual({
      "app-billing-migrations": { "shop.billing": "owner" },
      "app-iam": { "shop.billing": "read-write", "shop.orders": "read-write" },
      "app-orders-migrations": { "shop.orders": "owner" },
    });
  });

  test("a schema of the admin's has migrations, too, in each database by another name", () => {
    const of = (name: string) =>
      database(name, { schemas: [schema("orders")], objects: [tables("orders", "postgres", ["x"])] });
    expect(services(server({ databases: [of("a")] }))).toEqual({
      "orders-migrations": { "a.orders": "owner" },
    });
    expect(services(server({ databases: [of("a"), of("b")] }))).toEqual({
      "a-orders-migrations": { "a.orders": "owner" },
      "b-orders-migrations": { "b.orders": "owner" },
    });
  });

  test("whoever may only create in a schema of others is named", () => {
    const live = server({
      roles: [role("a"), role("b")],
      databases: [
        database("shop", {
          schemas: [schema("orders", { grants: [...usable("a", "b"), grant("b", "CREATE")] })],
          objects: [tables("orders", "a", ["x"], [grant("b", "SELECT")])],
        }),
      ],
    });
    expect(services(live)).toMatchObject({ "b-iam": { "shop.orders": "read-only" } });
    const lines = propose(live, FACTS).beyond.filter(({ where }) => where === "login b, shop.orders");
    expect(lines.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^It may create in the schema, and others own more/),
    ]);
  });

  test("the owner of a database owns its schema public", () => {
    const live = server({
      roles: [role("app"), role("other")],
      databases: [database("shop", { owner: "app", objects: [tables("public", "postgres", ["x"])] })],
    });
    expect(services(live)).toMatchObject({ "app-migrations": { "shop.shop": "owner" } });
  });
});

describe("nobody is locked out: a login that may have a password goes on beside its identity", () => {
  const live = (different: object, memberships: LiveServer["memberships"] = [], name = "orders_api") =>
    server({
      roles: [role(name, different)],
      memberships,
      databases: [
        database("shop", {
          schemas: [schema("orders", { grants: usable(name) })],
          objects: [tables("orders", "postgres", ["item"], [grant(name, "SELECT")])],
        }),
      ],
    });
  const of = (at: LiveServer, inPlace = false) =>
    propose(at, FACTS, { inPlace }).identities.find(({ login }) => login !== null);

  test.each([
    ["a password", { hasPassword: true }, [], { key: "orders-api-iam", inPlace: false, password: "set" }],
    [
      "perhaps one",
      { hasPassword: null },
      [],
      { key: "orders-api-iam", inPlace: false, password: "unknown" },
    ],
    ["none", { hasPassword: false }, [], { key: "orders-api", inPlace: true, password: "none" }],
    [
      "tokens already",
      { hasPassword: true },
      [membership("rds_iam", "orders_api")],
      { key: "orders-api", inPlace: true, password: "none" },
    ],
  ])("%s", (_, different, memberships, identity) => {
    expect(of(live(different, memberships))).toMatchObject(identity);
  });

  test("whoever says so has them become identities in place", () => {
    expect(of(live({}), true)).toMatchObject({ key: "orders-api", inPlace: true, password: "unknown" });
  });

  test.each([
    ["orders-api", "orders-api-iam"],
    ["Orders", "orders-iam"],
    ["1st app", "x-1st-app-iam"],
    ["é", "x-iam"],
    ["_", "x-iam"],
    ["app_", "app-iam"],
    ["rdsapp", "x-rdsapp-iam"],
    ["y".repeat(63), `${"y".repeat(64 - "dev-db--iam".length)}-iam`],
    // Sessions of a user that is called like a schema look names up in it.
    ["orders", "orders-iam"],
  ])("a login whose name no key has gets one beside it even so: %s", (name, key) => {
    expect(of(live({}, [], name), true)).toMatchObject({ login: name, key, inPlace: false });
  });

  test("a key is nobody else's, whatever is there already", () => {
    const roles = [role("a b"), role("a.b"), role("a_b_iam", { attributes: [] })];
    const at = server({
      roles,
      databases: [
        database("shop", {
          schemas: [schema("orders", { grants: usable("a b", "a.b") })],
          objects: [tables("orders", "postgres", ["x"], [grant("a b", "SELECT"), grant("a.b", "SELECT")])],
        }),
      ],
    });
    expect(Object.keys(services(at))).toEqual(["a-b-iam-2", "a-b-iam-3", "orders-migrations"]);
  });
});
