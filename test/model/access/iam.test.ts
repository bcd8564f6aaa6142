import { describe, expect, test } from "@jest/globals";
import { connectPolicy, iamRoleArn, trustPolicy } from "../../../model/access/iam";
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
    expect(trustPolicy(identity("orders-api"), provider).Statement).toEqual([
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

test("the IAM role of people trusts the listed principals and no web identity", () => {
  expect(trustPolicy(identity("on-call"), provider).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { AWS: ["arn:aws:iam::123456789012:role/A", "arn:aws:iam::123456789012:role/B"] },
      Action: "sts:AssumeRole",
    },
  ]);
});
