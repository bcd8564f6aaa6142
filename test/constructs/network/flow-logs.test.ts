import { describe, expect, test } from "@jest/globals";
import { FlowLogs } from "../../../constructs/network/flow-logs";
import { only, resources, synthConstruct } from "../../helpers/construct";

const synth = (region = "eu-west-1") =>
  synthConstruct((stack) => {
    new FlowLogs(stack, "flow-logs", {
      environmentName: "dev",
      vpcId: "vpc-1",
      retentionDays: 90,
      account: "123456789012",
      region,
    });
  });
const json = synth();
const nameOf = (type: string) => Object.keys(resources(json, type))[0];

describe("flow logs", () => {
  test("record all traffic of the VPC", () => {
    expect(only(json, "aws_flow_log")).toMatchObject({
      vpc_id: "vpc-1",
      traffic_type: "ALL",
      log_destination: `\${aws_cloudwatch_log_group.${nameOf("aws_cloudwatch_log_group")}.arn}`,
    });
  });

  test("are kept for as long as the environment says, encrypted by a key of their own", () => {
    expect(only(json, "aws_cloudwatch_log_group")).toMatchObject({
      name: "dev-vpc-flow-logs",
      retention_in_days: 90,
      kms_key_id: `\${aws_kms_key.${nameOf("aws_kms_key")}.arn}`,
    });
    expect(only(json, "aws_kms_alias").name).toBe("alias/dev-network");
    expect(only(json, "aws_kms_key").policy).toContain(
      "arn:aws:logs:eu-west-1:123456789012:log-group:dev-vpc-flow-logs",
    );
  });

  test("can be destroyed together with their key", () => {
    expect(only(json, "aws_kms_key").lifecycle).toEqual({ prevent_destroy: false });
  });

  test("are written by a role that writes to their log group and does nothing else", () => {
    const { policy } = only(json, "aws_iam_role_policy");
    expect(JSON.parse(String(policy)).Statement).toEqual([
      {
        Sid: "WriteToTheLogGroup",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: `\${aws_cloudwatch_log_group.${nameOf("aws_cloudwatch_log_group")}.arn}:*`,
      },
    ]);
  });

  test.each([
    ["eu-west-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ])("are delivered for this account alone in %s", (region, partition) => {
    const [statement] = JSON.parse(String(only(synth(region), "aws_iam_role").assume_role_policy)).Statement;
    expect(statement.Principal).toEqual({ Service: "vpc-flow-logs.amazonaws.com" });
    expect(statement.Condition).toEqual({
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: { "aws:SourceArn": `arn:${partition}:ec2:${region}:123456789012:vpc-flow-log/*` },
    });
  });

  test("start only once the role may write", () => {
    expect(only(json, "aws_flow_log").depends_on).toEqual([
      `aws_iam_role_policy.${nameOf("aws_iam_role_policy")}`,
    ]);
  });
});
