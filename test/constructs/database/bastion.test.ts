import { describe, expect, test } from "@jest/globals";
import { Bastion, httpsDestination } from "../../../constructs/database/bastion";
import { only, resources, synthConstruct, type TerraformJson } from "../../helpers/construct";

const synth = (interfaceEndpoints: string[] = [], region = "eu-west-1") =>
  synthConstruct((stack) => {
    new Bastion(stack, "bastion", {
      environmentName: "dev",
      account: "123456789012",
      region,
      vpcId: "vpc-1",
      vpcCidr: "10.0.0.0/16",
      subnetId: "subnet-1",
      interfaceEndpoints,
      databaseSecurityGroupId: "sg-database",
      databasePort: 5432,
      logsRetentionDays: 30,
    });
  });

const rules = (found: TerraformJson) => Object.values(resources(found, "aws_vpc_security_group_egress_rule"));

const json = synth();
const instance = only(json, "aws_instance");
const [groupName] = Object.keys(resources(json, "aws_security_group"));
const securityGroupId = `\${aws_security_group.${groupName}.id}`;

describe("the bastion", () => {
  test("has no public address and no key pair", () => {
    expect(instance).toMatchObject({ subnet_id: "subnet-1", associate_public_ip_address: false });
    expect(instance).not.toHaveProperty("key_name");
    expect(instance).not.toHaveProperty("user_data");
  });

  test("lets nobody in: its only ingress rule is the database's", () => {
    expect(only(json, "aws_security_group")).not.toHaveProperty("ingress");
    expect(only(json, "aws_vpc_security_group_ingress_rule")).toMatchObject({
      security_group_id: "sg-database",
      referenced_security_group_id: securityGroupId,
      from_port: 5432,
      to_port: 5432,
    });
  });

  test("goes to the database and to HTTPS, nowhere else", () => {
    const egress = rules(json);
    expect(egress).toHaveLength(2);
    for (const rule of egress) {
      expect(rule).toMatchObject({ security_group_id: securityGroupId, ip_protocol: "tcp" });
    }
    expect(egress.find(({ from_port }) => from_port === 5432)).toMatchObject({
      referenced_security_group_id: "sg-database",
      to_port: 5432,
    });
    expect(egress.find(({ from_port }) => from_port === 443)).toMatchObject({
      cidr_ipv4: "0.0.0.0/0",
      to_port: 443,
    });
  });

  test("stays inside the VPC where Session Manager has its endpoints there", () => {
    const https = rules(synth(["ssm", "ssmmessages"])).find(({ from_port }) => from_port === 443);
    expect(https?.cidr_ipv4).toBe("10.0.0.0/16");
  });

  test.each([
    [["ssm"], "0.0.0.0/0"],
    [["ssmmessages", "ecr.api"], "0.0.0.0/0"],
    [["ssmmessages", "ssm"], "10.0.0.0/16"],
    [["com.amazonaws.cn-north-1.ssm", "com.amazonaws.cn-north-1.ssmmessages"], "10.0.0.0/16"],
  ])("with the endpoints %j speaks HTTPS to %s", (endpoints, destination) => {
    expect(httpsDestination("10.0.0.0/16", endpoints)).toBe(destination);
  });

  test("gives its credentials to nothing that can only make it fetch a URL", () => {
    expect(instance.metadata_options).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
    });
  });

  test("may take sessions, write to its own log group, open its shells' data keys, and nothing else", () => {
    expect(resources(json, "aws_iam_role_policy_attachment")).toEqual({});
    const { Statement } = JSON.parse(String(only(json, "aws_iam_role_policy").policy));
    const [logGroup] = Object.keys(resources(json, "aws_cloudwatch_log_group"));
    const [key] = Object.keys(resources(json, "aws_kms_key"));
    expect(Statement).toEqual([
      {
        Sid: "TakeSessions",
        Effect: "Allow",
        Action: [
          "logs:DescribeLogGroups",
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
        Resource: "*",
      },
      {
        Sid: "LogShells",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: `\${aws_cloudwatch_log_group.${logGroup}.arn}:*`,
      },
      {
        Sid: "EncryptShells",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: `\${aws_kms_key.${key}.arn}`,
      },
    ]);
    expect(only(synth([], "cn-north-1"), "aws_iam_role").assume_role_policy).toContain(
      "ec2.amazonaws.com.cn",
    );
  });

  test("gives shells that are encrypted with a key and logged as they go, to an encrypted log group that does not grow for ever", () => {
    const [logGroup] = Object.keys(resources(json, "aws_cloudwatch_log_group"));
    expect(only(json, "aws_cloudwatch_log_group")).toMatchObject({
      name: "dev-bastion-shell",
      retention_in_days: 30,
      kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\./),
    });
    const document = only(json, "aws_ssm_document");
    expect(document).toMatchObject({ name: "dev-bastion-shell", document_type: "Session" });
    expect(JSON.parse(String(document.content))).toMatchObject({
      schemaVersion: "1.0",
      sessionType: "Standard_Stream",
      inputs: {
        cloudWatchLogGroupName: `\${aws_cloudwatch_log_group.${logGroup}.name}`,
        cloudWatchEncryptionEnabled: true,
        cloudWatchStreamingEnabled: true,
        kmsKeyId: expect.stringMatching(/^\$\{aws_kms_key\./),
        runAsEnabled: false,
      },
    });
    const key = JSON.parse(String(only(json, "aws_kms_key").policy));
    expect(JSON.stringify(key)).toContain("arn:aws:logs:eu-west-1:123456789012:log-group:dev-bastion-shell");
  });

  test("leaves the session preferences of the account alone", () => {
    expect(JSON.stringify(json)).not.toContain("SSM-SessionManagerRunShell");
  });

  test("may be made anew at any time: nothing of it is protected", () => {
    for (const [, byName] of Object.entries(json.resource ?? {})) {
      for (const block of Object.values(byName)) {
        expect(Object(block).lifecycle?.prevent_destroy ?? false).toBe(false);
      }
    }
  });

  test("has an encrypted disk", () => {
    expect(instance.root_block_device).toMatchObject({ encrypted: true, volume_type: "gp3" });
  });

  test("is not replaced, cutting tunnels, when AWS publishes a new image", () => {
    expect(instance.lifecycle).toEqual({ ignore_changes: ["ami"] });
  });
});
