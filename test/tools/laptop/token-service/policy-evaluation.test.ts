import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { connectPolicy, serviceAccountTrust, trustPolicy } from "../../../../model/access/iam";
import { WITH_SESSION_NAME } from "../../../../model/aws/people-policies";
import {
  type PolicyDocument,
  type PolicyStatement,
  policyDocument,
} from "../../../../model/aws/policy-document";
import { permits, type TrustRequest, trusts } from "../../../../tools/laptop/token-service/policy-evaluation";
import { PLAN } from "./support";

const PROVIDER = { arn: "arn:aws:iam::123456789012:oidc-provider/issuer", issuer: "issuer" };
const ALLOW = { Effect: "Allow", Action: "rds-db:connect", Resource: "arn:x/user" } as const;
const TRUST = serviceAccountTrust(PROVIDER, "shop", "api");
const REQUEST = {
  action: "sts:AssumeRoleWithWebIdentity",
  principal: { type: "Federated", name: PROVIDER.arn },
  context: { "issuer:aud": "sts.amazonaws.com", "issuer:sub": "system:serviceaccount:shop:api" },
} as const;

const CONNECT = "rds-db:connect";
/** Whether policies let somebody connect, whatever the session. */
const connects = (policies: readonly PolicyDocument[], resource: string, action = CONNECT) =>
  permits(policies, { action, resource, context: {} });

test("an action is allowed on exactly the resource of the policy", () => {
  for (const identity of PLAN.identities) {
    const policy = connectPolicy(PLAN, identity, "cluster-X");
    const [resource] = [policy.Statement[0]?.Resource ?? ""].flat();
    expect(connects([policy], resource ?? "")).toBe(true);
    fc.assert(
      fc.property(fc.string(), fc.nat(200), (text, at) => {
        const other = `${resource?.slice(0, at)}${text}${resource?.slice(at + 1)}`;
        return other === resource || !connects([policy], other);
      }),
    );
    expect(connects([policy], resource ?? "", "rds-db:Connect")).toBe(false);
    expect(connects([policy], resource ?? "", "rds-db:*")).toBe(false);
  }
  expect(connects([], "arn:x/user")).toBe(false);
});

test("a policy that is not understood allows nothing, and takes the others with it", () => {
  const hostile: PolicyStatement[] = [
    { ...ALLOW, Effect: "Deny" },
    { ...ALLOW, Action: "rds-db:*" },
    { ...ALLOW, Resource: "*" },
    { ...ALLOW, Condition: { StringEquals: {} } },
    { ...ALLOW, Condition: { StringLike: {} } },
    { ...ALLOW, Condition: { StringLike: { "aws:userid": "*" } } },
    { ...ALLOW, Condition: { StringLike: { "aws:userid": [] } } },
    { ...ALLOW, Condition: { StringLike: { "aws:userid": "*:", "aws:username": "*:ann" } } },
    { ...ALLOW, Condition: { DateLessThan: { "aws:CurrentTime": "tomorrow" } } },
  ];
  expect(connects([policyDocument(ALLOW)], "arn:x/user")).toBe(true);
  for (const statement of hostile) {
    expect(connects([policyDocument(ALLOW, statement)], "arn:x/user")).toBe(false);
    expect(connects([policyDocument(ALLOW), policyDocument(statement)], "arn:x/user")).toBe(false);
  }
});

test("a role trusts one ServiceAccount, by provider, audience and subject", () => {
  expect(trusts(TRUST, REQUEST)).toBe(true);
  const contexts: Record<string, string>[] = [
    {},
    { "issuer:aud": "sts.amazonaws.com" },
    { "issuer:sub": "system:serviceaccount:shop:api" },
    { ...REQUEST.context, "issuer:aud": "other" },
    { ...REQUEST.context, "issuer:sub": "system:serviceaccount:shop:api2" },
    { "other:aud": "sts.amazonaws.com", "other:sub": "system:serviceaccount:shop:api" },
  ];
  for (const context of contexts) {
    expect(trusts(TRUST, { ...REQUEST, context })).toBe(false);
  }
  expect(trusts(TRUST, { ...REQUEST, action: "sts:AssumeRole" })).toBe(false);
  expect(trusts(TRUST, { ...REQUEST, principal: { type: "AWS", name: PROVIDER.arn } })).toBe(false);
  expect(trusts(TRUST, { ...REQUEST, principal: { type: "Federated", name: `${PROVIDER.arn}2` } })).toBe(
    false,
  );
});

