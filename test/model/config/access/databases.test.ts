import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../../../model/access/plan";
import { declaredDatabases, declaredSchemas } from "../../../../model/config/access/declared-databases";
import { parse, problemsOf, warningsOf } from "../../../helpers/environment";
import { withServices } from "../mistakes";

const SERVICE = "a: { namespace: a, grants: { shop.orders: read-write } }";
const withDatabases = (databases: string) => withServices(SERVICE, databases);

describe("a database is a list of schemas, or these and its extensions", () => {
  test("either form declares the same", () => {
    const [short, long] = ["[orders, billing]", "{ schemas: [orders, billing] }"].map((each) =>
      parse(withDatabases(`{ shop: ${each} }`)),
    );
    expect(short && accessPlan(short)).toEqual(long && accessPlan(long));
  });

  test("whoever reads it gets the path of each part in the form that it is written in", () => {
    const { access } = parse(
      withDatabases(
        "{ shop: [orders, billing], stock: { schemas: [parts], extensions: [citext, { name: dblink, reason: for now }] } }",
      ),
    );
    const [shop, stock] = declaredDatabases(access);
    expect(shop).toEqual({
      name: "shop",
      path: ["access", "databases", "shop"],
      schemas: [
        { name: "orders", target: "shop.orders", path: ["access", "databases", "shop", 0] },
        { name: "billing", target: "shop.billing", path: ["access", "databases", "shop", 1] },
      ],
      extensions: [],
    });
    expect(stock).toEqual({
      name: "stock",
      path: ["access", "databases", "stock"],
      schemas: [
        { name: "parts", target: "stock.parts", path: ["access", "databases", "stock", "schemas", 0] },
      ],
      extensions: [
        { name: "citext", path: ["access", "databases", "stock", "extensions", 0] },
        { name: "dblink", reason: "for now", path: ["access", "databases", "stock", "extensions", 1] },
      ],
    });
    expect(declaredSchemas(access).map(({ target }) => target)).toEqual([
      "shop.orders",
      "shop.billing",
      "stock.parts",
    ]);
  });

  test.each<[string, string, string]>([
    ["neither", "{ shop: orders }", 'must be a list of schemas, or { schemas, extensions }, got: "orders"'],
    ["a map", "{ shop: { x: [a] } }", "must be a list of schemas, or { schemas, extensions }, got: {"],
    ["a misspelt key", "{ shop: { schema: [orders] } }", 'unknown key "schema". Did you mean "schemas"?'],
    [
      "no schemas",
      "{ shop: { extensions: [citext] } }",
      'the key "schemas" is missing; add it, such as schemas: [orders]',
    ],
    ["an empty list", "{ shop: [] }", "must have at least 1 items"],
    [
      "nothing",
      "{ shop: ~ }",
      'the key "shop" has no value; remove it, or give it one, such as shop: [orders]',
    ],
    ["a schema twice", "{ shop: { schemas: [orders, orders] } }", '"orders" is listed twice; remove one'],
    ["a name", "{ shop: { schemas: [1x] } }", "must start with a letter or underscore"],
    [
      "a number",
      "{ shop: { schemas: [orders], extensions: [3] } }",
      "must be the name of an extension, or { name, reason }, got: 3",
    ],
    [
      "no list",
      "{ shop: { schemas: [orders], extensions: citext } }",
      "must be a list, such as [pg_trgm, { name: dblink",
    ],
    [
      "an empty list of extensions",
      "{ shop: { schemas: [orders], extensions: [] } }",
      "must have at least 1 items",
    ],
    [
      "no name of an extension",
      "{ shop: { schemas: [orders], extensions: [PostGIS] } }",
      'must be the name of an extension: lower-case letters, digits, _ and single hyphens, starting with a letter, at most 63, got: "PostGIS"',
    ],
    [
      "no reason",
      "{ shop: { schemas: [orders], extensions: [{ name: dblink }] } }",
      'the key "reason" is missing; add it, such as reason: reads the old',
    ],
  ])("%s is refused in words", (_, databases, message) => {
    expect(problemsOf(withDatabases(databases))).toContainEqual(expect.stringContaining(message));
  });
});

/** What the rules say of schemas, by where they stand in either form. */
describe("a rule points at the schema, in either form", () => {
  const forms: readonly [string, number][] = [
    ["[a, SCHEMA]", 0],
    ["{ schemas: [a, SCHEMA] }", "{ schemas: ".length],
  ];
  const at = (more: number) => `5:${"  databases: { shop: [a, ".length + 1 + more}`;

  test.each([
    ["pg_own", "starts with pg_"],
    ["x".repeat(58), "would have 69 bytes"],
    ["b_c", "would share the group role"],
    ["worker", "is called like the database user"],
    ["A", "differ only in case"],
  ])("%s", (schema, message) => {
    for (const [form, more] of forms) {
      const text = withServices(
        "worker: { namespace: a, grants: { shop.a: owner } }",
        `{ shop: ${form.replace("SCHEMA", schema)}, shop_b: [c] }`,
      );
      const found = problemsOf(text).filter((problem) => problem.includes(message));
      // Of two that come out the same the second is at fault.
      const place = schema === "b_c" ? /^5:/ : new RegExp(`^${at(more)}: `);
      expect(found).toEqual([expect.stringMatching(place)]);
    }
  });

  test("a schema that nobody owns", () => {
    for (const [form, more] of forms) {
      const text = withServices(
        "m: { namespace: a, grants: { shop.a: owner } }\nw: { namespace: a, grants: { shop.orders: read-write } }",
        `{ shop: ${form.replace("SCHEMA", "orders")} }`,
      );
      expect(warningsOf(text)).toEqual([
        expect.stringMatching(new RegExp(`^${at(more)}: shop.orders is written to, and no identity owns it`)),
      ]);
    }
  });

  test("a schema whose group role would be the admin of an existing database", () => {
    for (const [form, more] of forms) {
      const text = withServices(SERVICE, `{ shop: ${form.replace("SCHEMA", "orders")} }`);
      const existing = "database: { existing: { cluster: shop, adminUser: shop_orders_rw } }\n";
      expect(problemsOf(`${text}${existing}`)).toContainEqual(
        expect.stringMatching(
          new RegExp(`^${at(more)}: the database's admin "shop_orders_rw" would be a group role`),
        ),
      );
    }
  });
});
