import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { databaseUsers } from "../../../model/access/identity";
import { accessMatrix } from "../../../model/access/matrix";
import { accessPlan, groupRoles } from "../../../model/access/plan";
import { databaseUser, groupRole, reservedRoleName } from "../../../model/postgresql/names";
import { declarations, MINIMAL, parse, problemsOf, testEnvironments } from "../../helpers/environment";

const plan = (text: string) => accessPlan(parse(text));
const withServices = (services: string, databases = "shop: [billing, orders]") =>
  `${MINIMAL.slice(0, MINIMAL.indexOf("  databases:"))}  databases: { ${databases} }\n  ${declarations(services)}\n  services:\n${services.replace(/^/gm, "    ")}\n`;

describe("a service", () => {
  test("logs in with IAM and is a member of the groups it asked for, and of nothing else", () => {
    const { identities } = plan(
      withServices("a-b: { namespace: n, grants: { shop.orders: read-write, shop.billing: read-only } }"),
    );
    expect(identities).toEqual([
      {
        kind: "service",
        key: "a-b",
        databaseUser: "a_b",
        grants: [
          { database: "shop", schema: "billing", level: "read-only" },
          { database: "shop", schema: "orders", level: "read-write" },
        ],
        memberOf: ["rds_iam", "shop_billing_ro", "shop_orders_rw"],
        connectionLimit: 100,
        iamRole: "test-db-a-b",
        database: "shop",
        namespace: "n",
        serviceAccount: "a-b",
        configMap: "a-b-database",
      },
    ]);
  });

  test("that owns a schema runs its sessions as the owner group", () => {
    const [owner] = plan(withServices("m: { namespace: n, grants: { shop.orders: owner } }")).identities;
    expect(owner).toMatchObject({
      memberOf: ["rds_iam", "shop_orders_owner"],
      sessionRole: "shop_orders_owner",
    });
  });

  test("may have as many connections at once as the file says for all, and 100 where it says nothing", () => {
    const limits = (defaults: string) =>
      plan(`${MINIMAL}${defaults}`).identities.map(({ connectionLimit }) => connectionLimit);
    expect(limits("")).toEqual([100]);
    expect(limits("  defaults: { connectionLimit: 20 }\n")).toEqual([20]);
  });

  test("works with readers where the file says so, and else nothing is said of it", () => {
    const endpoints = (endpoint: string) =>
      plan(withServices(`a: { namespace: n, ${endpoint}grants: { shop.orders: read-only } }`)).identities;
    expect(endpoints("endpoint: reader, ")).toEqual([
      { ...endpoints("endpoint: writer, ")[0], endpoint: "reader" },
    ]);
    expect(endpoints("endpoint: writer, ")).toEqual(endpoints(""));
    expect(Object.keys(endpoints("")[0] ?? {})).not.toContain("endpoint");
  });

  test("may run as another ServiceAccount and name one of its databases", () => {
    const [service] = plan(
      withServices(
        "a: { namespace: n, serviceAccount: runner, database: stock, grants: { shop.orders: read-only, stock.items: read-only } }",
        "shop: [orders], stock: [items]",
      ),
    ).identities;
    expect(service).toMatchObject({ serviceAccount: "runner", database: "stock" });
  });
});