test("a role of people trusts the principals of the plan and no web identity", () => {
  const people = PLAN.identities.filter((identity) => identity.kind === "people");
  expect(people.length).toBeGreaterThan(0);
  for (const identity of people) {
    const trust = trustPolicy(PLAN, identity, PROVIDER);
    const request = { action: "sts:AssumeRole", context: {} };
    for (const arn of identity.principals) {
      expect(trusts(trust, { ...request, principal: { type: "AWS", name: arn } })).toBe(true);
      expect(trusts(trust, { ...request, principal: { type: "AWS", name: `${arn}/x` } })).toBe(false);
    }
    expect(trusts(trust, REQUEST)).toBe(false);
  }
});

describe("a role trusts a service of AWS by its name", () => {
  const ECS = { type: "Service", name: "ecs-tasks.amazonaws.com" } as const;
  const trusted = (
    Condition: PolicyStatement["Condition"],
    context: Readonly<Record<string, string>> = {},
    principal: TrustRequest["principal"] = ECS,
  ) =>
    trusts(
      policyDocument({
        Effect: "Allow",
        Principal: { Service: ECS.name },
        Action: "sts:AssumeRole",
        ...(Condition && { Condition }),
      }),
      { action: "sts:AssumeRole", principal, context },
    );

  test("and no other service, nor somebody whose ARN reads so", () => {
    expect(trusted(undefined)).toBe(true);
    for (const name of [
      "ecs.amazonaws.com",
      "ecs-tasks.amazonaws.com.cn",
      "ECS-tasks.amazonaws.com",
      "*",
      "",
    ]) {
      expect(trusted(undefined, {}, { ...ECS, name })).toBe(false);
    }
    expect(trusted(undefined, {}, { ...ECS, type: "AWS" })).toBe(false);
    expect(trusted(undefined, {}, { ...ECS, type: "Federated" })).toBe(false);
  });

  test("for what is of one account and region, and of the service", () => {
    const like = (pattern: string | readonly string[]) => ({ ArnLike: { "aws:SourceArn": pattern } });
    const own = like("arn:aws:ecs:eu-west-1:123456789012:*");
    const from = (arn: string) => ({ "aws:SourceArn": arn });
    expect(trusted(own, from("arn:aws:ecs:eu-west-1:123456789012:task/shop/1"))).toBe(true);
    expect(trusted(own, from("arn:aws:ecs:eu-west-1:123456789012:a:b"))).toBe(true);
    for (const arn of [
      "arn:aws:ecs:eu-west-1:210987654321:task/shop/1",
      "arn:aws:ecs:eu-west-2:123456789012:task/shop/1",
      "arn:aws:eks:eu-west-1:123456789012:task/shop/1",
      "arn:aws-cn:ecs:eu-west-1:123456789012:task/shop/1",
      "arn:aws:ecs:eu-west-1:1234567890123:task/shop/1",
      "arn:aws:ecs:eu-west-1:123456789012",
      "x:arn:aws:ecs:eu-west-1:123456789012:task",
    ]) {
      expect(trusted(own, from(arn))).toBe(false);
    }
    expect(trusted(own)).toBe(false);
    const both = like(["arn:aws:ecs:eu-west-1:123456789012:*", "arn:aws:ecs:eu-west-2:123456789012:*"]);
    expect(trusted(both, from("arn:aws:ecs:eu-west-2:123456789012:x"))).toBe(true);
    // Other patterns might mean more, or less, than is understood here.
    for (const pattern of [
      "*",
      "arn:aws:ecs:*:123456789012:*",
      "arn:aws:ecs:eu-west-1:*:*",
      "arn:aws:ecs:eu-west-1:123456789012:task/*",
      "arn:aws:ecs:eu-west-?:123456789012:*",
      "arn:aws:ecs:eu-west-1:123456789012:",
      "arn:aws:ecs:eu-west-1:${aws:PrincipalAccount}:*",
    ]) {
      expect(trusted(like(pattern), from("arn:aws:ecs:eu-west-1:123456789012:task/shop/1"))).toBe(false);
    }
    expect(trusted({ ArnLike: { "aws:PrincipalArn": "arn:aws:ecs:eu-west-1:123456789012:*" } }, {})).toBe(
      false,
    );
    expect(trusted({ ArnLike: {} }, {})).toBe(false);
  });
});

