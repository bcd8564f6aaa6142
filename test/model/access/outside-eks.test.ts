import { describe, expect, test } from "@jest/globals";
import { trustPolicy } from "../../../model/access/iam";
import { type IdentityOutsideEks, isOutsideEks } from "../../../model/access/identity";
import {
  certificatesParameter,
  connectionOutsideEks,
  connectionPath,
} from "../../../model/access/outside-eks";
import { type AccessPlan, accessPlan } from "../../../model/access/plan";
import { rolePolicies } from "../../../model/access/role-policies";
import { proxyCaBundle, rdsCaBundle, withoutEnded } from "../../../model/aws/ca-bundle";
import { MAX_PARAMETER, parameterTier } from "../../../model/aws/parameters";
import { REGIONS } from "../../../model/aws/regions";
import { MINIMAL, parse } from "../../helpers/environment";

const FILE = `${MINIMAL}    report: { runsOn: ecs, endpoint: reader, grants: { shop.orders: read-only } }
    resize: { runsOn: lambda, grants: { shop.orders: read-write } }
    batch: { runsOn: ec2, grants: { shop.orders: read-write } }
    legacy: { role: LegacyBilling, grants: { shop.billing: read-only } }
    ci: { principals: ["arn:aws:iam::123456789012:role/B", "arn:aws:iam::123456789012:role/A"], externalId: acme-1, grants: { shop.orders: read-only } }
`;
const plan = accessPlan(parse(FILE));

function outside(key: string, { identities }: AccessPlan = plan): IdentityOutsideEks {
  const found = identities.filter(isOutsideEks).find((each) => each.key === key);
  if (!found) throw new Error(`nothing outside of EKS is called ${key}`);
  return found;
}
const trust = (key: string, of = plan) => trustPolicy(of, outside(key, of), undefined).Statement;
const policies = (key: string, of = plan) =>
  Object.fromEntries(
    rolePolicies(of, outside(key, of), ["cluster-ABC"]).map(({ name, document }) => [
      name,
      document.Statement,
    ]),
  );

describe("who may take the IAM role is", () => {
  test("Lambda, ECS for tasks of this account and region, and EC2, each for what AWS documents", () => {
    const takes = (service: string) => ({
      Effect: "Allow",
      Principal: { Service: `${service}.amazonaws.com` },
      Action: "sts:AssumeRole",
    });
    expect(trust("resize")).toEqual([takes("lambda")]);
    expect(trust("batch")).toEqual([takes("ec2")]);
    expect(trust("report")).toEqual([
      {
        ...takes("ecs-tasks"),
        Condition: {
          StringEquals: { "aws:SourceAccount": "123456789012" },
          ArnLike: { "aws:SourceArn": "arn:aws:ecs:eu-west-1:123456789012:*" },
        },
      },
    ]);
  });

  test("in China the services there", () => {
    const china: AccessPlan = { ...plan, partition: "aws-cn", region: "cn-north-1" };
    expect(trust("batch", china)[0]?.Principal).toEqual({ Service: "ec2.amazonaws.com.cn" });
    expect(trust("resize", china)[0]?.Principal).toEqual({ Service: "lambda.amazonaws.com" });
    expect(trust("report", china)[0]?.Condition?.ArnLike).toEqual({
      "aws:SourceArn": "arn:aws-cn:ecs:cn-north-1:123456789012:*",
    });
  });

  test("each listed principal who says the external id", () => {
    expect(trust("ci")).toEqual([
      {
        Effect: "Allow",
        Principal: { AWS: ["arn:aws:iam::123456789012:role/A", "arn:aws:iam::123456789012:role/B"] },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "acme-1" } },
      },
    ]);
  });

  test("not decided here, of a role that is there already", () => {
    expect(trust("legacy")).toEqual([]);
  });
});

