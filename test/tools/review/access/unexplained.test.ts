import { describe, expect, test } from "@jest/globals";
import type { AccessPlan } from "../../../../model/access/plan";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import { altered, compared, identityIn, type Json, planOf } from "./plans";

const dev = planOf("dev");

/** Every object anywhere in a value, with its path. */
function objectsIn(value: Json, path = "plan"): { path: string; object: Json }[] {
  if (typeof value !== "object" || value === null) return [];
  const within = Object.entries(value).flatMap(([key, item]) => objectsIn(item, `${path}.${key}`));
  return Array.isArray(value) ? within : [{ path, object: value }, ...within];
}

describe("what has no words is never silent", () => {
  /** One of each kind of thing that a plan has. */
  const small = altered(dev, (plan) => {
    plan.databases = plan.databases.slice(0, 1);
    plan.databases[0].renamedFrom = "old";
    plan.databases[0].schemas[0].renamedFrom = { database: "old", schema: "messages" };
    const elsewhere: Json = altered(planOf("everywhere"), () => {});
    plan.identities = [
      identityIn(plan, "message-board"),
      identityIn(plan, "on-call"),
      ...["invoices", "ledger", "deployments"].map((key) => identityIn(elsewhere, key)),
    ];
    plan.accounts = elsewhere.accounts;
  });
  const places = objectsIn(small).map(({ path }) => path);

  test.each([
    ["a field", "newField", { nested: true }],
    ["a field called like a prototype's", "toString", "x"],
    ["a field called __proto__", "__proto__", { wider: true }],
  ])("%s that nobody knows is found wherever it is", (_, field, value) => {
    const silent = places.filter((_path, index) => {
      const after = altered(small, (plan) => {
        const object = objectsIn(plan)[index]?.object;
        Object.defineProperty(object, field, { value, enumerable: true, configurable: true, writable: true });
      });
      const found = (findings: ReturnType<typeof compareAccess>) =>
        findings.some(({ kind, text }) => kind === "unexplained" && text.includes(field));
      return !found(compareAccess(small, after)) || !found(compareAccess(after, small));
    });
    expect(silent).toEqual([]);
  });

  test("a field that is new in many places is one finding, which names them all", () => {
    const after = altered(dev, (plan) => {
      for (const identity of plan.identities) identity.expires = "never";
    });
    const findings = compareAccess(dev, after);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.text).toBe(
      `dev: ${dev.identities.map(({ key }) => key).join(", ")}: expires is "never", and was not there; the review has no words for that`,
    );
  });

  test("of many places the line names some, and the details all; other values are other findings", () => {
    const prod = planOf("prod");
    const withField = (value: (index: number) => string) =>
      altered(prod, (plan) => {
        for (const [index, identity] of plan.identities.entries()) identity.newField = value(index);
      });
    const [finding, ...others] = compareAccess(
      prod,
      withField(() => "x"),
    );
    expect(others).toEqual([]);
    expect(finding?.text).toMatch(/^prod: analysts, .* and 3 more: newField is "x"/);
    expect(finding?.details).toEqual(prod.identities.map(({ key }) => key));
    const long = withField((index) => `${"x".repeat(100)}${index}`);
    expect(compareAccess(prod, long)).toHaveLength(prod.identities.length);
  });

  test("long values that differ at their end are two differences", () => {
    const withField = (value: string) => altered(dev, (plan) => Object.assign(plan, { newField: value }));
    const long = "x".repeat(100);
    expect(compareAccess(dev, withField(`${long}1`))).not.toEqual(compareAccess(dev, withField(`${long}2`)));
    expect(compared(dev, withField(long))[0]?.length).toBeLessThan(150);
  });

  test("so is one of an identity that is new", () => {
    const after = altered(dev, (plan) => {
      plan.identities.push({ ...identityIn(plan, "orders-api"), key: "z", databaseUser: "z", expires: 1 });
    });
    expect(compared(dev, after)).toContain(
      "unexplained: z: expires is 1, and was not there; the review has no words for that",
    );
  });

  test("another order of grants is unexplained: they are made in it", () => {
    const after = altered(dev, (plan) => plan.databases[0].grants.reverse());
    expect(compared(dev, after)).toEqual([
      "unexplained: dev: the access plan is another, in a way that the review has no words for",
    ]);
  });
});

describe("a plan that cannot be read is not computed, and nothing throws", () => {
  test.each<[string, (plan: Json) => unknown]>([
    ["another version", (plan) => Object.assign(plan, { version: 2 })],
    ["no identities", (plan) => delete plan.identities],
    ["no databases", (plan) => delete plan.databases],
    ["databases by name", (plan) => Object.assign(plan, { databases: {} })],
    ["an identity without a key", (plan) => delete plan.identities[0].key],
    ["an identity that is null", (plan) => plan.identities.push(null)],
    ["a service without a namespace", (plan) => delete plan.identities[0].namespace],
    ["people without principals", (plan) => delete identityIn(plan, "on-call").principals],
    [
      "a condition that is neither there nor not",
      (plan) => Object.assign(identityIn(plan, "on-call"), { requireMfa: "no" }),
    ],
    ["a limit that is no number", (plan) => Object.assign(plan.identities[0], { connectionLimit: "many" })],
    ["an identity twice", (plan) => plan.identities.push(plan.identities[0])],
    ["a database twice", (plan) => plan.databases.push(plan.databases[0])],
    ["a schema twice", (plan) => plan.databases[0].schemas.push(plan.databases[0].schemas[0])],
    [
      "a grant twice",
      (plan) => plan.databases[0].grants.push({ ...plan.databases[0].grants[0], privileges: ["CONNECT"] }),
    ],
    ["a namespace twice", (plan) => plan.namespaces.push(plan.namespaces[0])],
    ["a level twice", (plan) => plan.databases[0].schemas[0].groups.push({ level: "owner", role: "other" })],
    [
      "two logins that are one",
      (plan) => Object.assign(plan.identities[0], { databaseUser: plan.identities[1].databaseUser }),
    ],
    [
      "a login that is a group",
      (plan) => Object.assign(plan.identities[0], { databaseUser: "shop_billing_ro" }),
    ],
    ["a login that is the admin", (plan) => Object.assign(plan.identities[0], { databaseUser: "postgres" })],
    [
      "a group that is PUBLIC",
      (plan) => Object.assign(plan.databases[0].schemas[0].groups[0], { role: "public" }),
    ],
    ["a schema whose name is two", (plan) => Object.assign(plan.databases[0].schemas[0], { name: "a.b" })],
    ["a level that is no text", (plan) => Object.assign(plan.identities[0].grants[0], { level: 1 })],
  ])("%s", (_, change) => {
    const other = altered(dev, change);
    for (const findings of [
      compareAccess(dev, other),
      compareAccess(other, dev),
      compareAccess(undefined, other),
    ]) {
      expect(findings).toEqual([
        {
          kind: "not-computed",
          subject: "dev",
          text: expect.stringMatching(/^dev: access cannot be compared: ./),
          content: expect.anything(),
        },
      ]);
    }
  });

  test.each([[null], [[]], ["text"], [0], [undefined]])("%j in place of a plan", (value) => {
    const plan: Json = value;
    const after: AccessPlan = plan;
    expect(compareAccess(dev, after).map(({ kind }) => kind)).toEqual(["not-computed"]);
  });

  test("two that cannot be read differ in what an approval of them is for", () => {
    const broken = (name: string) =>
      altered(dev, (plan) => Object.assign(plan, { version: 2, account: name }));
    expect(compareAccess(dev, broken("1"))).not.toEqual(compareAccess(dev, broken("2")));
  });
});
