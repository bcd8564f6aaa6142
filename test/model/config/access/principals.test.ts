import { describe, expect, test } from "@jest/globals";
import { problemsOf, warningsOf } from "../../../helpers/environment";
import { withAccess } from "../mistakes";

const OWN = "arn:aws:iam::123456789012:role/Deploy";
const CI = "arn:aws:iam::210987654321:role/Deploy";
const SSO = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0123456789abcdef";

/** A file whose service "ci" has these principals, and what else is said of it, of accounts and of others. */
const file = (principal: string, { accounts = "{}", more = "", others = "", people = "" } = {}) =>
  withAccess(`access:
  accounts: ${accounts}
  databases: { shop: [orders] }
  services:
    ci: { principals: ["${principal}"], ${more}grants: { shop.orders: read-only } }
${others}${people && `  people:\n    on-call: { principals: ["${people}"], grants: { shop.orders: read-only } }\n`}`);

describe("the principals of a service", () => {
  test("are of this account, or of one that the file names", () => {
    expect(problemsOf(file(OWN))).toEqual([]);
    expect(problemsOf(file(CI, { accounts: '{ ci: "210987654321" }' }))).toEqual([]);
    expect(warningsOf(file(CI, { accounts: '{ ci: "210987654321" }' }))).toEqual(warningsOf(file(OWN)));
    expect(problemsOf(file(CI))).toEqual([
      `8:24: "${CI}" is of another account, 210987654321, and whoever administers that account decides who this is; name it under access.accounts, such as ci: "210987654321", or name a role of 123456789012`,
    ]);
  });

  test("are no role of this file's, whether it is made here or was there", () => {
    expect(problemsOf(file("arn:aws:iam::123456789012:role/test-db-ci"))).toEqual([
      '8:24: this is the IAM role of the service "ci", which this file makes; name a role or user of its own',
    ]);
    const others = "    ledger: { role: LegacyLedger, grants: { shop.orders: read-only } }\n";
    for (const role of ["LegacyLedger", "legacy/LegacyLedger", "legacyledger"]) {
      expect(problemsOf(file(`arn:aws:iam::123456789012:role/${role}`, { others }))).toEqual([
        '8:24: this is the IAM role of the service "ledger", which would make it another identity as well; name a role or user of its own',
      ]);
    }
    const elsewhere = file("arn:aws:iam::210987654321:role/LegacyLedger", {
      others,
      accounts: '{ ci: "210987654321" }',
    });
    expect(problemsOf(elsewhere)).toEqual([]);
  });

  test("are no people's, as far as their ARN tells", () => {
    expect(problemsOf(file(SSO))).toEqual([
      "8:24: roles of IAM Identity Center are people's; name this one under access.people, where MFA, members and an end can be asked for",
    ]);
  });

  test("are there, and of this partition, like those of people", () => {
    expect(problemsOf(file("arn:aws-cn:iam::123456789012:role/Deploy"))[0]).toContain(
      "8:24: the ARN's partition is aws-cn, but must be aws",
    );
    expect(problemsOf(file("arn:aws:iam::123456789012:role/a//Deploy"))[0]).toContain(
      "its path has an empty part",
    );
    expect(problemsOf(file("arn:aws:iam::123456789012:root"))[0]).toContain("of one role or user");
  });
});

test("more principals than a trust policy has room for are told before AWS is asked", () => {
  const principals = (count: number) =>
    Array.from({ length: count }, (_, index) => `arn:aws:iam::123456789012:role/Deploy-${index + 10}`).join(
      '", "',
    );
  expect(problemsOf(file(principals(40)))).toEqual([]);
  expect(problemsOf(file(principals(48)))).toEqual([
    expect.stringMatching(
      /^8:11: the trust policy of the IAM role would have 2\d\d\d characters, and IAM allows 2048 unless the account has a higher quota; put some/,
    ),
  ]);
  // The external id is in it as well.
  expect(problemsOf(file(principals(30), { more: `externalId: "${"x".repeat(1000)}", ` }))).toHaveLength(1);
});

test("an external id is what STS takes as one", () => {
  const problems = (id: string) => problemsOf(file(OWN, { more: `externalId: "${id}", ` }));
  for (const id of ["ab", "A_b-3+=,.@:/", "x".repeat(1224)]) expect(problems(id)).toEqual([]);
  for (const id of ["a", "a b", "ä1", "a*", "x".repeat(1225)]) {
    expect(problems(id)).toEqual([
      expect.stringContaining("must be an external id: 2 to 1,224 letters, digits and _+=,.@:/-"),
    ]);
  }
});

describe("an account that the file names", () => {
  test("says that its principals are meant, of people and administrators as well", () => {
    const strange = file(OWN, { people: CI });
    expect(warningsOf(strange)).toContainEqual(
      `10:29: "${CI}" is of another account, 210987654321: whoever administers that account decides who this is; name the account under access.accounts if that is meant, or else a role of 123456789012`,
    );
    const known = file(OWN, { people: CI, accounts: '{ ops: "210987654321" }' });
    expect(problemsOf(known)).toEqual([]);
    expect(warningsOf(known)).toEqual(warningsOf(file(OWN)));
    const administrators = `cluster: { administrators: ["${CI}"] }\n`;
    expect(warningsOf(`${file(OWN)}${administrators}`).join()).toContain("is of another account");
    const administered = `${file(OWN, { accounts: '{ ops: "210987654321" }' })}${administrators}`;
    expect(problemsOf(administered)).toEqual([]);
    expect(warningsOf(administered)).toEqual(warningsOf(file(OWN)));
  });

  test.each([
    [
      "the environment's own",
      '{ own: "123456789012" }',
      "5:20: 123456789012 is the environment's own account, which needs no name; take it out",
    ],
    [
      "one that nobody is of",
      '{ ci: "210987654321", old: "111111111111" }',
      "5:40: no principal of the file is of 111111111111; take it out, or correct it",
    ],
    [
      "one that has a name already",
      '{ ci: "210987654321", build: "210987654321" }',
      '5:42: "build" and "ci" are one account, 210987654321; take one of them out',
    ],
    ["none", '{ ci: "21098765432" }', "must be the 12 digits of an AWS account id"],
  ])("is not %s", (_, accounts, problem) => {
    const problems = problemsOf(file(accounts.includes("ci") ? CI : OWN, { accounts }));
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });
});
