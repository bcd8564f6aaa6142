import { describe, expect, test } from "@jest/globals";
import type { AdoptedDatabase } from "../../../tools/adopt/live-server";
import { propose } from "../../../tools/adopt/propose";
import { database, FACTS, grant, role, schema, server, tables } from "./live";

const proposed = (...databases: AdoptedDatabase[]) => propose(server({ databases }), FACTS);
const lines = (...databases: AdoptedDatabase[]) =>
  proposed(...databases).beyond.map(({ where, what }) => `${where}: ${what}`);

const used = { schemas: [schema("orders")], objects: [tables("orders", "postgres", ["item"])] };
const extension = (name: string, where = "public", relocatable = true) => ({
  name,
  schema: where,
  owner: "rdsadmin",
  relocatable,
});

describe("databases and schemas that hold something are declared", () => {
  test("others are not, and are named", () => {
    const empty = database("empty", {
      schemas: [schema("cron"), schema("void")],
      objects: [tables("cron", "rdsadmin", ["job"], [], { partOf: "extension" })],
      extensions: [extension("pg_cron", "cron")],
    });
    const closed = database("closed", { schemas: [], connectable: false });
    const shop = database("shop", { ...used, schemas: [...used.schemas, schema("a"), schema("b")] });
    const postgres = database("postgres");
    expect(proposed(closed, empty, postgres, shop).access?.databases).toEqual({ shop: ["orders"] });
    expect(lines(closed, empty, postgres, shop)).toEqual([
      "database closed: postgres may not connect to it, or nobody may, so nothing is known of it and it is not in the section.",
      "database empty: Nothing is in it but what PostgreSQL and extensions bring, so it is not in the section.",
      "database shop: Nothing is in 2 schemas (a and b), so not in the section either.",
    ]);
  });

  test("a server with nothing in it has no section", () => {
    expect(proposed(database("postgres"))).toEqual({
      comments: [],
      identities: [],
      schemaMoves: [],
      beyond: [],
    });
  });

  test("a schema does not count that extensions alone have filled, whoever made them", () => {
    const objects = [...used.objects, tables("gis", "postgres", ["layer"], [], { partOf: "extension" })];
    const live = database("shop", { schemas: [schema("gis"), ...used.schemas], objects });
    expect(proposed(live).access?.databases).toEqual({ shop: ["orders"] });
  });

  test("a schema counts that holds something of a rarer kind alone", () => {
    const other = {
      type: "collation",
      schema: "words",
      identity: "words.german",
      owner: "postgres",
      extension: false,
    };
    const with_ = (different: object) =>
      proposed(database("shop", { schemas: [schema("words")], others: [{ ...other, ...different }] })).access;
    expect(with_({})?.databases).toEqual({ shop: ["words"] });
    expect(with_({ extension: true })).toBeUndefined();
    expect(with_({ owner: "rdsadmin" })).toBeUndefined();
  });

  test.each([
    ["My Shop", /^database My Shop: The model does not take this database: .* must start with a letter/],
    [
      "__proto__",
      /^database __proto__: The model does not take this database: has a name that no key may have/,
    ],
    [
      "postgres",
      /^database postgres: The model does not take this database: .* exists in every PostgreSQL cluster/,
    ],
    ["x".repeat(63), /^x+\.orders: The model does not take this schema: the group role .* bytes/],
  ])("what the model does not take is named in its words, and nothing else is lost: %s", (name, line) => {
    const other = database(name, {
      ...used,
      grants: [grant("public", "CONNECT"), grant("public", "TEMPORARY")],
    });
    const both = [database("fine", used), other];
    expect(proposed(...both).access?.databases).toEqual({ fine: ["orders"] });
    // There is nothing more to say of it.
    expect(lines(...both)).toEqual([expect.stringMatching(line)]);
  });

  test("what is wrong elsewhere in the file is no matter of the section", () => {
    const file = { ...FACTS.file, network: { cidr: "none" }, demo: { unknown: true } };
    const live = server({ databases: [database("shop", used)] });
    expect(propose(live, { file })).toEqual(propose(live, FACTS));
  });

  test("a login that has all it has in what the model does not take is named", () => {
    const schemas = [schema("orders", { grants: [grant("app", "USAGE")] })];
    const objects = [tables("orders", "postgres", ["item"], [grant("app", "SELECT")])];
    const live = server({ roles: [role("app")], databases: [database("My Shop", { schemas, objects })] });
    expect(propose(live, FACTS).beyond.filter(({ where }) => where === "login app")).toEqual([
      {
        where: "login app",
        what: "There is no service for it in the section: no level gives just what it has, or the model does not take where it has it.",
        proposal: "Drop it if nobody misses it, or add it to the file by what it is for.",
      },
    ]);
  });

  test("a schema that the model does not take takes its grants with it", () => {
    const of = (name: string) => [schema(name, { owner: "app" }), tables(name, "app", ["item"])] as const;
    const [fine, first] = of("orders");
    const [dotted, second] = of("my.orders");
    const live = server({
      roles: [role("app")],
      databases: [database("shop", { schemas: [dotted, fine], objects: [first, second] })],
    });
    const { access } = propose(live, FACTS);
    expect(access?.databases).toEqual({ shop: ["orders"] });
    expect(Object.values(access?.services ?? {}).map(({ grants }) => grants)).toEqual([
      { "shop.orders": "read-write" },
      { "shop.orders": "owner" },
    ]);
  });
});

