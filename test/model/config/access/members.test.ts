import { describe, expect, test } from "@jest/globals";
import { connectPolicy, trustPolicy } from "../../../../model/access/iam";
import { accessPlan } from "../../../../model/access/plan";
import { MINIMAL, parse, problemsOf } from "../../../helpers/environment";

const ROLE = "arn:aws:iam::123456789012:role/OnCall";

/** A file with one group of people, whose keys these are; its members are on line 16, one after another. */
function file(members: readonly string[], { key = "on-call", principals = [ROLE], more = "" } = {}): string {
  return `${MINIMAL}  people:
    ${key}:
      principals: ${JSON.stringify(principals)}
      grants: { shop.orders: read-only }
      members:
${members.map((member) => `        - "${member}"\n`).join("")}${more}`;
}

const of = (...members: string[]) => problemsOf(file(members));

describe("a member's database user", () => {
  const userOf = (member: string, key = "on-call") => {
    const group = accessPlan(parse(file([member], { key }))).identities.find((each) => each.key === key);
    return group && "members" in group ? group.members : group;
  };

  test.each([
    ["anna@acme.com", "on_call_anna"],
    ["Anna.Smith@acme.com", "on_call_anna_smith"],
    ["a+b=c,d-e_f@acme.com", "on_call_a_b_c_d_e_f"],
    ["anna@work@acme.com", "on_call_anna_work"],
    ["anna", "on_call_anna"],
    ["4711", "on_call_4711"],
  ])("of %s is %s: safe in SQL, ARNs and tokens, and every client", (name, databaseUser) => {
    expect(userOf(name)).toEqual([{ name, databaseUser }]);
  });

  test("members are sorted by name, and the group has no database user of its own", () => {
    const [group] = accessPlan(parse(file(["ben@acme.com", "anna@acme.com"]))).identities;
    expect(Object.keys(group ?? {}).slice(0, 4)).toEqual(["kind", "key", "members", "grants"]);
    expect(group).toMatchObject({
      kind: "people",
      members: [
        { name: "anna@acme.com", databaseUser: "on_call_anna" },
        { name: "ben@acme.com", databaseUser: "on_call_ben" },
      ],
    });
    expect(group).not.toHaveProperty("databaseUser");
  });
});

describe("a member's name", () => {
  test.each([
    "a",
    "anna smith",
    "anna*",
    "anna?",
    "$anna",
    "änna@acme.com",
    "an/na",
    "an:na",
    `${"a".repeat(65)}`,
    "anna\\n",
  ])("%j is none that a session can have, and is refused where it is", (name) => {
    expect(of("ben@acme.com", name)).toEqual([
      `17:11: must be what their session in AWS is called, such as anna@acme.com: 2 to 64 letters, digits and _+=,.@-, got: "${name}"`,
    ]);
  });

  test("as short and as long as STS takes it is fine, but for PostgreSQL's length", () => {
    expect(of("ab", `${"a".repeat(55)}@acme.com`)).toEqual([]);
    expect(of(`${"a".repeat(56)}@acme.io`)).toEqual([
      '16:11: the database user "on_call_' +
        `${"a".repeat(56)}" would have 64 characters, and PostgreSQL keeps 63; shorten the group's name or this one's by 1`,
    ]);
  });

  test.each(["@acme.com", "..@acme.com", "+-"])("%j has nothing to name a database user after", (name) => {
    expect(of(name)).toEqual([
      `16:11: "${name}" has no letter or digit before its @ to name the database user after; use another session name`,
    ]);
  });

  test("is listed once, and a list names somebody", () => {
    expect(of("anna@acme.com", "anna@acme.com")).toEqual([
      '17:11: "anna@acme.com" is listed twice; remove one',
    ]);
    expect(problemsOf(file([]).replace("members:", "members: []"))).toEqual([
      "15:7: must name somebody; leave it out for a database user that all share, got: []",
    ]);
  });
});

