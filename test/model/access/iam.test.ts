import { describe, expect, test } from "@jest/globals";
import {
  connectPolicy,
  iamRoleArn,
  policyJson,
  roleDescription,
  trustPolicy,
} from "../../../model/access/iam";
import type { IdentityPlan } from "../../../model/access/identity";
import { type AccessPlan, accessPlan } from "../../../model/access/plan";
import { MINIMAL, parse } from "../../helpers/environment";

const PEOPLE =
  "  people:\n    on-call: { principals: ['arn:aws:iam::123456789012:role/B', 'arn:aws:iam::123456789012:role/A'], grants: { shop.orders: read-only } }\n";
const plan: AccessPlan = accessPlan(parse(`${MINIMAL}${PEOPLE}`));
const identity = (key: string): IdentityPlan => {
  const found = plan.identities.find((each) => each.key === key);
  if (!found) throw new Error(`no identity ${key}`);
  return found;
};
const provider = {
  arn: "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/1",
  issuer: "oidc.example/id/1",
};

describe("the IAM role of a service", () => {
  test("may connect to exactly one cluster as exactly one database user", () => {
    expect(connectPolicy(plan, identity("orders-api"), "cluster-ABC")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "rds-db:connect",
          Resource: "arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-ABC/orders_api",
        },
      ],
    });
  });

  test("trusts exactly one ServiceAccount, by subject and audience", () => {
    expect(trustPolicy(plan, identity("orders-api"), provider).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Federated: provider.arn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "oidc.example/id/1:aud": "sts.amazonaws.com",
            "oidc.example/id/1:sub": "system:serviceaccount:shop:orders-api",
          },
        },
      },
    ]);
  });

  test("has an ARN that follows from its name", () => {
    expect(iamRoleArn(plan, identity("orders-api"))).toBe(
      "arn:aws:iam::123456789012:role/test-db-orders-api",
    );
  });
});

describe("the IAM role of a service on EKS by Pod Identity", () => {
  const on = (identity: string, existing = "") => {
    const cluster = `cluster: { identity: ${identity}${existing} }\n`;
    const changed: AccessPlan = { ...accessPlan(parse(`${MINIMAL}${cluster}`)), partition: "aws-cn" };
    const [service] = changed.identities;
    if (!service) throw new Error("no service");
    return { changed, service };
  };
  const POD_IDENTITY = (eksCluster: string) => ({
    Effect: "Allow",
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: {
      StringEquals: {
        "aws:RequestTag/eks-cluster-arn": `arn:aws-cn:eks:eu-west-1:123456789012:cluster/${eksCluster}`,
        "aws:RequestTag/kubernetes-namespace": "shop",
        "aws:RequestTag/kubernetes-service-account": "orders-api",
      },
    },
  });

  test("trusts EKS for pods of exactly one ServiceAccount of one EKS cluster, by what EKS tags the session with", () => {
    const { changed, service } = on("pod-identity");
    expect(trustPolicy(changed, service)).toEqual({
      Version: "2012-10-17",
      Statement: [POD_IDENTITY("test")],
    });
    const platform = on("pod-identity", ", existing: { name: platform }");
    expect(trustPolicy(platform.changed, platform.service).Statement).toEqual([POD_IDENTITY("platform")]);
  });

  test("trusts both ways in between, each as it is alone", () => {
    const { changed, service } = on("both");
    const irsa = on("irsa");
    expect(trustPolicy(changed, service, provider).Statement).toEqual([
      ...trustPolicy(irsa.changed, irsa.service, provider).Statement,
      POD_IDENTITY("test"),
    ]);
  });

  test.each(["irsa", "both"])(
    "is not made with less than it says (%s) where there is no OIDC provider",
    (identity) => {
      const { changed, service } = on(identity);
      expect(() => trustPolicy(changed, service)).toThrow(
        "orders-api takes its role through an OIDC provider",
      );
    },
  );

  test("may connect as before, whichever way it is taken", () => {
    const policies = ["irsa", "both", "pod-identity"].map((identity) => {
      const { changed, service } = on(identity);
      return connectPolicy(changed, service, "cluster-ABC");
    });
    expect(new Set(policies.map((policy) => JSON.stringify(policy))).size).toBe(1);
  });
});