describe("a database", () => {
  const [shop] = plan(
    withServices("a: { namespace: n, grants: { shop.orders: owner } }", "shop: [orders, public]"),
  ).databases;
  const grantsOf = (role: string) =>
    shop?.grants
      .filter((grant) => grant.role === role)
      .map(({ objectType, schema, privileges, createdBy }) => [
        objectType,
        schema,
        privileges.join(),
        createdBy,
      ]);

  test("takes from PUBLIC the right to connect and to use the schema public", () => {
    expect(shop?.grants.slice(0, 2)).toEqual([
      { role: "public", objectType: "database", privileges: [] },
      { role: "public", objectType: "schema", schema: "public", privileges: [] },
    ]);
  });

  test("lets the read-only group connect and select, from present and future tables and sequences", () => {
    expect(grantsOf("shop_orders_ro")).toEqual([
      ["database", undefined, "CONNECT", undefined],
      ["schema", "orders", "USAGE", undefined],
      ["table", "orders", "SELECT", undefined],
      ["table", "orders", "SELECT", "shop_orders_owner"],
      ["sequence", "orders", "SELECT", undefined],
      ["sequence", "orders", "SELECT", "shop_orders_owner"],
    ]);
  });

  test("lets the read-write group change rows, draw from sequences and call functions too, and no more", () => {
    expect(grantsOf("shop_orders_rw")).toEqual([
      ["database", undefined, "CONNECT", undefined],
      ["schema", "orders", "USAGE", undefined],
      ["table", "orders", "DELETE,INSERT,SELECT,UPDATE", undefined],
      ["table", "orders", "DELETE,INSERT,SELECT,UPDATE", "shop_orders_owner"],
      ["sequence", "orders", "SELECT,USAGE", undefined],
      ["sequence", "orders", "SELECT,USAGE", "shop_orders_owner"],
      ["function", "orders", "EXECUTE", undefined],
      ["function", "orders", "EXECUTE", "shop_orders_owner"],
    ]);
  });

  test("grants the owner group nothing on a schema it owns", () => {
    expect(grantsOf("shop_orders_owner")).toEqual([["database", undefined, "CONNECT", undefined]]);
  });

  test("leaves public to the admin: it has no owner group, and nobody may create in it", () => {
    expect(
      shop?.schemas.map(({ name, managed, owner, groups }) => [
        name,
        managed,
        owner,
        ...groups.map(({ role }) => role),
      ]),
    ).toEqual([
      ["orders", true, "shop_orders_owner", "shop_orders_owner", "shop_orders_rw", "shop_orders_ro"],
      ["public", false, "postgres", "shop_public_rw", "shop_public_ro"],
    ]);
    expect(grantsOf("shop_public_ro")).toEqual([
      ["database", undefined, "CONNECT", undefined],
      ["schema", "public", "USAGE", undefined],
      ["table", "public", "SELECT", undefined],
      ["table", "public", "SELECT", "postgres"],
      ["sequence", "public", "SELECT", undefined],
      ["sequence", "public", "SELECT", "postgres"],
    ]);
    expect(shop?.grants.filter(({ privileges }) => privileges.includes("CREATE"))).toEqual([]);
  });

  test("takes functions from PUBLIC: what the admin and each owner group create anywhere, and what there is", () => {
    const functions = shop?.grants.filter(
      ({ role, objectType }) => role === "public" && objectType === "function",
    );
    expect(functions?.map(({ schema, createdBy, privileges }) => [schema, createdBy, privileges])).toEqual([
      [undefined, "postgres", []],
      [undefined, "shop_orders_owner", []],
      ["orders", undefined, []],
      ["public", undefined, []],
    ]);
  });

  test("lets no level execute what is in public: it may run with the admin's rights", () => {
    expect(grantsOf("shop_public_rw")?.filter(([objectType]) => objectType === "function")).toEqual([]);
  });

  test("never grants with ALL, TEMP or a privilege that only newer versions know", () => {
    const known = ["CONNECT", "CREATE", "DELETE", "EXECUTE", "INSERT", "SELECT", "UPDATE", "USAGE"];
    for (const environment of testEnvironments()) {
      for (const { privileges } of accessPlan(environment).databases.flatMap(({ grants }) => grants)) {
        for (const privilege of privileges) expect(known).toContain(privilege);
      }
    }
  });
});

describe("derived names", () => {
  const key = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_$-]{0,12}$/);

  test("two keys never become one database user", () => {
    fc.assert(fc.property(key, key, (a, b) => a === b || databaseUser(a) !== databaseUser(b)));
  });

  test("a file that is accepted has no two roles of one name and none that is reserved", () => {
    const file = fc.record({
      databases: fc.dictionary(name, fc.uniqueArray(name, { minLength: 1, maxLength: 3 }), {
        minKeys: 1,
        maxKeys: 3,
      }),
      keys: fc.uniqueArray(key, { maxLength: 4 }),
    });
    let accepted = 0;
    fc.assert(
      fc.property(file, ({ databases, keys }) => {
        const [database, schemas] = Object.entries(databases)[0] ?? [];
        const services = Object.fromEntries(
          keys.map((each) => [
            each,
            { namespace: "n", grants: { [`${database}.${schemas?.[0]}`]: "owner" } },
          ]),
        );
        const text = `${MINIMAL.slice(0, MINIMAL.indexOf("access:"))}access: ${JSON.stringify({ databases, namespaces: { n: {} }, services })}\n`;
        if (problemsOf(text).length > 0) return;
        accepted++;
        const result = plan(text);
        const roles = [...groupRoles(result), ...result.identities.flatMap(databaseUsers)];
        expect(new Set(roles).size).toBe(roles.length);
        for (const role of roles) {
          expect(Buffer.byteLength(role)).toBeLessThanOrEqual(63);
          expect(reservedRoleName(role)).toBeUndefined();
        }
      }),
    );
    expect(accepted).toBeGreaterThan(20);
  });

  test("names that differ only where underscores fall do share a group role, which is why they are checked", () => {
    expect(groupRole("a_b", "c", "owner")).toBe(groupRole("a", "b_c", "owner"));
  });
});

test("the matrix has a row for each identity and a column for each schema", () => {
  const text = withServices(
    "b: { namespace: n, grants: { shop.orders: read-write, shop.billing: read-only } }\na: { namespace: n, grants: { shop.orders: owner } }",
  );
  const { schemas, rows } = accessMatrix(plan(text));
  expect(schemas).toEqual(["shop.billing", "shop.orders"]);
  expect(rows.map(({ identity, cells }) => [identity.key, ...cells.map(({ level }) => level)])).toEqual([
    ["a", undefined, "owner"],
    ["b", "read-only", "read-write"],
  ]);
});

test("namespaces are those that are declared, by name, whoever is in them and in whatever order their keys are", () => {
  const services =
    "a: { namespace: n, grants: { shop.orders: owner } }\nb: { namespace: n, grants: { shop.orders: owner } }";
  const text = withServices(services).replace(
    "{ n: {} }",
    "{ n: { networkPolicy: none, podSecurity: baseline }, m: {} }",
  );
  expect(JSON.stringify(plan(text).namespaces)).toBe(
    JSON.stringify([
      { name: "m", podSecurity: "restricted", networkPolicy: "default-deny" },
      { name: "n", podSecurity: "baseline", networkPolicy: "none" },
    ]),
  );
});