test("a condition on a second factor or on a source identity is met by requests that have it", () => {
  const principal = { type: "AWS", name: "arn:aws:iam::123456789012:role/A" } as const;
  const trust = (Condition: PolicyStatement["Condition"]) =>
    policyDocument({
      Effect: "Allow",
      Principal: { AWS: principal.name },
      Action: "sts:AssumeRole",
      Condition,
    });
  const met = (condition: PolicyStatement["Condition"], context: Readonly<Record<string, string>>) =>
    trusts(trust(condition), { action: "sts:AssumeRole", principal, context });
  const mfa = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
  expect(met(mfa, { "aws:MultiFactorAuthPresent": "true" })).toBe(true);
  expect(met(mfa, { "aws:MultiFactorAuthPresent": "false" })).toBe(false);
  expect(met(mfa, { "aws:SourceIdentity": "true" })).toBe(false);
  expect(met(mfa, {})).toBe(false);
  const source = { Null: { "aws:SourceIdentity": "false" } };
  expect(met(source, { "aws:SourceIdentity": "ann" })).toBe(true);
  expect(met(source, {})).toBe(false);
  expect(met({ ...mfa, ...source }, { "aws:SourceIdentity": "ann" })).toBe(false);
  // What would let somebody in for want of something is not understood, and lets nobody in.
  expect(met({ Bool: { "aws:MultiFactorAuthPresent": "false" } }, {})).toBe(false);
  expect(met({ Null: { "aws:SourceIdentity": "true" } }, {})).toBe(false);
  expect(met({ BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } }, {})).toBe(false);
});

test("a condition on what a request does not say is not met, whatever its name", () => {
  for (const key of ["aws:SourceIp", "toString", "__proto__", "constructor"]) {
    const trust = policyDocument({
      Effect: "Allow",
      Principal: { Federated: PROVIDER.arn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: JSON.parse(`{${JSON.stringify(key)}: "x"}`) },
    });
    expect(trusts(trust, REQUEST)).toBe(false);
  }
});