describe("no two things have one database user", () => {
  test("two members that come out the same", () => {
    expect(of("anna@acme.com", "Anna@other.example", "an.na@acme.com", "an_na@acme.com")).toEqual([
      '17:11: the member "Anna@other.example" of "on-call" and the member "anna@acme.com" of "on-call" would both be the database user "on_call_anna"; put one of them into a group of its own, or rename it',
      '19:11: the member "an_na@acme.com" of "on-call" and the member "an.na@acme.com" of "on-call" would both be the database user "on_call_an_na"; put one of them into a group of its own, or rename it',
    ]);
  });

  test("a member and a group, or a service, of that name", () => {
    const more = `    on-call-anna:\n      principals: ["${ROLE}"]\n      grants: { shop.orders: read-only }\n`;
    expect(problemsOf(file(["anna@acme.com"], { more }))).toEqual([
      '17:5: the group of people "on-call-anna" and the member "anna@acme.com" of "on-call" would both be the database user "on_call_anna"; put one of them into a group of its own, or rename it',
    ]);
    expect(problemsOf(file(["api@acme.com"], { key: "orders" }))).toEqual([
      '16:11: the member "api@acme.com" of "orders" and the service "orders-api" would both be the database user "orders_api"; put one of them into a group of its own, or rename it',
    ]);
  });

  test("members of two groups", () => {
    const more = `    on:\n      principals: ["${ROLE}"]\n      grants: { shop.orders: read-only }\n      members: [call.anna@acme.com]\n`;
    expect(problemsOf(file(["anna@acme.com"], { more }))).toEqual([
      '20:17: the member "call.anna@acme.com" of "on" and the member "anna@acme.com" of "on-call" would both be the database user "on_call_anna"; put one of them into a group of its own, or rename it',
    ]);
  });

  test("a member and a group role", () => {
    expect(problemsOf(file(["orders_ro"], { key: "shop" }))).toEqual([
      '16:11: the database user "shop_orders_ro" is a group role of shop.orders already; rename it',
    ]);
  });

  test("a member and the database's admin", () => {
    const existing = "database: { existing: { cluster: shop, adminUser: on_call_anna } }\n";
    expect(problemsOf(file(["anna@acme.com"]) + existing)).toEqual([
      '16:11: the database user "on_call_anna" is the database\'s admin; choose another name',
    ]);
  });

  test("a member and a name that PostgreSQL or RDS keep", () => {
    expect(problemsOf(file(["anna@acme.com"], { key: "rds" }))).toEqual([
      '16:11: the database user "rds_anna" starts with rds, which RDS keeps for itself; rename it',
    ]);
    expect(problemsOf(file(["anna@acme.com"], { key: "pg" }))).toEqual([
      '16:11: the database user "pg_anna" starts with pg_, which PostgreSQL keeps for itself; rename it',
    ]);
    // Nobody is the database user "public".
    expect(problemsOf(file(["anna@acme.com"], { key: "public" }))).toEqual([]);
  });

  test("a member and a schema: the member would look names up in it first", () => {
    const text = file(["anna@acme.com"]).replace("[billing, orders]", "[billing, orders, on_call_anna]");
    expect(problemsOf(text)).toEqual([
      '5:40: the schema "on_call_anna" is called like the database user of the member "anna@acme.com" of "on-call", which would look names up in it first and so run what its owner put there; choose another',
    ]);
    // A group with members is no database user.
    expect(problemsOf(text.replaceAll("on_call_anna", "on_call"))).toEqual([]);
  });
});

test("members are sessions of roles: an IAM user is one person already", () => {
  const principals = [ROLE, "arn:aws:iam::123456789012:user/anna"];
  expect(problemsOf(file(["anna@acme.com"], { principals }))).toEqual([
    "13:60: an IAM user is one person already, and what it does has no session name that a member could have; give it a group of its own without members, or let it take a role first and name that role",
  ]);
});

describe("as many members as IAM's policies hold", () => {
  const names = (count: number) =>
    Array.from({ length: count }, (_, index) => `member-${index + 100}@acme.example`);
  /** The longest resource id that a cluster has. */
  const CLUSTER = `cluster-${"A".repeat(26)}`;
  const sizes = (text: string) => {
    const plan = accessPlan(parse(text));
    const group = plan.identities.find(({ kind }) => kind === "people");
    if (!group) throw new Error("there is no group");
    return {
      connect: JSON.stringify(connectPolicy(plan, group, CLUSTER)).length,
      trust: JSON.stringify(trustPolicy(plan, group, { arn: "", issuer: "" })).length,
    };
  };
  /** How many are let in at most. */
  const most = (more = "") => {
    let [fits, tooMany] = [1, 128];
    while (tooMany - fits > 1) {
      const middle = Math.floor((fits + tooMany) / 2);
      if (problemsOf(file(names(middle), { more })).length === 0) fits = middle;
      else tooMany = middle;
    }
    return fits;
  };

  test("the connect policy holds 10240 characters", () => {
    const count = most();
    const { connect } = sizes(file(names(count)));
    expect(connect).toBeLessThanOrEqual(10_240);
    expect((connect / count) * (count + 1)).toBeGreaterThan(10_240);
    expect(problemsOf(file(names(count + 3)))).toEqual([
      expect.stringMatching(
        /^15:7: with \d+ members the policy of the IAM role has \d+ characters, and IAM allows 10240: 3 too many; put them into a second group$/,
      ),
    ]);
  });

  test("the trust policy holds 2048 characters, which members take twice where there is a source identity", () => {
    const more = "      requireSourceIdentity: true\n";
    const fits = most(more);
    expect(fits).toBeLessThan(most());
    expect(sizes(file(names(fits), { more })).trust).toBeLessThanOrEqual(2_048);
    expect(problemsOf(file(names(fits + 1), { more }))).toEqual([
      expect.stringMatching(
        /^15:7: with \d+ members the trust policy of the IAM role has 20[5-9]\d characters, and IAM allows 2048 unless the account has a higher quota: 1 too many; put them into a second group$/,
      ),
    ]);
  });

  test("the trust policy holds 2048 characters, of which principals take theirs", () => {
    const principals = (count: number) =>
      Array.from({ length: count }, (_, index) => `${ROLE}-${"of-a-team-".repeat(4)}${index + 10}`);
    expect(problemsOf(file(names(1), { principals: principals(30) }))).toEqual([
      expect.stringMatching(
        /^15:7: with one member the trust policy of the IAM role has \d+ characters, and IAM allows 2048 unless the account has a higher quota: its 30 principals are too many; put some into a second group$/,
      ),
    ]);
  });
});
