import { describe, expect, test } from "@jest/globals";
import { FINDING_KINDS } from "../../../../model/config/review/kinds";
import { DEFAULT_RULES } from "../../../../model/config/review/schema";
import { parse, problemsOf, testEnvironment } from "../../../helpers/environment";
import { withAccess } from "../mistakes";

/** A file whose on-call writes, whose console owns and whose auditors are of another account; `review` is in line 18. */
const FILE = withAccess(`access:
  databases: { shop: [billing, orders] }
  namespaces: { console: {}, shop: {} }
  services:
    orders-api: { namespace: shop, grants: { shop.orders: read-write } }
    orders-migrations: { namespace: shop, grants: { shop.orders: owner } }
    console: { namespace: console, grants: { shop.billing: owner } }
  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      grants: { shop.orders: read-write }
    auditors:
      principals: ["arn:aws:iam::210987654321:role/Auditor"]
      grants: { shop.orders: read-only }
`);

/** What is wrong with the file's `review`, whose place is not repeated. */
function wrong(review: string): string[] {
  return problemsOf(`${FILE}review: ${review}\n`);
}

/** What is wrong with exceptions to a rule, beside other keys. */
function wrongExceptions(exceptions: string, rules = "{}"): string[] {
  return wrong(`{ rules: ${rules}, exceptions: ${exceptions} }`).map((problem) =>
    problem.replace(/^18:\d+: /, ""),
  );
}

describe("a file without review", () => {
  test("has the rules of a careful production", () => {
    expect(parse().review).toEqual(DEFAULT_RULES);
    expect(DEFAULT_RULES.rules).toEqual({
      peopleAtMost: "read-only",
      owners: ["*-migrations"],
      accounts: [],
      namespaces: "any",
      writersPerSchema: "any",
    });
    expect(DEFAULT_RULES.findings).toEqual(
      Object.fromEntries(Object.entries(FINDING_KINDS).map(([kind, { decision }]) => [kind, decision])),
    );
  });

  test("may break them: that is for a review to say", () => {
    expect(problemsOf(FILE)).toEqual([]);
  });
});

test("the example of a production excuses its on-call, with why", () => {
  expect(testEnvironment("prod").review.exceptions).toMatchObject({
    peopleAtMost: { "on-call": expect.stringMatching(/\S/) },
  });
  expect(testEnvironment("dev").review).toEqual(DEFAULT_RULES);
});

describe("what is misspelt or unknown is an error with advice:", () => {
  test.each([
    ["{ finding: {} }", '18:11: unknown key "finding". Did you mean "findings"?'],
    [
      "{ findings: { access-gaind: notify } }",
      '18:23: unknown key "access-gaind". Did you mean "access-gained"?',
    ],
    ["{ findings: { acess-lost: notify } }", '18:23: unknown key "acess-lost". Did you mean "access-lost"?'],
    [
      "{ findings: { access-gained: notfy } }",
      '18:38: must be one of allow, notify, approve, got: "notfy". Did you mean "notify"?',
    ],
    ["{ findings: { access-gained: deny } }", '18:38: must be one of allow, notify, approve, got: "deny"'],
    ["{ findings: { access-gained: true } }", "18:38: must be one of allow, notify, approve, got: true"],
    ["{ findings: { rules-loosened: notify } }", '18:39: must be approve, whatever the file, got: "notify"'],
    ["{ rules: { peopleMost: owner } }", '18:20: unknown key "peopleMost". Did you mean "peopleAtMost"?'],
    [
      "{ rules: { peopleAtMost: readonly } }",
      '18:34: must be one of read-only, read-write, owner, any, got: "readonly". Did you mean "read-only"?',
    ],
    ['{ rules: { owners: "*-migrations" } }', '18:28: must be a list of names, or any, got: "*-migrations"'],
    ["{ rules: { owners: ayn } }", '18:28: must be a list of names, or any, got: "ayn". Did you mean "any"?'],
    [
      '{ rules: { owners: ["*"] } }',
      '18:29: must be the name of a service or group of people, in which one * may stand for any characters, got: "*"',
    ],
    [
      '{ rules: { owners: ["*-*"] } }',
      '18:29: must be the name of a service or group of people, in which one * may stand for any characters, got: "*-*"',
    ],
    ["{ rules: { owners: [console, console] } }", '18:38: "console" is listed twice; remove one'],
    ["{ rules: { accounts: [210987654321] } }", '18:31: must be text; put it in quotes: "210987654321"'],
    ["{ rules: { writersPerSchema: 0 } }", "18:38: must be a whole number from 1 to 1000, got: 0"],
    [
      "{ rules: { writersPerSchema: none } }",
      '18:38: must be a whole number from 1 to 1000, or any, got: "none"',
    ],
    ["{ rules: { namespaces: on } }", '18:32: must be one of owners-apart, any, got: "on"'],
    [
      "{ exceptions: { peopleAtMos: { on-call: why not } } }",
      '18:25: unknown key "peopleAtMos". Did you mean "peopleAtMost"?',
    ],
    ['{ exceptions: { peopleAtMost: { on-call: "" } } }', "18:50: must not be empty"],
  ])("%s", (review, problem) => {
    expect(wrong(review)).toEqual([problem]);
  });

  test("what is always for approval may be said to be", () => {
    expect(wrong("{ findings: { rule-broken: approve } }")).toEqual([]);
  });
});

