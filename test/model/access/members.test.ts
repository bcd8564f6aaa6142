import { describe, expect, test } from "@jest/globals";
import { expectation } from "../../../model/access/expectation";
import { connectPolicy, roleDescription } from "../../../model/access/iam";
import { databaseUsers, loginsOf } from "../../../model/access/identity";
import { accessMatrix } from "../../../model/access/matrix";
import { accessPlan } from "../../../model/access/plan";
import { accessReport } from "../../../model/access/report";
import { databaseSql } from "../../../model/access/sql";
import { MINIMAL, parse } from "../../helpers/environment";

/** A group of people with two members, and one of the same kind without. */
const text = (level = "read-only") => `${MINIMAL}  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      members: [ben@acme.com, anna@acme.com]
      grants: { shop.orders: ${level} }
    support:
      principals: ["arn:aws:iam::123456789012:role/Support"]
      grants: { shop.orders: read-only }
`;
const plan = accessPlan(parse(text()));
const owners = accessPlan(parse(text("owner")));
const [group, service, support] = plan.identities;
if (!group || !service || !support) throw new Error("an identity is missing");

describe("a group of people with members", () => {
  test("is one identity with a login for each of them; others have one", () => {
    expect(plan.identities.map(databaseUsers)).toEqual([
      ["on_call_anna", "on_call_ben"],
      ["orders_api"],
      ["support"],
    ]);
    expect(loginsOf(group)).toEqual([
      { databaseUser: "on_call_anna", member: "anna@acme.com" },
      { databaseUser: "on_call_ben", member: "ben@acme.com" },
    ]);
    expect(loginsOf(support)).toEqual([{ databaseUser: "support" }]);
  });

  test("has what its members may do once: a row in the matrix, and memberships that hold for each", () => {
    expect(accessMatrix(plan).rows.map(({ identity }) => identity.key)).toEqual([
      "on-call",
      "orders-api",
      "support",
    ]);
    expect(group.memberOf).toEqual(["rds_iam", "shop_orders_ro"]);
    expect(group.iamRole).toBe("test-db-on-call");
  });

  test("changes nothing of a group without: key for key it is what it was", () => {
    const shared = accessPlan(parse(text().replace("      members: [ben@acme.com, anna@acme.com]\n", "")));
    expect(Object.keys(shared.identities[0] ?? {})).toEqual(Object.keys(support));
    expect(Object.keys(support)).toEqual([
      "kind",
      "key",
      "databaseUser",
      "grants",
      "database",
      "memberOf",
      "connectionLimit",
      "iamRole",
      "principals",
    ]);
  });

  test("has an IAM role that may connect as each member's database user by a statement of its own, and as nobody else", () => {
    const { Statement } = connectPolicy(plan, group, "cluster-ABC");
    expect(Statement.map(({ Effect, Action, Resource }) => [Effect, Action, Resource])).toEqual(
      ["on_call_anna", "on_call_ben"].map((user) => [
        "Allow",
        "rds-db:connect",
        `arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-ABC/${user}`,
      ]),
    );
  });

  test("has an IAM role whose description fits, however many they are", () => {
    expect(roleDescription(group)).toBe(
      "Connects to PostgreSQL as a database user for each member of on-call",
    );
    expect(roleDescription(support)).toBe("Connects to PostgreSQL as support");
  });
});

describe("to PostgreSQL each member is a login like any other", () => {
  test("in the SQL: made, in rds_iam and the groups, and with the settings that the group's file says", () => {
    const { apply } = databaseSql(owners, "shop");
    for (const user of ["on_call_anna", "on_call_ben"]) {
      expect(apply).toContain(`PERFORM pg_temp.ensure_role('${user}', connection_limit => 100`);
      expect(apply).toContain(`PERFORM pg_temp.ensure_member('${user}', 'rds_iam', 'shop_orders_owner');`);
      expect(apply).toContain(`PERFORM pg_temp.ensure_setting('${user}', 'role', 'shop_orders_owner');`);
      expect(apply).toContain(`${user} shop_orders_owner`);
    }
    expect(apply).not.toMatch(/\bon_call\b/);
  });

  test("in the SQL of a group that owns nothing: a session role of a member's is taken away", () => {
    const setNobody = /no_session_role => (.*)\);/;
    const [, names = ""] = setNobody.exec(databaseSql(plan, "shop").apply) ?? [];
    expect(names).toContain("'on_call_anna', 'on_call_ben'");
    const [, others = ""] = setNobody.exec(databaseSql(owners, "shop").apply) ?? [];
    expect(others).toContain("'orders_api'");
    expect(others).not.toContain("on_call");
  });

  test("in the SQL that takes away what is granted beyond the plan: each is one of whom this is about", () => {
    const { apply } = databaseSql(plan, "shop");
    const [, roles = ""] = /set_config\('access\.roles', (.*)::text, true\)/.exec(apply) ?? [];
    expect(roles).toContain("'on_call_anna', 'on_call_ben'");
  });

  test("in what is expected of a live database, with whose it is", () => {
    const { roles, memberships } = expectation(owners);
    expect(roles.filter(({ name }) => name.startsWith("on_call"))).toEqual(
      ["anna", "ben"].map((name) => ({
        name: `on_call_${name}`,
        kind: "database user",
        whose: `${name}@acme.com of on-call`,
        attributes: ["INHERIT", "LOGIN"],
        connectionLimit: 100,
        settings: ["role=shop_orders_owner"],
      })),
    );
    expect(roles.find(({ name }) => name === "support")).not.toHaveProperty("whose");
    expect(memberships.filter(({ member }) => member.startsWith("on_call"))).toEqual(
      ["anna", "ben"].flatMap((name) =>
        ["rds_iam", "shop_orders_owner"].map((role) => ({ role, member: `on_call_${name}` })),
      ),
    );
  });
});

describe("access.md", () => {
  const page = accessReport(plan);

  test("names the members and whose database user is whose, and what holds for each", () => {
    const row = page.split("\n").find((line) => line.startsWith("| on-call (people) | test-db-on-call |"));
    expect(row?.split(" | ").slice(3)).toEqual([
      "`anna@acme.com`: on_call_anna<br>`ben@acme.com`: on_call_ben",
      "100 each |",
    ]);
    expect(page).toContain(
      "Members of a group of people are a database user of their own each, and may log in as no other.",
    );
    expect(page.match(/^\| on-call \(people\) \|/gm)).toHaveLength(2);
  });

  test("says nothing of members where there are none", () => {
    expect(accessReport(accessPlan(parse()))).not.toContain("Members of a group");
  });
});
