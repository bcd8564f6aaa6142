import { describe, expect, test } from "@jest/globals";
import { EncryptionKey, keyPolicy } from "../../../constructs/shared/encryption-key";
import { ServiceRole } from "../../../constructs/shared/service-role";
import { only, synthConstruct } from "../../helpers/construct";

const KEY = { name: "dev-x", description: "x", account: "123456789012", region: "eu-west-1" };

describe("an encryption key", () => {
  test("can be managed by the account, by actions that are all spelt out", () => {
    const [account] = keyPolicy(KEY).Statement;
    expect(account?.Principal).toEqual({ AWS: "arn:aws:iam::123456789012:root" });
    expect(account?.Action).toContain("kms:PutKeyPolicy");
    expect(JSON.stringify(account?.Action)).not.toContain("*");
  });

  test("lets CloudWatch Logs use it for the named log groups only, in the partition's own terms", () => {
    expect(keyPolicy(KEY).Statement).toHaveLength(1);
    const [, logs] = keyPolicy({ ...KEY, region: "cn-north-1", logGroupNames: ["/a", "/b"] }).Statement;
    expect(logs?.Principal).toEqual({ Service: "logs.cn-north-1.amazonaws.com.cn" });
    expect(logs?.Condition).toEqual({
      ArnEquals: {
        "kms:EncryptionContext:aws:logs:arn": [
          "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/a",
          "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/b",
        ],
      },
    });
  });

  test("is not destroyed by a plan unless that is asked for", () => {
    const lifecycle = (protect?: boolean) =>
      only(
        synthConstruct((stack) => {
          new EncryptionKey(stack, "key", { ...KEY, protect });
        }),
        "aws_kms_key",
      ).lifecycle;
    expect(lifecycle()).toEqual({ prevent_destroy: true });
    expect(lifecycle(false)).toEqual({ prevent_destroy: false });
  });
});

describe("a service role", () => {
  const json = synthConstruct((stack) => {
    new ServiceRole(stack, "role", {
      name: "dev-x",
      description: "x",
      service: "ec2",
      region: "cn-north-1",
      managedPolicies: ["service-role/AmazonX"],
      statements: [{ Effect: "Allow", Action: ["logs:PutLogEvents"], Resource: "arn:x" }],
      condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    });
  });

  test("is assumed by one service, under its condition", () => {
    expect(JSON.parse(String(only(json, "aws_iam_role").assume_role_policy)).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "ec2.amazonaws.com.cn" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });

  test("has the named policies, of the region's partition, and its own", () => {
    expect(only(json, "aws_iam_role_policy_attachment").policy_arn).toBe(
      "arn:aws-cn:iam::aws:policy/service-role/AmazonX",
    );
    expect(JSON.parse(String(only(json, "aws_iam_role_policy").policy)).Statement).toHaveLength(1);
  });
});