describe("the IAM role may", () => {
  const parameter = (name: string) => `arn:aws:ssm:eu-west-1:123456789012:parameter/test/database/${name}`;
  const reads = (key: string) => [
    { Effect: "Allow", Action: "ssm:GetParametersByPath", Resource: [parameter(key), parameter(`${key}/`)] },
    { Effect: "Allow", Action: "ssm:GetParameter", Resource: parameter("rds-ca.pem") },
  ];
  const connects = (user: string) => [
    {
      Effect: "Allow",
      Action: "rds-db:connect",
      Resource: `arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-ABC/${user}`,
    },
  ];

  test.each(["report", "batch", "ci"])(
    "connect and read its own connection, and do nothing else: %s",
    (key) => {
      expect(policies(key)).toEqual({ connect: connects(key), "read-connection": reads(key) });
    },
  );

  test("do so as well where it was there already, by policies that say whose they are", () => {
    expect(policies("legacy")).toEqual({
      "test-db-legacy-connect": connects("legacy"),
      "test-db-legacy-read-connection": reads("legacy"),
    });
  });

  test("of a function keep its network interfaces, but only as Lambda itself, not as the function's code", () => {
    const { "network-interfaces": interfaces = [], ...others } = policies("resize");
    expect(others).toEqual({ connect: connects("resize"), "read-connection": reads("resize") });
    const [find, keep, deny, ...more] = interfaces;
    expect(more).toEqual([]);
    expect(find).toEqual({
      Effect: "Allow",
      Action: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
      Resource: "*",
    });
    expect(keep).toEqual({
      Effect: "Allow",
      Action: [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:UnassignPrivateIpAddresses",
      ],
      Resource: "arn:aws:ec2:eu-west-1:123456789012:*/*",
    });
    expect(deny).toEqual({
      Effect: "Deny",
      Action: [find?.Action, keep?.Action].flat(),
      Resource: "*",
      Condition: {
        // A role serves functions of every region, and EC2 answers them from anywhere.
        ArnLike: { "lambda:SourceFunctionArn": "arn:aws:lambda:*:123456789012:function:*" },
      },
    });
  });
});

describe("how it connects", () => {
  const endpoints = {
    writer: { host: "writer.example", port: 5432 },
    reader: { host: "reader.example", port: 5432 },
  };

  test("is what pods are told, but for the file with the certificates", () => {
    expect(connectionOutsideEks(plan, outside("batch"), endpoints)).toEqual({
      AWS_REGION: "eu-west-1",
      PGDATABASE: "shop",
      PGHOST: "writer.example",
      PGHOST_READER: "reader.example",
      PGPORT: "5432",
      PGSSLMODE: "verify-full",
      PGUSER: "batch",
    });
    expect(connectionOutsideEks(plan, outside("report"), endpoints)).toMatchObject({
      PGHOST: "reader.example",
    });
  });

  test("names no region to a function: Lambda refuses one whose environment does", () => {
    expect(Object.keys(connectionOutsideEks(plan, outside("resize"), endpoints))).toEqual([
      "PGDATABASE",
      "PGHOST",
      "PGHOST_READER",
      "PGPORT",
      "PGSSLMODE",
      "PGUSER",
    ]);
  });

  test("is below a path of its own, beside which the certificates are", () => {
    expect(connectionPath(plan, outside("ci"))).toBe("/test/database/ci");
    expect(certificatesParameter(plan)).toBe("/test/database/rds-ca.pem");
  });
});

describe("an SSM parameter", () => {
  test("holds the certificates of every region, also with those of a proxy", () => {
    const sizes = REGIONS.map(rdsCaBundle).flatMap((bundle) => [
      bundle.length,
      `${withoutEnded(bundle)}\n${proxyCaBundle()}`.length,
    ]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_PARAMETER);
    expect(Math.max(...sizes)).toBeGreaterThan(7000);
  });

  test("costs nothing as long as it is small", () => {
    expect(parameterTier("x".repeat(4096))).toBe("Standard");
    expect(parameterTier("x".repeat(4097))).toBe("Advanced");
  });
});
