import { describe, expect, test } from "@jest/globals";
import { endpointPolicy } from "../../../model/aws/endpoint-policy";

const ACCOUNT = "123456789012";
const ANY = { Effect: "Allow", Principal: "*", Resource: "*" };
const by = (key: string, value: string) => ({ Condition: { StringEquals: { [key]: value } } });
const ofAccount = { ...ANY, Action: "*", ...by("aws:PrincipalAccount", ACCOUNT) };
const statements = (service: string, principals = "account") =>
  endpointPolicy(service, principals, ACCOUNT).Statement;

describe("the policy of a VPC endpoint", () => {
  test("lets the account's principals do what IAM allows them, and nobody else anything", () => {
    for (const service of [
      "ecr.api",
      "ecr.dkr",
      "eks-auth",
      "logs",
      "secretsmanager",
      "ssm",
      "s3tables",
      "stss",
    ]) {
      expect([service, statements(service)]).toEqual([service, [ofAccount]]);
    }
  });

  test("lets image layers through, which ECR signs, and whatever of S3 else may be read", () => {
    expect(statements("s3")).toEqual([ofAccount, { ...ANY, Action: "s3:GetObject" }]);
  });

  test("lets pods take roles of the account by their token, a request that is not signed", () => {
    const byToken = {
      ...ANY,
      Action: "sts:AssumeRoleWithWebIdentity",
      ...by("aws:ResourceAccount", ACCOUNT),
    };
    expect(statements("sts")).toEqual([ofAccount, byToken]);
    expect(statements("cn.com.amazonaws.cn-north-1.sts")).toEqual([ofAccount, byToken]);
  });

  test("may be of an organization", () => {
    expect(statements("sts", "o-a1b2c3d4e5")).toEqual([
      { ...ANY, Action: "*", ...by("aws:PrincipalOrgID", "o-a1b2c3d4e5") },
      { ...ANY, Action: "sts:AssumeRoleWithWebIdentity", ...by("aws:ResourceOrgID", "o-a1b2c3d4e5") },
    ]);
  });

  test("that lets anybody through says so, or AWS would keep the one before", () => {
    expect(statements("s3", "any")).toEqual([{ ...ANY, Action: "*" }]);
  });
});
