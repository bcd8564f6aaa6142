import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../../../model/access/plan";
import { DEFAULT_RULES, type ReviewRules, review } from "../../../../model/config/review/schema";
import { brokenRules } from "../../../../tools/review/judge/broken-rules";
import { parse } from "../../../helpers/environment";
import { withAccess } from "../../../model/config/mistakes";

const OWN = "arn:aws:iam::123456789012:role/OnCall";
const FOREIGN = "arn:aws:iam::210987654321:role/Auditor";

/** A plan in which on-call has these grants, and can be these. */
function plan(grants: string, principals: readonly string[] = [OWN], services = "") {
  return accessPlan(
    parse(
      withAccess(`access:
  databases: { shop: [billing, orders] }
  namespaces: { shop: {}, web: {} }
  services:
    orders-api: { namespace: shop, grants: { shop.orders: read-write } }
    orders-migrations: { namespace: shop, grants: { shop.orders: owner } }
${services}
  people:
    on-call:
      principals: ${JSON.stringify(principals)}
      grants: ${grants}
`),
    ),
  );
}
const rulesOf = (said: unknown): ReviewRules => review.parse(said);
type Side = Readonly<{ plan: ReturnType<typeof plan>; rules: ReviewRules }>;
const side = (of: Side["plan"], said: unknown = {}): Side => ({ plan: of, rules: rulesOf(said) });

/** What is broken, as `kind: text`. */
function broken(before: Side | undefined, after: Side): string[] {
  return brokenRules(before, after).map(({ kind, text }) => `${kind}: ${text}`);
}

const READS = plan("{ shop.orders: read-only }");
const WRITES = plan("{ shop.orders: read-write }");
const WRITES_BOTH = plan("{ shop.billing: read-write, shop.orders: read-write }");
const TEXT = "on-call: has read-write on shop.orders, and people may have at most read-only";

describe("a rule that is broken", () => {
  test("and was not before is for approval", () => {
    expect(broken(side(READS), side(WRITES))).toEqual([`rule-broken: ${TEXT} (review.rules.peopleAtMost)`]);
    expect(broken(side(WRITES), side(READS))).toEqual([]);
  });

  test("and was in the same way is only shown, whatever else changes", () => {
    const still = [`rule-still-broken: ${TEXT} (review.rules.peopleAtMost)`];
    expect(broken(side(WRITES), side(WRITES))).toEqual(still);
    const other = plan(
      "{ shop.orders: read-write }",
      [OWN],
      "    web: { namespace: web, grants: { shop.billing: read-only } }",
    );
    expect(broken(side(WRITES), side(other))).toEqual(still);
  });

  test("and was broken more is only shown", () => {
    expect(broken(side(WRITES_BOTH), side(WRITES))).toEqual([
      `rule-still-broken: ${TEXT} (review.rules.peopleAtMost)`,
    ]);
    expect(broken(side(plan("{ shop.orders: owner }")), side(WRITES))).toEqual([
      `rule-still-broken: ${TEXT} (review.rules.peopleAtMost)`,
    ]);
  });

  test("in a way more is for approval, with all that is there", () => {
    expect(broken(side(WRITES), side(WRITES_BOTH))).toEqual([
      "rule-broken: on-call: has read-write on shop.billing, read-write on shop.orders, and people may have at most read-only (review.rules.peopleAtMost)",
    ]);
    const owner = broken(side(WRITES), side(plan("{ shop.orders: owner }")));
    expect(owner.filter((text) => text.startsWith("rule-broken"))).toHaveLength(2);
  });

  test("by somebody else for approval", () => {
    const renamed = {
      ...WRITES,
      identities: WRITES.identities.map((each) => ({ ...each, key: each.key.replace("on-call", "callers") })),
    };
    expect(broken(side(WRITES), side(renamed))).toEqual([expect.stringMatching(/^rule-broken: callers: /)]);
  });

  test("by who can be whom is told by the principals", () => {
    const foreign = plan("{ shop.orders: read-only }", [OWN, FOREIGN]);
    const more = plan("{ shop.orders: read-only }", [OWN, FOREIGN, `${FOREIGN}2`]);
    expect(broken(side(READS), side(foreign))).toEqual([
      `rule-broken: on-call: can be ${FOREIGN}, and principals must be of 123456789012 (review.rules.accounts)`,
    ]);
    expect(broken(side(foreign), side(more))).toEqual([expect.stringMatching(/^rule-broken: /)]);
    expect(broken(side(more), side(foreign))).toEqual([expect.stringMatching(/^rule-still-broken: /)]);
  });
});