test("what a login's names are looked up in goes with the schema, and the rest of it stays", () => {
  const path = { database: null, setting: 'search_path="2nd", orders' };
  const schemas = [schema("2nd", { owner: "app" }), schema("orders", { owner: "app" })];
  const objects = [tables("2nd", "app", ["a"]), tables("orders", "app", ["b"])];
  const live = server({
    roles: [role("app", { settings: [path] })],
    databases: [database("shop", { schemas, objects })],
  });
  const { access, beyond } = propose(live, FACTS);
  expect(access?.services["app-iam"]).toMatchObject({
    searchPath: ["orders"],
    grants: { "shop.orders": "read-write" },
  });
  expect(beyond.map(({ where }) => where)).toEqual(["login app", "shop.2nd"]);
});

describe("what is in public moves to a schema of its own", () => {
  test.each([
    ["shop", [], "shop"],
    ["Shop", [], "shop"],
    ["my-shop", [], "my_shop"],
    ["shop", ["SHOP"], "app"],
    ["shop", ["shop", "app"], "app1"],
    ["y".repeat(50), [], "app"],
    // No schema is called like the admin.
    ["dba", [], "app"],
  ])("of the database %s with the schemas %j", (name, schemas, to) => {
    const live = database(name, {
      schemas: schemas.map((each) => schema(each)),
      objects: [tables("public", "postgres", ["item"])],
    });
    const facts = { ...FACTS, adminUser: "dba" };
    const { access, schemaMoves, comments } = propose(server({ databases: [live] }), facts);
    expect(access?.databases).toEqual({ [name]: [to] });
    expect(access?.adopted).toEqual({ [name]: { public: to } });
    expect(schemaMoves).toEqual([{ database: name, from: "public", to }]);
    expect(comments).toContainEqual({
      path: ["databases", name],
      text: `What the application has in public today moves to ${to}.`,
    });
  });

  test("where no name for it is short enough, it stays, and is named", () => {
    const name = "y".repeat(54);
    const live = database(name, {
      schemas: [schema("a")],
      objects: [tables("a", "postgres", ["item"]), tables("public", "postgres", ["item"])],
    });
    expect(proposed(live)).toMatchObject({
      access: { databases: { [name]: ["a"] }, adopted: { [name]: {} } },
      schemaMoves: [],
    });
    expect(lines(live)).toEqual([
      expect.stringMatching(
        /^y+\.app0: The model does not take this schema: the group role .* would have 65 bytes/,
      ),
    ]);
  });

  test("what extensions put there does not", () => {
    const live = database("shop", {
      ...used,
      objects: [
        ...used.objects,
        tables("public", "rdsadmin", ["spatial_ref_sys"], [], { partOf: "extension" }),
      ],
      extensions: [extension("postgis")],
    });
    expect(proposed(live)).toMatchObject({ schemaMoves: [], access: { adopted: { shop: {} } } });
  });

  test("who must be told of it is named: open sessions, routines, subscribers", () => {
    const live = database("shop", {
      objects: [tables("public", "postgres", ["item"])],
      mentions: [
        { schema: "public", routine: "f()", names: "public", by: "text" },
        { schema: "public", routine: "f()", names: "public", by: "search_path" },
        { schema: "else", routine: "g()", names: "other", by: "text" },
      ],
      others: [
        { type: "publication", schema: null, identity: "changes", owner: "postgres", extension: false },
      ],
    });
    expect(lines(live)).toEqual([
      "database shop: publication changes belongs to postgres, and the file does not speak of such.",
      "shop.shop: 1 routine would still look in public: public.f() (by its search_path) and public.f() (in its text).",
      "shop.shop: What the application has in shop.public moves to the schema shop; what extensions put there stays. Identities look names up in shop (searchPath). A session of an old login that is open at that moment no longer finds them.",
      "shop.shop: changes publishes from this database, and subscribers know tables by the name of their schema.",
    ]);
  });
});

