import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import { MINIMAL, parse, problemsOf } from "../../helpers/environment";

const VPC = "vpcId: vpc-0123456789abcdef0";
const PRIVATE = "privateSubnetIds: [subnet-0000000a, subnet-0000000b]";
const DATABASE = "databaseSubnetIds: [subnet-0000000c, subnet-0000000d]";
const network = (...fields: readonly string[]) => `network: { existing: { ${fields.join(", ")} } }`;

/** An environment file with one more line, the eleventh. */
const withLine = (line: string): string => `${MINIMAL}${line}\n`;

describe("what exists", () => {
  test("needs no more than its ids and names", () => {
    const environment = parse(
      `${MINIMAL}${network(VPC, PRIVATE, DATABASE)}\ncluster: { existing: { name: platform } }\ndatabase: { existing: { cluster: shop } }\n`,
    );
    expect(environment.network.existing).toEqual({
      vpcId: "vpc-0123456789abcdef0",
      publicSubnetIds: [],
      privateSubnetIds: ["subnet-0000000a", "subnet-0000000b"],
      databaseSubnetIds: ["subnet-0000000c", "subnet-0000000d"],
    });
    expect(environment.cluster.existing).toEqual({ name: "platform", createOidcProvider: false });
    expect(environment.database.existing).toEqual({
      kind: "cluster",
      identifier: "shop",
      adminUser: "postgres",
      port: 5432,
    });
  });

  test("a bastion comes with a database that is made here, and with an existing one only when asked for", () => {
    const bastion = (line: string) => parse(withLine(line)).database.bastion;
    expect(bastion("")).toBe(true);
    expect(bastion("database: { bastion: false }")).toBe(false);
    expect(bastion("database: { existing: { cluster: shop } }")).toBe(false);
    expect(bastion("database: { bastion: true, existing: { instance: shop } }")).toBe(true);
  });

  test("deletion protection, certificates and the retention of the bastion's logs still apply to an existing database", () => {
    const { deletionProtection, caBundle, logsRetentionDays } = parse(
      withLine("database: { deletionProtection: false, logsRetentionDays: 30, existing: { cluster: shop } }"),
    ).database;
    expect([deletionProtection, logsRetentionDays]).toEqual([false, 30]);
    expect(caBundle).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  test("the admin of an existing database is the plan's; the usual one is not mentioned", () => {
    const admin = (line: string) => accessPlan(parse(withLine(line))).adminUser;
    expect(admin("database: { existing: { cluster: shop, adminUser: root } }")).toBe("root");
    expect(admin("database: { existing: { cluster: shop } }")).toBeUndefined();
    expect(admin("")).toBeUndefined();
  });

  test.each<[string, string]>([
    [
      network(VPC, PRIVATE),
      '11:12: the key "databaseSubnetIds" is missing; add it, such as databaseSubnetIds: ',
    ],
    [network("vpcId: my-vpc", PRIVATE, DATABASE), "11:31: must be an id such as vpc-0123456789abcdef0"],
    [network(VPC, "privateSubnetIds: [subnet-0000000a]", DATABASE), "11:54: must have at least 2 items"],
    [
      network(VPC, "privateSubnetIds: [subnet-0000000a, subnet-0000000a]", DATABASE),
      '11:90: "subnet-0000000a" is listed twice; remove one',
    ],
    [
      network(VPC, PRIVATE, DATABASE, "publicSubnetIds: [subnet-0000000b]"),
      '11:90: "subnet-0000000b" is under publicSubnetIds too; a subnet is one or the other',
    ],
    ["network: { existing: { subnets: [] } }", '11:24: unknown key "subnets".'],
    ["cluster: { existing: { name: my cluster } }", "11:30: must be the name of an EKS cluster"],
    ["cluster: { existing: platform }", "11:22: must be a map of keys to values"],
    ["database: { existing: {} }", "11:13: say which database: add cluster: or instance:"],
    [
      "database: { existing: { cluster: a, instance: b } }",
      "11:37: there is cluster: already; remove one of them",
    ],
    ["database: { existing: { cluster: My_Cluster } }", "11:34: must be an RDS identifier"],
    [
      "database: { existing: { cluster: a, port: 80 } }",
      "11:43: must be a whole number from 1150 to 65535, got: 80",
    ],
    [
      "database: { existing: { cluster: a, adminUser: orders_api } }",
      '8:5: the database user "orders_api" is the database\'s admin; choose another name',
    ],
    [
      "database: { existing: { cluster: a, adminSecretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:a' } }",
      "the ARN's region is us-east-1, but must be eu-west-1, where the database is",
    ],
  ])("%s", (line, problem) => {
    const problems = problemsOf(withLine(line));
    expect(problems.join("\n")).toContain(problem);
    expect(new Set(problems).size).toBe(line.includes("subnets: []") ? 4 : 1);
  });

  test.each(['a"b', "$" + "{var.x}", "%" + "{if true}", "a\nb", "a\\b", "a;b", "‮evil"])(
    "the hostile text %j is refused in every field that takes text",
    (text) => {
      const yaml = JSON.stringify(text);
      for (const line of [
        network(`vpcId: ${yaml}`, PRIVATE, DATABASE),
        network(VPC, `privateSubnetIds: [subnet-0000000a, ${yaml}]`, DATABASE),
        `cluster: { existing: { name: ${yaml} } }`,
        `cluster: { existing: { name: platform, securityGroupId: ${yaml} } }`,
        `database: { existing: { cluster: ${yaml} } }`,
        `database: { existing: { instance: ${yaml} } }`,
        `database: { existing: { cluster: shop, securityGroupId: ${yaml} } }`,
        `database: { existing: { cluster: shop, adminUser: ${yaml} } }`,
        `database: { existing: { cluster: shop, adminSecretArn: ${yaml} } }`,
      ]) {
        const [problem = ""] = problemsOf(withLine(line));
        expect(problem).toMatch(/^11:\d+: [^\n]*$/);
      }
    },
  );

  test("keys that would do nothing are refused, all at once, and with them what else is wrong", () => {
    const text = `${MINIMAL}network: { existing: { ${VPC}, ${PRIVATE}, ${DATABASE} }, cidr: 10.0.0.0/16, natGateways: none }
cluster:
  existing: { name: platform }
  administrators: []
  nodeGroup: {}
database:
  existing: { cluster: shop }
  readers: -2
  backupRetentionDays: 7
`;
    const only = (layer: string) =>
      `is for a ${layer} that is made here, and this one exists: it is only read, never changed; remove the key`;
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^11:\d+: "cidr" /),
      expect.stringMatching(/^11:\d+: "natGateways" /),
      `14:3: "administrators" ${only("cluster")}`,
      '15:3: unknown key "nodeGroup". Did you mean "nodeGroups"?',
      `18:3: "readers" ${only("database")}`,
      "18:12: must be a whole number from 0 to 15, got: -2",
      `19:3: "backupRetentionDays" ${only("database")}`,
    ]);
  });
});
