import { describe, expect, test } from "@jest/globals";
import { parseEnvironment } from "../../../../model/config/parse";
import { MINIMAL, problemsOf, warningsOf } from "../../../helpers/environment";
import { problemsWith, withServices } from "../mistakes";

const GRANTS = "grants: { shop.orders: read-only }";
const user = (key: string, role: string) => `${key}: { role: "${role}", ${GRANTS} }`;
const problems = (...services: string[]) => problemsOf(withServices(services.join("\n")));

describe("a role that is there already", () => {
  test("may be any that is not made here", () => {
    for (const role of ["LegacyBilling", "test-dbx", "app+web=1,2.3@x-y_z"]) {
      expect(problems(user("a", role))).toEqual([]);
    }
  });

  test("is none that only AWS may change", () => {
    expect(
      problems(user("a", "AWSServiceRoleForAmazonEKS"), user("b", "AWSReservedSSO_Admin_0123456789abcdef")),
    ).toEqual([
      '7:16: nobody but AWS may change a service-linked role; name a role of your own, got: "AWSServiceRoleForAmazonEKS"',
      '8:16: nobody but IAM Identity Center may change the roles of permission sets; put who has it under access.people, got: "AWSReservedSSO_Admin_0123456789abcdef"',
    ]);
  });

  test("is none of an identity of the file's, itself included: one identity must not become another", () => {
    const people =
      "on-call: { principals: ['arn:aws:iam::123456789012:role/OnCall'], grants: { shop.orders: read-only } }";
    expect(
      problemsWith(
        `    a: { role: test-db-orders-api, ${GRANTS} }\n    b: { role: test-db-on-call, ${GRANTS} }\n    c: { role: test-db-c, ${GRANTS} }\n  people:\n    ${people}`,
      ),
    ).toEqual([
      '11:16: this is the IAM role that the service "orders-api" has by its name; name a role that is not made here, got: "test-db-orders-api"',
      '12:16: this is the IAM role that the group of people "on-call" has by its name; name a role that is not made here, got: "test-db-on-call"',
      '13:16: this is the IAM role that the service "c" has by its name; name a role that is not made here, got: "test-db-c"',
    ]);
  });

  test.each([
    "test-eks-node",
    "test-eks-cluster",
    "test-eks-vpc-cni",
    "test-bastion",
    "test-database-monitoring",
    "test-database-proxy",
    "test-vpc-flow-logs",
  ])("is not %s, with which something else runs that could then log in", (role) => {
    expect(problems(user("a", role))).toEqual([
      `7:16: this is an IAM role that the environment makes for itself, and whatever runs with it could log in; name another, got: "${role}"`,
    ]);
  });

  test("is no other where it is written in another case: IAM tells none apart by that", () => {
    expect(problems(user("a", "Test-EKS-node"))).toHaveLength(1);
    expect(problems(user("a", "TEST-db-A"), user("b", "awsservicerolefortrustedadvisor"))).toHaveLength(2);
    const twice = withServices([user("a", "Legacy"), user("b", "legacy")].join("\n"));
    expect(warningsOf(twice)).toHaveLength(1);
  });

  test("of two services lets whoever has it log in as either, which is a warning", () => {
    const text = withServices([user("a", "Legacy"), user("b", "Legacy"), user("c", "Other")].join("\n"));
    expect(problemsOf(text)).toEqual([]);
    expect(warningsOf(text)).toEqual([
      '8:16: "Legacy" is the role of "a" as well: whoever has it may log in as either; give each a role of its own if that is not meant',
    ]);
  });

  test("is a name without a path", () => {
    expect(problems(user("a", "team/Legacy"))).toEqual([
      '7:16: must be the name of an IAM role of this account, without its path: at most 64 letters, digits and _+=,.@-, got: "team/Legacy"',
    ]);
  });
});

describe("what runs outside of EKS reads SSM parameters that are named after the environment, so it", () => {
  const named = (name: string, service: string) =>
    problemsOf(withServices(service).replace("name: test", `name: ${name}`));

  test.each(["aws-dev", "ssm"])("cannot be in %s, a name that SSM keeps for itself", (name) => {
    expect(named(name, `a: { runsOn: ecs, ${GRANTS} }`)).toEqual([
      `1:7: SSM keeps names that begin with aws or ssm for itself, so that there can be no parameters /${name}/database/a/…, in which a service outside of EKS finds how to connect; choose another name for the environment`,
    ]);
    expect(named(name, `a: { namespace: n, ${GRANTS} }`)).toEqual([]);
  });

  test("can be in one that has it elsewhere in its name", () => {
    expect(named("my-aws", `a: { runsOn: ecs, ${GRANTS} }`)).toEqual([]);
  });
});

test("certificates that no SSM parameter holds are refused beside what would read them there", () => {
  const certificate = `-----BEGIN CERTIFICATE-----\n${"A".repeat(8200)}\n-----END CERTIFICATE-----\n`;
  const parse = (text: string) =>
    parseEnvironment(`${text}database: { caBundle: global.pem }\n`, "file", () => certificate);
  expect(parse(MINIMAL).database.caBundle).toHaveLength(8254);
  expect(() => parse(`${MINIMAL}    a: { runsOn: ecs, ${GRANTS} }\n`)).toThrow(
    "file:12:23: global.pem has 8254 characters of certificates, and the SSM parameter in which services outside of EKS find them holds 8192; name a bundle of one region: https://truststore.pki.rds.amazonaws.com/eu-west-1/eu-west-1-bundle.pem",
  );
});