describe("what no level speaks of is named", () => {
  const policy = { name: "own", permissive: true, using: "true", check: null };
  test.each([
    [
      "temporary tables",
      { grants: [grant("public", "CONNECT"), grant("public", "TEMPORARY")] },
      "database shop: Everybody may create temporary tables. Identities may not.",
    ],
    [
      "who creates schemas",
      { grants: [grant("public", "CONNECT"), grant("app", "CREATE"), grant("rdsadmin", "CREATE")] },
      "database shop: app may create schemas in it. Identities may not.",
    ],
    [
      "a schema open to all",
      { schemas: [schema("orders", { grants: [grant("public", "CREATE"), grant("public", "USAGE")] })] },
      "database shop: Everybody may create in orders, and may have left something there for others to run.",
    ],
    [
      "functions that everybody executes",
      {
        objects: [
          ...used.objects,
          tables("orders", "postgres", ["f()"], [grant("public", "EXECUTE")], { kind: "routine" }),
        ],
      },
      "database shop: Everybody may execute orders.f(), as PostgreSQL has it for what is new. From now on read-write executes all of its schema, and read-only none.",
    ],
    [
      "functions with their owner's rights",
      {
        objects: [
          ...used.objects,
          tables("orders", "postgres", ["f()"], [], { kind: "SECURITY DEFINER routine" }),
        ],
      },
      "shop.orders: orders.f(): this runs with its owner's rights (SECURITY DEFINER), and the owner will be the schema's owner group. Whoever writes the schema may execute it.",
    ],
    [
      "what the admin cannot take over",
      { objects: [...used.objects, tables("orders", "rdsadmin", ["kept"])] },
      "shop.orders: orders.kept: this belongs to rdsadmin, from whom the admin cannot take it.",
    ],
    [
      "row-level security",
      {
        protectedTables: [
          { schema: "orders", name: "item", owner: "postgres", policies: [{ ...policy, roles: [] }] },
        ],
      },
      "shop.orders: There is row-level security on item. An application that owned its tables passed it by; with read-write it does not.",
    ],
    [
      "policies that name roles",
      {
        protectedTables: [
          { schema: "orders", name: "item", owner: "postgres", policies: [{ ...policy, roles: ["app"] }] },
        ],
      },
      "shop.orders: There is row-level security on item. An application that owned its tables passed it by; with read-write it does not. These policies name roles that no identity is in: own on item.",
    ],
    [
      "default privileges of others",
      {
        defaultPrivileges: [
          { creator: "app", schema: null, objectType: "TABLES", grants: [grant("x", "SELECT")] },
        ],
      },
      "database shop: What app creates is granted to others by default privileges. From now on only the owner groups create, and their default privileges are the file's.",
    ],
    [
      "event triggers",
      {
        others: [{ type: "event trigger", schema: null, identity: "audit", owner: "app", extension: false }],
      },
      "database shop: event trigger audit belongs to app, and the file does not speak of such.",
    ],
    [
      "large objects",
      { largeObjects: [{ owner: "app", count: 2 }] },
      "database shop: 2 large objects of app: they are in no schema, so no level reaches them.",
    ],
    [
      "extensions elsewhere",
      { extensions: [extension("postgis", "gis", false)] },
      "extension postgis in shop: It is in the schema gis; the model has extensions in public.",
    ],
  ])("%s", (_, different, line) => {
    expect(lines(database("shop", { ...used, ...different }))).toEqual([line]);
  });

  test("what RDS and extensions keep for themselves is not", () => {
    const quiet = {
      defaultPrivileges: [{ creator: "rdsadmin", schema: null, objectType: "TABLES", grants: [] }],
      others: [
        { type: "event trigger", schema: null, identity: "a", owner: "rdsadmin", extension: false },
        { type: "event trigger", schema: null, identity: "b", owner: "postgres", extension: true },
      ],
      largeObjects: [{ owner: "rdsadmin", count: 1 }],
      extensions: [extension("pg_trgm")],
      objects: [
        ...used.objects,
        tables("orders", "rdsadmin", ["g()"], [grant("public", "EXECUTE")], {
          kind: "routine",
          partOf: "extension" as const,
        }),
      ],
    };
    expect(lines(database("shop", { ...used, ...quiet }))).toEqual([]);
  });
});

test("extensions are declared, those that carry data out with a reason that asks for a better one", () => {
  const { access, beyond } = proposed(
    database("shop", { ...used, extensions: [extension("dblink"), extension("pg_trgm")] }),
  );
  expect(access?.databases).toEqual({
    shop: {
      schemas: ["orders"],
      extensions: [{ name: "dblink", reason: "was there when adopted" }, "pg_trgm"],
    },
  });
  expect(beyond.map(({ where }) => where)).toEqual(["extension dblink in shop"]);
});