test("what several still break is one line a rule, and names them all", () => {
  const nobody = { rules: { owners: [] } };
  const more = plan(
    "{ shop.orders: read-write }",
    [OWN],
    "    billing-migrations: { namespace: shop, grants: { shop.billing: owner } }",
  );
  const found = brokenRules(side(more, nobody), side(more, nobody));
  expect(found.map(({ kind, text }) => [kind, text])).toEqual([
    ["rule-still-broken", `${TEXT} (review.rules.peopleAtMost)`],
    ["rule-still-broken", "test: 2 break as before what must hold (review.rules.owners)"],
  ]);
  expect(found[1]?.details).toEqual([
    "billing-migrations: owns shop.billing, and nobody may own a schema (review.rules.owners)",
    "orders-migrations: owns shop.orders, and nobody may own a schema (review.rules.owners)",
  ]);
  expect(
    brokenRules(side(READS, nobody), side(more, nobody))
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(["rule-broken", "rule-broken", "rule-still-broken"]);
});

describe("rules of both sides count:", () => {
  const lenient = { rules: { peopleAtMost: "read-write" } };

  test("one that the change drops is broken as the base has it", () => {
    expect(broken(side(READS), side(WRITES, lenient))).toEqual([
      `rule-broken: ${TEXT} (review.rules.peopleAtMost, as the base has it)`,
    ]);
  });

  test("one that the change brings is broken as the change has it", () => {
    expect(broken(side(READS, lenient), side(WRITES))).toEqual([
      `rule-broken: ${TEXT} (review.rules.peopleAtMost, as the change has it)`,
    ]);
  });

  test("one that the change brings, and that is broken on both sides, asks for nothing", () => {
    expect(broken(side(WRITES, lenient), side(WRITES))).toEqual([
      `rule-still-broken: ${TEXT} (review.rules.peopleAtMost, as the change has it)`,
    ]);
  });

  test("one that both have, but for what else it allows, is said once", () => {
    const before = side(READS, { rules: { owners: [] } });
    const after = side(READS, { rules: { owners: ["other"] } });
    expect(broken(before, after)).toEqual([
      "rule-still-broken: orders-migrations: owns shop.orders, and nobody may own a schema (review.rules.owners)",
    ]);
  });

  test("an exception is for the side that has it", () => {
    const excused = { exceptions: { peopleAtMost: { "on-call": "they do it by hand" } } };
    expect(broken(side(READS, excused), side(WRITES, excused))).toEqual([]);
    expect(broken(side(READS), side(WRITES, excused))).toEqual([
      `rule-broken: ${TEXT} (review.rules.peopleAtMost, as the base has it)`,
    ]);
    expect(broken(side(WRITES, excused), side(WRITES))).toEqual([
      `rule-still-broken: ${TEXT} (review.rules.peopleAtMost, as the change has it)`,
    ]);
    const other = { exceptions: { peopleAtMost: { "orders-api": "it is another" } } };
    expect(broken(side(READS, other), side(WRITES, other))).toHaveLength(1);
  });

  test("what is as before by the base's is not by the change's own, where that asks for more", () => {
    const unknown = "arn:aws:iam::333333333333:role/Any";
    const before = plan("{ shop.orders: read-only }", [OWN, unknown]);
    const after = plan("{ shop.orders: read-only }", [OWN, unknown, FOREIGN]);
    expect(broken(side(before, { rules: { accounts: ["210987654321"] } }), side(after)).sort()).toEqual([
      expect.stringMatching(/^rule-broken: on-call: can be .*, as the change has it\)$/),
      expect.stringMatching(/^rule-still-broken: on-call: can be .*, as the base has it\)$/),
    ]);
  });

  test("an exception is to one rule", () => {
    const excusing = (rule: string) => ({
      rules: { owners: [] },
      exceptions: { [rule]: { "orders-migrations": "they are told otherwise" } },
    });
    const found = (said: unknown) => broken(side(READS, said), side(READS, said));
    expect(found(excusing("owners"))).toEqual([]);
    expect(found(excusing("peopleAtMost"))).toHaveLength(1);
  });

  test("an environment that was not there is measured by the defaults and its own", () => {
    expect(broken(undefined, side(WRITES))).toEqual([`rule-broken: ${TEXT} (review.rules.peopleAtMost)`]);
    expect(broken(undefined, side(WRITES, lenient))).toEqual([
      `rule-broken: ${TEXT} (review.rules.peopleAtMost, by default)`,
    ]);
    expect(broken(undefined, side(READS, { rules: { owners: [] } }))).toEqual([
      "rule-broken: orders-migrations: owns shop.orders, and nobody may own a schema (review.rules.owners, as the change has it)",
    ]);
  });
});

test("a namespace and a schema are named as exceptions name them", () => {
  const rules = { rules: { namespaces: "owners-apart", writersPerSchema: 1 } };
  const found = brokenRules(side(READS, rules), side(READS, rules));
  expect(found.map(({ subject }) => subject)).toEqual(["shop", "shop.orders"]);
  for (const { subject, text } of found) expect(text.startsWith(`${subject}: `)).toBe(true);
});

test("a service more in a namespace of owners, and a writer more, are new; fewer are not", () => {
  const rules = { rules: { namespaces: "owners-apart", writersPerSchema: 1 } };
  const more = plan(
    "{ shop.orders: read-only }",
    [OWN],
    "    a-api: { namespace: shop, grants: { shop.orders: read-write } }",
  );
  const kinds = (before: Side, after: Side) => brokenRules(before, after).map(({ kind }) => kind);
  expect(kinds(side(READS, rules), side(more, rules))).toEqual(["rule-broken", "rule-broken"]);
  expect(kinds(side(more, rules), side(READS, rules))).toEqual(["rule-still-broken", "rule-still-broken"]);
});

test("an owner more in a namespace of services is new", () => {
  const rules = { rules: { namespaces: "owners-apart" } };
  const more = plan(
    "{ shop.orders: read-only }",
    [OWN],
    "    b-migrations: { namespace: shop, grants: { shop.billing: owner } }",
  );
  expect(broken(side(READS, rules), side(more, rules))).toEqual([
    expect.stringMatching(/^rule-broken: shop: /),
  ]);
});

test("what is broken in other ways has another content", () => {
  const content = (of: Side["plan"]) => brokenRules(side(READS), side(of)).map((finding) => finding.content);
  expect(content(WRITES)).toEqual([["shop.orders read-write"]]);
  expect(content(WRITES_BOTH)).toEqual([["shop.billing read-write", "shop.orders read-write"]]);
});

test("a plan that breaks nothing has no finding", () => {
  expect(brokenRules({ plan: READS, rules: DEFAULT_RULES }, { plan: READS, rules: DEFAULT_RULES })).toEqual(
    [],
  );
});
