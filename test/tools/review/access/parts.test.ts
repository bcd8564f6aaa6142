import { describe, expect, test } from "@jest/globals";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import { altered, compared, databaseIn, planOf } from "./plans";

const dev = planOf("dev");

describe("databases and schemas", () => {
  test("a new schema is one line, with what its levels mean and everything else of it to approve", () => {
    const after = planOf("dev", { "[billing, orders]": "[billing, orders, parts]" });
    const [finding, ...others] = compareAccess(dev, after);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      kind: "schema-added",
      subject: "shop.parts",
      text: "shop.parts: a new schema",
      details: [
        "shop.parts owner, as shop_parts_owner: ownership of the schema and of what is created in it",
        "shop.parts read-write, as shop_parts_rw: SELECT, INSERT, UPDATE, DELETE on tables, SELECT, USAGE on sequences, EXECUTE on functions, USAGE on the schema",
        "shop.parts read-only, as shop_parts_ro: SELECT on tables and sequences, USAGE on the schema",
      ],
    });
    const another = altered(after, (plan) => {
      databaseIn(plan, "shop").grants.push({
        role: "x",
        objectType: "type",
        schema: "parts",
        privileges: ["USAGE"],
      });
    });
    expect(compareAccess(dev, another)).not.toEqual(compareAccess(dev, after));
  });

  test("a new schema whose group may do something elsewhere is found, though nobody is in it", () => {
    const after = altered(planOf("dev", { "[billing, orders]": "[billing, orders, parts]" }), (plan) => {
      for (const grant of databaseIn(plan, "shop").grants) {
        if (grant.role === "shop_parts_ro" && grant.objectType === "database")
          grant.privileges.push("CREATE");
      }
    });
    expect(compared(dev, after)).toContain(
      "access-gained: shop: shop_parts_ro gains CONNECT, CREATE on the database, which changes nothing for anybody today",
    );
  });

  test("a new database is one line with its schemas", () => {
    expect(compared(dev, planOf("dev", { "    board: [": "    books: [new, old]\n    board: [" }))).toEqual([
      "schema-added: books: a new database, with books.new and books.old",
    ]);
  });

  test("a schema that is gone says what happens to its tables and who loses it, once", () => {
    const after = planOf("dev", {
      "[billing, orders]": "[orders]",
      ", shop.billing: read-only }": " }",
      "shop.billing: read-only, ": "",
      "    billing-worker:\n      namespace: shop\n      grants: { shop.billing: read-write }\n": "",
      "    billing-migrations:\n      namespace: shop\n      grants: { shop.billing: owner }\n": "",
    });
    const lines = compared(dev, after);
    expect(lines.slice(0, 3)).toEqual([
      "schema-removed: shop.billing: the schema is no longer in the file; while deletionProtection holds, the deployment stops before it touches anything; without it everybody loses access first, and it is dropped only if it holds no table, and its data stays otherwise",
      "  access-lost: shop.billing: on-call, orders-api lose all access to it",
      "  borrowed-rights-lost: shop.orders: orders-migrations, who may write its code, loses SELECT on tables and sequences, USAGE on the schema in shop.billing through on-call, orders-api",
    ]);
    expect(lines.filter((line) => line.startsWith("access-lost"))).toEqual([]);
    expect(
      lines.filter((line) => /^identity-removed: billing-(worker|migrations): /.test(line)),
    ).toHaveLength(2);
  });

  test("a database that is gone is one line", () => {
    const lines = compared(
      dev,
      altered(dev, (plan) => plan.databases.shift()),
    );
    expect(lines[0]).toBe(
      "schema-removed: board: the database and its schemas board.messages are no longer in the file; while deletionProtection holds, the deployment stops before it touches anything; without it everybody loses access first, and it is dropped only if it holds no table, and its data stays otherwise",
    );
    expect(lines[1]).toBe(
      "  access-lost: board: message-board, message-board-migrations, on-call lose all access to it",
    );
  });

  test("the schema public stays where it is", () => {
    const prod = planOf("prod");
    const after = planOf("prod", { "[public, stock]": "[stock]", ", warehouse.public: read-only": "" });
    expect(compared(prod, after)[0]).toMatch(
      /^schema-removed: warehouse\.public: .*, and it stays, since PostgreSQL has it in every database$/,
    );
  });

  const renamed = planOf("dev", {
    "shop.billing": "shop.bills",
    "[billing, orders]": "[bills, orders]\n  renamed: { shop.billing: shop.bills }",
  });

  test("a schema with a new name is one line: nobody gains or loses by it", () => {
    expect(compared(dev, renamed)).toEqual([
      "schema-renamed: shop.bills: was the schema shop.billing; the plan's SQL gives it and its group roles the new name, and whoever had access keeps it",
    ]);
  });

  test("a database with a new name is one line: nobody gains or loses by it", () => {
    const after = planOf("dev", {
      "shop.billing": "store.billing",
      "shop.orders": "store.orders",
      "shop: [billing, orders]": "store: [billing, orders]\n  renamed: { shop: store }",
    });
    expect(compared(dev, after)).toEqual([
      "schema-renamed: store: was the database shop; the plan's SQL gives it and its group roles the new name, and whoever had access keeps it",
    ]);
  });

  test("whoever gains under the new name is found beside it", () => {
    const after = altered(renamed, (plan) => {
      for (const grant of databaseIn(plan, "shop").grants) {
        if (grant.role === "shop_bills_ro" && grant.objectType === "table") grant.privileges.push("UPDATE");
      }
    });
    expect(compared(dev, after)).toContain(
      "access-gained: shop.bills: read-only gains UPDATE on tables: on-call, orders-api",
    );
  });

  test("an old name that the file no longer gives is said, and one that it gives too late is unexplained", () => {
    const done = planOf("dev", { "shop.billing": "shop.bills", "[billing, orders]": "[bills, orders]" });
    expect(compared(renamed, done)).toEqual([
      "schema-renamed: shop.bills: the file no longer says that it was the schema shop.billing: where it is still called that, the deployment stops",
    ]);
    expect(compared(done, renamed)).toEqual([
      "unexplained: shop.bills: the file says that it was the schema shop.billing, and it was the schema shop.bills before",
    ]);
    expect(compared(dev, done).map((line) => line.split(":")[0])).toContain("schema-removed");
  });

  test("a schema that is said to come from another database is no rename: tables stay in theirs", () => {
    const after = altered(renamed, (plan) => {
      databaseIn(plan, "shop").schemas[0].renamedFrom.database = "board";
    });
    const kinds = compared(dev, after).map((line) => line.split(":")[0]);
    expect(kinds).toContain("schema-removed");
    expect(kinds).toContain("schema-added");
    expect(kinds).not.toContain("schema-renamed");
  });

  test("a new schema of which the file says that it was one that was not there says so", () => {
    const after = altered(planOf("dev", { "[billing, orders]": "[billing, orders, parts]" }), (plan) => {
      databaseIn(plan, "shop").schemas[2].renamedFrom = { database: "shop", schema: "nowhere" };
    });
    expect(compared(dev, after)).toEqual([
      "schema-added: shop.parts: a new schema; the file says that it was shop.nowhere, which was not there",
    ]);
  });

  test("a group role that has another name is made anew: unexplained", () => {
    const after = altered(dev, (plan) => {
      const text = JSON.stringify(plan.databases).replaceAll("shop_billing_ro", "shop_billing_reader");
      plan.databases = JSON.parse(text);
      for (const identity of plan.identities) {
        identity.memberOf = identity.memberOf.map((role: string) =>
          role.replace("billing_ro", "billing_reader"),
        );
      }
    });
    expect(compared(dev, after)).toEqual([
      "unexplained: shop.billing: the group role of read-only is shop_billing_reader, and was shop_billing_ro",
    ]);
  });

  test("a schema that Terraform no longer manages is unexplained", () => {
    const after = altered(dev, (plan) => {
      databaseIn(plan, "shop").schemas[0].managed = false;
    });
    expect(compared(dev, after)).toEqual([
      "unexplained: shop.billing: managed is false, and was true; the review has no words for that",
    ]);
  });

  test("of an environment that was not there everything is found, and where it is", () => {
    const lines = compared(
      altered(dev, (plan) => Object.assign(plan, { databases: [], identities: [], namespaces: [] })),
      dev,
    );
    expect(compareAccess(undefined, dev)[0]).toMatchObject({
      kind: "environment-added",
      text: "dev: everything is in account 123456789012, eu-west-1, without a permissions boundary",
    });
    const byPodIdentity = altered(dev, (plan) => Object.assign(plan, { eksCluster: "platform" }));
    expect(compareAccess(undefined, byPodIdentity)[0]?.text).toBe(
      "dev: everything is in account 123456789012, eu-west-1, without a permissions boundary; pods that take IAM roles by Pod Identity are on the EKS cluster platform",
    );
    expect(compared(undefined, dev).slice(1)).toEqual(lines);
    expect(lines.filter((line) => line.startsWith("identity-added"))).toHaveLength(7);
  });

  test.each([
    ["partition", "aws-cn"],
    ["region", "eu-west-2"],
    ["account", "999999999999"],
    ["permissionsBoundary", "arn:aws:iam::123456789012:policy/x"],
    ["adminUser", "master"],
    ["eksCluster", "x"],
  ])("an environment that was not there in another %s is another one", (field, value) => {
    const other = altered(dev, (plan) => Object.assign(plan, { [field]: value }));
    expect(compareAccess(undefined, other)[0]).not.toEqual(compareAccess(undefined, dev)[0]);
  });
});
