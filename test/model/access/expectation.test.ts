import { describe, expect, test } from "@jest/globals";
import { expectation } from "../../../model/access/expectation";
import { accessPlan, groupRoles } from "../../../model/access/plan";
import { MINIMAL, parse, testEnvironments } from "../../helpers/environment";

const plan = accessPlan(
  parse(
    `${MINIMAL.replace("[billing, orders]", "[orders, public]")}    m:
      namespace: shop
      grants: { shop.orders: owner }
`,
  ),
);
const expected = expectation(plan);
const groups = groupRoles(plan);

describe("what a live database must look like", () => {
  test("is every group role without login and every login without anything else", () => {
    const attributes = expected.roles.map((role) => [
      role.name,
      role.kind,
      role.attributes.join(),
      role.connectionLimit,
    ]);
    expect(attributes).toEqual([
      ...groups.map((group) => [group, "group role", "INHERIT", -1]),
      ["m", "database user", "INHERIT,LOGIN", 100],
      ["orders_api", "database user", "INHERIT,LOGIN", 100],
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
    expect(shop?.grants).toEqual(groups.map((role) => ({ role, privileges: ["CONNECT"] })));
    expect(JSON.stringify(expected)).not.toContain('"role":"public"');
  });

  test("has schemas and what is in them owned by the owner group, except for public, which is the admin's", () => {
    const tables = (schema: string) =>
      expect.arrayContaining([
        { role: `shop_${schema}_rw`, privileges: ["DELETE", "INSERT", "SELECT", "UPDATE"] },
        { role: `shop_${schema}_ro`, privileges: ["SELECT"] },
      ]);
    const sequences = (schema: string) =>
      expect.arrayContaining([
        { role: `shop_${schema}_rw`, privileges: ["SELECT", "USAGE"] },
        { role: `shop_${schema}_ro`, privileges: ["SELECT"] },
      ]);
    const usage = (schema: string) =>
      groups
        .filter((group) => group.startsWith(`shop_${schema}_`) && !group.endsWith("_owner"))
        .map((role) => ({ role, privileges: ["USAGE"] }));
    expect(expected.databases[0]?.schemas).toEqual([
      {
        name: "orders",
        owner: "shop_orders_owner",
        grants: usage("orders"),
        objectOwner: "shop_orders_owner",
        objects: {
          table: tables("orders"),
          sequence: sequences("orders"),
          function: [{ role: "shop_orders_rw", privileges: ["EXECUTE"] }],
        },
        callers: ["shop_orders_rw", "shop_orders_ro"],
      },
      {
        name: "public",
        grants: usage("public"),
        objectOwner: "postgres",
        objects: { table: tables("public"), sequence: sequences("public"), function: [] },
        callers: ["shop_public_rw", "shop_public_ro"],
      },
    ]);
  });

  test("grants on what will be created as on what is there", () => {
    for (const environment of testEnvironments()) {
      for (const { schemas, defaultPrivileges } of expectation(accessPlan(environment)).databases) {
        expect(
          defaultPrivileges.map(({ schema, objectType, grants }) => [schema, objectType, grants]),
        ).toEqual([
          // Functions are nobody's, whatever schema the admin or an owner group makes them in.
          [null, "FUNCTIONS", []],
          ...schemas.filter(({ owner }) => owner).map(() => [null, "FUNCTIONS", []]),
          ...schemas.flatMap(({ name, objects }) => [
            [name, "TABLES", objects.table],
            [name, "SEQUENCES", objects.sequence],
            [name, "FUNCTIONS", objects.function],
          ]),
        ]);
      }
    }
  });

  test("is plain data, the same after a way through JSON", () => {
    expect(JSON.parse(JSON.stringify(expected))).toEqual(expected);
  });
});