describe("an exception", () => {
  test.each([
    "{ peopleAtMost: { on-call: it writes } }",
    "{ owners: { console: it owns } }",
    "{ accounts: { auditors: they are of another company } }",
  ])("that a rule needs is taken: %s", (exceptions) => {
    expect(wrongExceptions(exceptions)).toEqual([]);
  });

  test("may name a namespace or a schema, where a rule is about these", () => {
    const rules = "{ namespaces: owners-apart, writersPerSchema: 2 }";
    expect(
      wrongExceptions("{ namespaces: { shop: x }, writersPerSchema: { shop.orders: x } }", rules),
    ).toEqual([]);
    expect(wrongExceptions("{ namespaces: { console: x } }", rules)).toEqual([
      'review.rules.namespaces holds for "console", which needs no exception; take it out',
    ]);
    expect(wrongExceptions("{ writersPerSchema: { shop.billing: x } }", rules)).toEqual([
      'review.rules.writersPerSchema holds for "shop.billing", which needs no exception; take it out',
    ]);
  });

  test.each([
    ["{ peopleAtMost: { on-cal: x } }", 'there is no identity "on-cal" with access. Did you mean "on-call"?'],
    [
      "{ peopleAtMost: { auditors: x } }",
      'review.rules.peopleAtMost holds for "auditors", which needs no exception; take it out',
    ],
    [
      "{ peopleAtMost: { orders-api: x } }",
      'review.rules.peopleAtMost holds for "orders-api", which needs no exception; take it out',
    ],
    [
      "{ owners: { constructor: x } }",
      'there is no identity "constructor" with access. Known: auditors, console, on-call, orders-api, orders-migrations.',
    ],
    ["{ namespaces: { shop: x } }", "review.rules.namespaces is any, which needs no exception; take it out"],
    ["{ namespaces: { shopp: x } }", 'there is no namespace "shopp" with access. Did you mean "shop"?'],
    [
      "{ writersPerSchema: { orders: x } }",
      'there is no schema "orders" with access. Known: shop.billing, shop.orders.',
    ],
  ])("that nothing needs is an error: %s", (exceptions, problem) => {
    expect(wrongExceptions(exceptions)).toEqual([problem]);
  });

  test("is not needed by what a rule allows anyway", () => {
    expect(wrongExceptions("{ peopleAtMost: { on-call: x } }", "{ peopleAtMost: read-write }")).toHaveLength(
      1,
    );
    expect(wrongExceptions("{ owners: { console: x } }", "{ owners: [console] }")).toHaveLength(1);
    expect(wrongExceptions("{ accounts: { auditors: x } }", '{ accounts: ["210987654321"] }')).toHaveLength(
      1,
    );
    expect(
      wrongExceptions("{ writersPerSchema: { shop.orders: x } }", "{ writersPerSchema: 3 }"),
    ).toHaveLength(1);
  });

  test("to two rules is named at both places", () => {
    expect(wrong("{ exceptions: { peopleAtMost: { auditors: x }, owners: { on-call: x } } }")).toEqual([
      '18:41: review.rules.peopleAtMost holds for "auditors", which needs no exception; take it out',
      '18:66: review.rules.owners holds for "on-call", which needs no exception; take it out',
    ]);
  });
});

describe("an entry of a rule's list", () => {
  test.each([
    '{ owners: ["*-migrations", console] }',
    '{ owners: [orders-migrations, "con*"] }',
    // That of the default may be there before the first service that it is for.
    '{ owners: ["*-migrations"], accounts: ["210987654321"] }',
    "{ owners: [] }",
  ])("that lets something be is taken: %s", (rules) => {
    expect(wrong(`{ rules: ${rules} }`)).toEqual([]);
  });

  test.each([
    [
      '{ owners: ["*-migrations", "*-schema"] }',
      '18:45: review.rules.owners allows as much without "*-schema"',
    ],
    // It does not own.
    [
      '{ owners: ["*-migrations", orders-api] }',
      '18:45: review.rules.owners allows as much without "orders-api"',
    ],
    // Another one fits it.
    [
      '{ owners: ["*-migrations", orders-migrations] }',
      '18:45: review.rules.owners allows as much without "orders-migrations"',
    ],
    ['{ accounts: ["123456789012"] }', '18:31: review.rules.accounts allows as much without "123456789012"'],
    [
      '{ accounts: ["210987654321", "210987654322"] }',
      '18:47: review.rules.accounts allows as much without "210987654322"',
    ],
  ])("that lets nothing be is an error: %s", (rules, problem) => {
    expect(wrong(`{ rules: ${rules} }`)).toEqual([`${problem}; take it out, or correct it`]);
  });

  test("of the default is no mistake in a file that nobody owns anything in", () => {
    const nobody = withAccess(`access:
  databases: { shop: [orders] }
  namespaces: { shop: {} }
  services: { orders-api: { namespace: shop, grants: { shop.orders: read-write } } }
`);
    expect(problemsOf(`${nobody}review: { rules: { owners: ["*-migrations"] } }\n`)).toEqual([]);
    expect(problemsOf(`${nobody}review: { rules: { owners: ["*-migration"] } }\n`)).toHaveLength(1);
  });
});

test("nothing is said of rules while what they are about is wrong itself", () => {
  const text = `${FILE.replace("grants: { shop.orders: read-write }", "grants: { shop.orders: reed-write }")}review: { exceptions: { peopleAtMost: { auditors: x } } }\n`;
  expect(problemsOf(text)).toHaveLength(1);
});
