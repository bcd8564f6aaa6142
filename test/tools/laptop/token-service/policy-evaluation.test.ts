import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { connectPolicy, serviceAccountTrust, trustPolicy } from "../../../../model/access/iam";
import { type PolicyStatement, policyDocument } from "../../../../model/aws/policy-document";
import { permits, trusts } from "../../../../tools/laptop/token-service/policy-evaluation";
import { PLAN } from "./support";

const PROVIDER = { arn: "arn:aws:iam::123456789012:oidc-provider/issuer", issuer: "issuer" };
const ALLOW = { Effect: "Allow", Action: "rds-db:connect", Resource: "arn:x/user" } as const;
const TRUST = serviceAccountTrust(PROVIDER, "shop", "api");
const REQUEST = {
  action: "sts:AssumeRoleWithWebIdentity",
  principal: { type: "Federated", arn: PROVIDER.arn },
  context: { "issuer:aud": "sts.amazonaws.com", "issuer:sub": "system:serviceaccount:shop:api" },
} as const;

test("an action is allowed on exactly the resource of the policy", () => {
  for (const identity of PLAN.identities) {
    const policy = connectPolicy(PLAN, identity, "cluster-X");
    const [resource] = [policy.Statement[0]?.Resource ?? ""].flat();
    expect(permits([policy], "rds-db:connect", resource ?? "")).toBe(true);
    fc.assert(
      fc.property(fc.string(), fc.nat(200), (text, at) => {
        const other = `${resource?.slice(0, at)}${text}${resource?.slice(at + 1)}`;
        return other === resource || !permits([policy], "rds-db:connect", other);
      }),
    );
    expect(permits([policy], "rds-db:Connect", resource ?? "")).toBe(false);
    expect(permits([policy], "rds-db:*", resource ?? "")).toBe(false);
  }
  expect(permits([], "rds-db:connect", "arn:x/user")).toBe(false);
});

test("a policy that is not understood allows nothing, and takes the others with it", () => {
  const hostile: PolicyStatement[] = [
    { ...ALLOW, Effect: "Deny" },
    { ...ALLOW, Action: "rds-db:*" },
    { ...ALLOW, Resource: "*" },
    { ...ALLOW, Condition: { StringEquals: {} } },
  ];
  expect(permits([policyDocument(ALLOW)], "rds-db:connect", "arn:x/user")).toBe(true);
  for (const statement of hostile) {
    expect(permits([policyDocument(ALLOW, statement)], "rds-db:connect", "arn:x/user")).toBe(false);
    expect(permits([policyDocument(ALLOW), policyDocument(statement)], "rds-db:connect", "arn:x/user")).toBe(
      false,
    );
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
  expect(trusts(TRUST, { ...REQUEST, principal: { type: "AWS", arn: PROVIDER.arn } })).toBe(false);
  expect(trusts(TRUST, { ...REQUEST, principal: { type: "Federated", arn: `${PROVIDER.arn}2` } })).toBe(
    false,
  );
});

test("a role of people trusts the principals of the plan and no web identity", () => {
  const people = PLAN.identities.filter((identity) => identity.kind === "people");
  expect(people.length).toBeGreaterThan(0);
  for (const identity of people) {
    const trust = trustPolicy(identity, PROVIDER);
    const request = { action: "sts:AssumeRole", context: {} };
    for (const arn of identity.principals) {
      expect(trusts(trust, { ...request, principal: { type: "AWS", arn } })).toBe(true);
      expect(trusts(trust, { ...request, principal: { type: "AWS", arn: `${arn}/x` } })).toBe(false);
    }
    expect(trusts(trust, REQUEST)).toBe(false);
  }
});

test("a condition on a second factor or on a source identity is met by requests that have it", () => {
  const principal = { type: "AWS", arn: "arn:aws:iam::123456789012:role/A" } as const;
  const trust = (Condition: PolicyStatement["Condition"]) =>
    policyDocument({
      Effect: "Allow",
      Principal: { AWS: principal.arn },
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
