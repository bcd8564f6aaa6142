import { describe, expect, test } from "@jest/globals";
import { expectation } from "../../../model/access/expectation";
import { accessPlan } from "../../../model/access/plan";
import { MINIMAL, parse, testEnvironments } from "../../helpers/environment";

const expected = expectation(
  accessPlan(
    parse(
      `${MINIMAL.replace("[billing, orders]", "[orders, public]")}    m:
      namespace: shop
      grants: { shop.orders: owner }
`,
    ),
  ),
);

describe("what a live database must look like", () => {
  test("is every group role without login and every login without anything else", () => {
    const attributes = expected.roles.map((role) => [role.name, role.kind, role.attributes.join()]);
    expect(attributes).toEqual([
      ["shop_orders_owner", "group role", "INHERIT"],
      ["shop_orders_rw", "group role", "INHERIT"],
      ["shop_orders_ro", "group role", "INHERIT"],
      ["shop_public_owner", "group role", "INHERIT"],
      ["shop_public_rw", "group role", "INHERIT"],
      ["shop_public_ro", "group role", "INHERIT"],
      ["m", "database user", "INHERIT,LOGIN"],
      ["orders_api", "database user", "INHERIT,LOGIN"],
    ]);
  });

  test("lets only an owner's sessions run as its group", () => {
    expect(expected.roles.flatMap(({ name, settings }) => settings.map((each) => [name, each]))).toEqual([
      ["m", "role=shop_orders_owner"],
    ]);
  });

  test("has exactly the memberships of the plan", () => {
    expect(expected.memberships).toEqual([
      { role: "rds_iam", member: "m" },
      { role: "shop_orders_owner", member: "m" },
      { role: "rds_iam", member: "orders_api" },
      { role: "shop_orders_rw", member: "orders_api" },
    ]);
  });

  test("lets each group connect, and gives PUBLIC nothing", () => {
    const [shop] = expected.databases;
    expect(shop?.grants.map(({ role, privileges }) => [role, privileges.join()])).toEqual([
      ["shop_orders_owner", "CONNECT"],
      ["shop_orders_rw", "CONNECT"],
      ["shop_orders_ro", "CONNECT"],
      ["shop_public_owner", "CONNECT"],
      ["shop_public_rw", "CONNECT"],
      ["shop_public_ro", "CONNECT"],
    ]);
    expect(JSON.stringify(expected)).not.toContain('"role":"public"');
  });

  test("has schemas and what is in them owned by the owner group, except for public, which PostgreSQL owns", () => {
    const tables = (schema: string) => [
      { role: `shop_${schema}_rw`, privileges: ["DELETE", "INSERT", "SELECT", "UPDATE"] },
      { role: `shop_${schema}_ro`, privileges: ["SELECT"] },
    ];
    const sequences = (schema: string) => [
      { role: `shop_${schema}_rw`, privileges: ["SELECT", "USAGE"] },
      { role: `shop_${schema}_ro`, privileges: ["SELECT"] },
    ];
    const usage = (...roles: string[]) => roles.map((role) => ({ role, privileges: ["USAGE"] }));
    expect(expected.databases[0]?.schemas).toEqual([
      {
        name: "orders",
        owner: "shop_orders_owner",
        grants: usage("shop_orders_rw", "shop_orders_ro"),
        objectOwners: ["shop_orders_owner"],
        objects: { table: tables("orders"), sequence: sequences("orders") },
      },
      {
        name: "public",
        grants: [
          { role: "shop_public_owner", privileges: ["CREATE", "USAGE"] },
          ...usage("shop_public_rw", "shop_public_ro"),
        ],
        objectOwners: ["shop_public_owner", "postgres"],
        objects: { table: tables("public"), sequence: sequences("public") },
      },
    ]);
  });

  test("grants on what will be created as on what is there", () => {
    for (const environment of testEnvironments()) {
      for (const { schemas, defaultPrivileges } of expectation(accessPlan(environment)).databases) {
        expect(
          defaultPrivileges.map(({ schema, objectType, grants }) => [schema, objectType, grants]),
        ).toEqual(
          schemas.flatMap(({ name, objects }) => [
            [name, "TABLES", objects.table],
            [name, "SEQUENCES", objects.sequence],
          ]),
        );
      }
    }
  });

  test("is plain data, the same after a way through JSON", () => {
    expect(JSON.parse(JSON.stringify(expected))).toEqual(expected);
  });
});