describe("of whose session it is, and until when", () => {
  const ON_CALL = { type: "AWS", name: "arn:aws:iam::123456789012:role/A" } as const;
  const trusted = (Condition: PolicyStatement["Condition"], context: Readonly<Record<string, string>>) =>
    trusts(
      policyDocument({
        Effect: "Allow",
        Principal: { AWS: ON_CALL.name },
        Action: "sts:AssumeRole",
        Condition,
      }),
      {
        action: "sts:AssumeRole",
        principal: ON_CALL,
        context,
      },
    );
  const permitted = (Condition: PolicyStatement["Condition"], context: Readonly<Record<string, string>>) =>
    permits([policyDocument({ ...ALLOW, Condition })], { action: CONNECT, resource: "arn:x/user", context });
  const like = (pattern: string | readonly string[]) => ({ StringLike: { "aws:userid": pattern } });
  const earlier = (instant: string) => ({ DateLessThan: { "aws:CurrentTime": instant } });

  test.each([trusted, permitted])("a session has one of the names, to the letter", (decide) => {
    const ann = like("*:ann@x.org");
    expect(decide(ann, { "aws:userid": "AROA1:ann@x.org" })).toBe(true);
    expect(decide(like(["*:bob", "*:ann@x.org"]), { "aws:userid": "AROA1:ann@x.org" })).toBe(true);
    for (const id of [
      "AROA1:Ann@x.org",
      "AROA1:joann@x.org",
      "AROA1:ann@x.org2",
      "AROA1:",
      "ann@x.org",
      "AROA1:*",
    ]) {
      expect(decide(ann, { "aws:userid": id })).toBe(false);
    }
    expect(decide(ann, {})).toBe(false);
    expect(decide(ann, { "aws:username": "AROA1:ann@x.org", "sts:RoleSessionName": "ann@x.org" })).toBe(
      false,
    );
  });

  test("a session is asked for in the name that the caller's has, and without one in none", () => {
    const own = like(WITH_SESSION_NAME);
    expect(trusted(own, { "aws:userid": "AROA1:ann", "sts:RoleSessionName": "ann" })).toBe(true);
    expect(trusted(own, { "aws:userid": "AROA1:ann", "sts:RoleSessionName": "bob" })).toBe(false);
    expect(trusted(own, { "aws:userid": "AROA1:ann", "sts:RoleSessionName": "*" })).toBe(false);
    expect(trusted(own, { "aws:userid": "AROA1:ann" })).toBe(false);
    expect(trusted(own, { "aws:userid": WITH_SESSION_NAME })).toBe(false);
    expect(trusted(own, { "sts:RoleSessionName": "ann" })).toBe(false);
  });

  test.each([trusted, permitted])("it is before an instant, and neither at it nor after it", (decide) => {
    const until = earlier("2026-12-31T18:00:00Z");
    expect(decide(until, { "aws:CurrentTime": "2026-12-31T17:59:59.999Z" })).toBe(true);
    for (const now of ["2026-12-31T18:00:00Z", "2026-12-31T18:00:00.000Z", "2027-01-01T00:00:00Z", "later"]) {
      expect(decide(until, { "aws:CurrentTime": now })).toBe(false);
    }
    expect(decide(until, {})).toBe(false);
  });

  test.each([trusted, permitted])("all of several conditions must be met", (decide) => {
    const both = { ...like("*:ann"), ...earlier("2027-01-01T00:00:00Z") };
    const context = { "aws:userid": "AROA1:ann", "aws:CurrentTime": "2026-12-31T00:00:00Z" };
    expect(decide(both, context)).toBe(true);
    expect(decide(both, { ...context, "aws:userid": "AROA1:bob" })).toBe(false);
    expect(decide(both, { ...context, "aws:CurrentTime": "2027-12-31T00:00:00Z" })).toBe(false);
  });

  test.each([trusted, permitted])(
    "anything else that asks so is not understood, and lets nobody",
    (decide) => {
      const context = {
        "aws:userid": "AROA1:ann",
        "aws:username": "AROA1:ann",
        "aws:CurrentTime": "2026-12-31T00:00:00Z",
        "sts:RoleSessionName": "ann",
      };
      const hostile: PolicyStatement["Condition"][] = [
        {},
        ...[
          "*",
          "*ann",
          "AROA1:*",
          "AROA?:ann",
          "*:",
          "*:*",
          "*:a?n",
          "*:${aws:username}",
          "*:x${sts:RoleSessionName}",
        ].map(like),
        { StringLike: { "aws:username": "*:ann" } },
        { StringLike: { "AWS:UserId": "*:ann" } },
        { StringLikeIfExists: { "aws:userid": "*:ann" } },
        { StringNotLike: { "aws:userid": "*:bob" } },
        { "ForAnyValue:StringLike": { "aws:userid": "*:ann" } },
        { ...like("*:ann"), StringNotEquals: { "aws:userid": "x" } },
        ...[
          "2027-01-01",
          "1798761600",
          "2027-01-01T00:00:00+01:00",
          "2027-02-30T00:00:00Z",
          "2027-01-01T00:00:00.5Z",
        ].map(earlier),
        { DateLessThan: { "aws:CurrentTime": ["2027-01-01T00:00:00Z"] } },
        { DateLessThan: { "aws:EpochTime": "2027-01-01T00:00:00Z" } },
        { DateLessThanEquals: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } },
        { DateGreaterThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } },
      ];
      for (const condition of hostile) expect(decide(condition, context)).toBe(false);
    },
  );
});
