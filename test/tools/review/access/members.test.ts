import { describe, expect, test } from "@jest/globals";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import { altered, compared, identityIn, type Json, planOf } from "./plans";

const PRINCIPALS = '      principals: ["arn:aws:iam::123456789012:role/OnCall"]\n';
/** dev, with these members of its group of people. */
const withMembers = (...members: readonly string[]) =>
  planOf("dev", { [PRINCIPALS]: `${PRINCIPALS}      members: ${JSON.stringify(members)}\n` });
const ANNA = "anna@acme.com";
const BEN = "ben@acme.com";
const shared = planOf("dev");
const many = Array.from({ length: 10 }, (_, index) => `m${index}@acme.com`);

describe("members of a group of people", () => {
  test("who come and go are a line each, with the database user that is theirs", () => {
    expect(compared(withMembers(ANNA), withMembers(ANNA, BEN))).toEqual([
      "trust-widened: on-call: ben@acme.com may now take it, as on_call_ben",
    ]);
    expect(compared(withMembers(ANNA, BEN), withMembers(BEN))).toEqual([
      "trust-narrowed: on-call: anna@acme.com may no longer take it, and was on_call_anna",
    ]);
    expect(compared(withMembers(ANNA), withMembers(BEN))).toEqual([
      "trust-widened: on-call: ben@acme.com may now take it, as on_call_ben",
      "trust-narrowed: on-call: anna@acme.com may no longer take it, and was on_call_anna",
    ]);
  });

  test("who are called otherwise in AWS and are the same database user: another person may be who they were", () => {
    expect(compared(withMembers(ANNA), withMembers("anna@other.example"))).toEqual([
      "trust-widened: on-call: anna@other.example may now take it, as on_call_anna",
      "trust-narrowed: on-call: anna@acme.com may no longer take it, and was on_call_anna",
    ]);
  });

  test("in place of a database user that all share are narrowed, and the other way round widened", () => {
    expect(compared(shared, withMembers(ANNA, BEN))).toEqual([
      "trust-narrowed: on-call: only anna@acme.com and ben@acme.com may take it, each as a database user of their own (on_call_anna, on_call_ben), and no longer all as on_call",
    ]);
    expect(compared(withMembers(ANNA, BEN), shared)).toEqual([
      "trust-widened: on-call: whoever its principals let may take it, all as on_call, and no longer only anna@acme.com and ben@acme.com, each as a database user of their own",
    ]);
  });

  test("of whom there are many are all in the details", () => {
    const [gone] = compareAccess(withMembers(...many), shared);
    const [come] = compareAccess(shared, withMembers(...many));
    for (const finding of [gone, come]) {
      expect(finding?.text).toContain("m7@acme.com and 2 more");
      expect(finding?.details).toEqual(many.map((name, index) => `${name}: on_call_m${index}`));
    }
    expect(compareAccess(shared, withMembers(ANNA))[0]).not.toHaveProperty("details");
  });

  test("change nothing of what the group may do: nobody gains or loses a privilege", () => {
    for (const [before, after] of [
      [shared, withMembers(ANNA)],
      [withMembers(ANNA), withMembers(ANNA, BEN)],
    ] as const) {
      expect(compared(before, after).filter((line) => !line.startsWith("trust-"))).toEqual([]);
    }
  });

  test("take nothing of what else changes: it is told as if they had been one login", () => {
    const gaining = (plan: typeof shared) =>
      altered(plan, ({ databases }) => {
        for (const { grants } of databases) {
          for (const grant of grants) {
            if (grant.role === "shop_billing_ro" && grant.objectType === "table")
              grant.privileges.push("INSERT");
          }
        }
      });
    const others = (lines: string[]) => lines.filter((line) => !line.includes(" may take it"));
    const expected = compared(shared, gaining(shared));
    // As one of all who read there, and not for itself.
    expect(expected.join()).toMatch(
      /shop\.billing: read-only gains INSERT on tables\S*.*: on-call, orders-api/,
    );
    expect(others(compared(shared, gaining(withMembers(ANNA, BEN))))).toEqual(expected);
    expect(others(compared(withMembers(ANNA), gaining(withMembers(ANNA))))).toEqual(expected);
  });

  test("are all looked at, where another version grants something to one of them alone", () => {
    const before = withMembers(ANNA, BEN);
    const after = altered(before, ({ databases }) => {
      const shop = databases.find(({ name }: Json) => name === "shop");
      shop.grants.push({
        role: "on_call_ben",
        objectType: "table",
        schema: "billing",
        privileges: ["DELETE"],
      });
    });
    expect(compared(before, after)).toContainEqual(
      expect.stringMatching(
        /^access-gained: on-call: shop\.billing read-only as before \(gains DELETE on tables/,
      ),
    );
  });

  test("pass on what they may do, where another version makes somebody a member of one of their logins", () => {
    const before = withMembers(ANNA, BEN);
    const after = altered(before, (plan) => identityIn(plan, "orders-api").memberOf.push("on_call_ben"));
    expect(compared(before, after)).toContainEqual(
      expect.stringMatching(/^access-gained: orders-api: board\.messages \(gains SELECT/),
    );
  });

  test("gain what their group gains, once", () => {
    const before = withMembers(ANNA, BEN);
    const after = altered(before, (plan) => {
      const group = identityIn(plan, "on-call");
      group.memberOf.push("shop_billing_rw");
    });
    expect(compared(before, after).filter((line) => line.startsWith("access-gained"))).toHaveLength(1);
  });

  test("are told apart by name: another order in the plan is no change of theirs, and none is silent", () => {
    const before = withMembers(ANNA, BEN);
    expect(compared(before, before)).toEqual([]);
    const swapped = altered(before, (plan) => identityIn(plan, "on-call").members.reverse());
    expect(compared(before, swapped)).toEqual([
      "unexplained: dev: the access plan is another, in a way that the review has no words for",
    ]);
  });

  test("whose database user is another one by another version's rules are widened: who had its name had it", () => {
    const before = withMembers(ANNA, BEN);
    const after = altered(before, (plan) => {
      identityIn(plan, "on-call").members[1].databaseUser = "somebody";
    });
    expect(compared(before, after)).toEqual([
      "trust-widened: on-call: ben@acme.com logs in as another database user: somebody, and was on_call_ben",
    ]);
    const one = altered(shared, (plan) => {
      identityIn(plan, "on-call").databaseUser = "somebody";
    });
    expect(compared(shared, one)).toEqual([
      "trust-widened: on-call: logs in as another database user: somebody, and was on_call",
    ]);
  });

  test("of whom another version says more are compared as data", () => {
    const before = withMembers(ANNA);
    const after = altered(before, (plan) => {
      identityIn(plan, "on-call").members[0].admin = true;
    });
    expect(compared(before, after)).toEqual([
      "unexplained: on-call: member anna@acme.com: admin is true, and was not there; the review has no words for that",
    ]);
  });
});

describe("a group with members that comes, goes or is renamed", () => {
  const group = (key: string, members: readonly string[]) => ({
    "demo:\n  image": `    ${key}:\n      principals: ["arn:aws:iam::123456789012:role/Audit"]\n      members: ${JSON.stringify(members)}\n      grants: { shop.orders: read-only }\n\ndemo:\n  image`,
  });
  const reads = "shop.orders read-only (SELECT on tables and sequences, USAGE on the schema)";

  test("names its members, by which principals, and as whom", () => {
    const after = planOf("dev", group("audit", [ANNA, BEN]));
    expect(compared(shared, after)).toEqual([
      `identity-added: audit: a new group of people; anna@acme.com and ben@acme.com by arn:aws:iam::123456789012:role/Audit may log in as audit_anna, audit_ben and has ${reads}`,
    ]);
    expect(compareAccess(shared, after)[0]?.details).toEqual([
      "IAM role dev-db-audit, database users audit_anna, audit_ben, at most 100 connections at once each",
    ]);
    expect(compared(after, shared)).toEqual([
      `identity-removed: audit: is gone; anna@acme.com and ben@acme.com by arn:aws:iam::123456789012:role/Audit may no longer log in as audit_anna, audit_ben, and had ${reads}`,
    ]);
  });

  test("lists all of them in the details when they are many", () => {
    const after = planOf("dev", group("audit", many));
    const all = many.map((name, index) => `${name}: audit_m${index}`);
    expect(compareAccess(shared, after)[0]?.details).toEqual(expect.arrayContaining(all));
    expect(compareAccess(after, shared)[0]?.details).toEqual(all);
    expect(compareAccess(after, planOf("dev", group("audit-2", many)))[0]?.details).toHaveLength(10);
  });

  test("is the same group under another name while its members are the same, and else another", () => {
    const before = planOf("dev", group("audit", [ANNA, BEN]));
    expect(compared(before, planOf("dev", group("audit-2", [BEN, ANNA])))).toEqual([
      "identity-renamed: audit-2: was audit, and may do the same; anna@acme.com and ben@acme.com by arn:aws:iam::123456789012:role/Audit may become it, as before; its IAM role dev-db-audit-2 and database users audit_2_anna, audit_2_ben are new",
    ]);
    for (const other of [
      planOf("dev", group("audit-2", [ANNA])),
      planOf("dev", group("audit-2", [ANNA, "eve@acme.com"])),
    ]) {
      expect(compared(before, other).map((line) => line.split(":")[0])).toEqual([
        "identity-added",
        "identity-removed",
      ]);
    }
    const own = altered(planOf("dev", group("audit-2", [ANNA, BEN])), (plan) => {
      identityIn(plan, "audit-2").members[0].databaseUser = "somebody";
    });
    expect(compared(before, own).join()).not.toContain("identity-renamed");
    // A rename hides nothing, also not what only another version says of a member.
    const more = altered(planOf("dev", group("audit-2", [ANNA, BEN])), (plan) => {
      identityIn(plan, "audit-2").members[0].admin = true;
    });
    expect(compared(before, more).join()).not.toContain("identity-renamed");
  });
});

describe("a plan with members", () => {
  const before = withMembers(ANNA, BEN);
  test.each<[string, string, (group: Json, plan: Json) => void]>([
    [
      "both",
      "must have either a databaseUser or members",
      (group) => Object.assign(group, { databaseUser: "x" }),
    ],
    ["neither", "must have either a databaseUser or members", (group) => delete group.members],
    ["none of them", "members: Too small", (group) => Object.assign(group, { members: [] })],
    ["one without a name", "members.0.name", (group) => delete group.members[0].name],
    [
      "one without a database user",
      "members.1.databaseUser",
      (group) => delete group.members[1].databaseUser,
    ],
    [
      "one twice",
      'it has the member "anna@acme.com" twice',
      (group) => Object.assign(group.members[1], { name: ANNA }),
    ],
    [
      "two of one database user",
      'it has the role "on_call_anna" twice',
      (group) => Object.assign(group.members[1], { databaseUser: "on_call_anna" }),
    ],
    [
      "another's database user",
      'it has the role "orders_api" twice',
      (group) => Object.assign(group.members[1], { databaseUser: "orders_api" }),
    ],
    [
      "a service in place of people",
      "databaseUser",
      (_, plan) => {
        const service = identityIn(plan, "orders-api");
        service.members = [{ name: ANNA, databaseUser: service.databaseUser }];
        delete service.databaseUser;
      },
    ],
  ])("that has %s cannot be read, and says why", (_, says, change) => {
    const after = altered(before, (plan) => change(identityIn(plan, "on-call"), plan));
    const lines = compared(before, after);
    expect(lines).toEqual([expect.stringMatching(/^not-computed: /)]);
    expect(lines[0]).toContain(says);
  });
});