describe("the IAM role of people under conditions", () => {
  const group = (conditions: string) => {
    const people = PEOPLE.replace("grants:", `${conditions}, grants:`);
    const found = accessPlan(parse(`${MINIMAL}${people}`)).identities.find(({ key }) => key === "on-call");
    if (!found) throw new Error("no group");
    return found;
  };
  const trust = (conditions: string) => trustPolicy(plan, group(conditions), provider).Statement;
  const connect = (conditions: string) => connectPolicy(plan, group(conditions), "cluster-ABC").Statement;
  const RDS = (user: string) => ({
    Action: "rds-db:connect",
    Resource: `arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-ABC/${user}`,
  });
  const Principal = { AWS: ["arn:aws:iam::123456789012:role/A", "arn:aws:iam::123456789012:role/B"] };
  const MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
  const Effect = "Allow";

  test("trusts sessions with a second factor only", () => {
    expect(trust("requireMfa: true")).toEqual([
      { Effect, Principal, Action: "sts:AssumeRole", Condition: MFA },
    ]);
  });

  test("trusts sessions with a source identity only, whether they bring it or set it now", () => {
    const Action = ["sts:AssumeRole", "sts:SetSourceIdentity"];
    const has = (key: string) => ({ Null: { [key]: "false" } });
    const statements = (more: object) => [
      { Effect, Principal, Action, Condition: { ...more, ...has("aws:SourceIdentity") } },
      { Effect, Principal, Action, Condition: { ...more, ...has("sts:SourceIdentity") } },
    ];
    expect(trust("requireSourceIdentity: true")).toEqual(statements({}));
    expect(trust("requireMfa: true, requireSourceIdentity: true")).toEqual(statements(MFA));
  });

  const OWN = {
    StringEquals: { "sts:RoleSessionName": ["anna@acme.com", "ben"] },
    StringLike: { "aws:userid": "*:${sts:RoleSessionName}" },
  };
  const ENDS = { DateLessThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } };

  test("trusts members only, each in their own name, whatever else it asks for", () => {
    const members = "members: [ben, anna@acme.com]";
    expect(trust(members)).toEqual([{ Effect, Principal, Action: "sts:AssumeRole", Condition: OWN }]);
    const all = trust(`${members}, requireMfa: true, requireSourceIdentity: true, until: 2026-12-31`);
    expect(all.map(({ Condition }) => Condition)).toEqual([
      { ...MFA, ...OWN, ...ENDS, Null: { "aws:SourceIdentity": "false" } },
      { ...MFA, ...OWN, ...ENDS, Null: { "sts:SourceIdentity": "false" } },
    ]);
  });

  test("trusts nobody after its end, and lets nobody connect who took it before", () => {
    expect(trust("until: 2026-12-31")).toEqual([
      { Effect, Principal, Action: "sts:AssumeRole", Condition: ENDS },
    ]);
    expect(connect("until: 2026-12-31")).toEqual([{ Effect, ...RDS("on_call"), Condition: ENDS }]);
  });

  test("lets each member connect as their own database user", () => {
    const ofSession = (name: string) => ({ StringLike: { "aws:userid": `*:${name}` } });
    expect(connect("members: [ben, anna@acme.com], until: 2026-12-31")).toEqual([
      { Effect, ...RDS("on_call_anna"), Condition: { ...ofSession("anna@acme.com"), ...ENDS } },
      { Effect, ...RDS("on_call_ben"), Condition: { ...ofSession("ben"), ...ENDS } },
    ]);
    expect(connect("members: [ben]")).toEqual([
      { Effect, ...RDS("on_call_ben"), Condition: ofSession("ben") },
    ]);
  });

  test("says why they have it, where it says what it is for", () => {
    const description = (more: string) => roleDescription(group(more));
    expect(description('reason: "Support, OPS-12"')).toBe(
      "Connects to PostgreSQL as on_call: Support, OPS-12",
    );
    expect(description("requireMfa: true")).toBe("Connects to PostgreSQL as on_call");
    expect(description("members: [ben], reason: support")).toBe(
      "Connects to PostgreSQL as a database user for each member of on-call: support",
    );
  });

  test("leaves to IAM what Terraform would take for an expression", () => {
    const document = trustPolicy(plan, group("members: [ben]"), { arn: "${local.arn}", issuer: "x" });
    expect(policyJson(document)).toContain('{"aws:userid":"*:$${sts:RoleSessionName}"}');
    expect(
      policyJson(trustPolicy(plan, identity("orders-api"), { arn: "${local.arn}", issuer: "x" })),
    ).toContain('{"Federated":"${local.arn}"}');
  });

  test("is as without them where they are off", () => {
    expect(trust("requireMfa: false, requireSourceIdentity: false")).toEqual([
      { Effect, Principal, Action: "sts:AssumeRole" },
    ]);
  });
});

test("the IAM role of people trusts the listed principals and no web identity", () => {
  expect(trustPolicy(plan, identity("on-call"), provider).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { AWS: ["arn:aws:iam::123456789012:role/A", "arn:aws:iam::123456789012:role/B"] },
      Action: "sts:AssumeRole",
    },
  ]);
});
