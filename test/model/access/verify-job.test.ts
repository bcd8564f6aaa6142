import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../lib/user-error";
import { expectation } from "../../../model/access/expectation";
import { podEgress } from "../../../model/access/namespace";
import { accessPlan } from "../../../model/access/plan";
import { planFile } from "../../../model/access/plan-file";
import { accessReport } from "../../../model/access/report";
import { rolePolicies } from "../../../model/access/role-policies";
import { databaseScript } from "../../../model/access/sql";
import { MINIMAL, parse } from "../../helpers/environment";

const JOB = 'verify: { schedule: "0 5 * * *", image: verify:1.0.0, namespace: shop }\n';
const TWO = MINIMAL.replace("{ shop: [billing, orders] }", "{ shop: [billing, orders], archive: [old] }");
const without = accessPlan(parse(TWO));
const plan = accessPlan(parse(`${TWO}${JOB}`));
const [job] = plan.identities.filter(({ key }) => key === "verify");
if (job?.kind !== "service") throw new Error("there is no job in the plan");

describe("the job that verifies, in the access plan", () => {
  test("is a service without a grant, in rds_iam and in a group of each database", () => {
    expect(job).toEqual({
      kind: "service",
      key: "verify",
      databaseUser: "verify",
      grants: [],
      database: "archive",
      memberOf: ["rds_iam", "archive_connect", "shop_connect"],
      connectionLimit: 3,
      iamRole: "test-db-verify",
      namespace: "shop",
      serviceAccount: "verify",
      configMap: "verify-database",
      verifies: true,
    });
  });

  test("may connect to every database, and is granted nothing else by its groups", () => {
    const groups = plan.databases.map(({ name, connectGroup, grants }) => [
      name,
      connectGroup,
      grants.filter(({ role }) => role === connectGroup),
    ]);
    const connect = (role: string) => [{ role, objectType: "database", privileges: ["CONNECT"] }];
    expect(groups).toEqual([
      ["archive", "archive_connect", connect("archive_connect")],
      ["shop", "shop_connect", connect("shop_connect")],
    ]);
  });

  test("adds itself and its groups, and changes nothing else", () => {
    expect({
      ...plan,
      identities: plan.identities.filter(({ key }) => key !== "verify"),
      databases: plan.databases.map(({ connectGroup, grants, ...rest }) => ({
        ...rest,
        grants: grants.filter(({ role }) => role !== connectGroup),
      })),
    }).toEqual(without);
    expect(JSON.stringify(without)).not.toMatch(/connectGroup|verifies|_connect/);
  });

  test("connects to the database itself, also where everybody else goes through a proxy", () => {
    const proxied = accessPlan(parse(`${TWO}${JOB}database: { proxy: {} }\n`));
    const through = proxied.identities.map(({ key, through }) => [key, through]);
    expect(through).toEqual([
      ["orders-api", "proxy"],
      ["verify", undefined],
    ]);
  });

  test("may log in as its own user, and put metrics of the environment's namespace, and nothing else", () => {
    expect(rolePolicies(plan, job, ["cluster-A"])).toEqual([
      {
        part: "connect",
        name: "connect",
        document: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "rds-db:connect",
              Resource: "arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-A/verify",
            },
          ],
        },
      },
      {
        part: "metrics",
        name: "metrics",
        document: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "cloudwatch:PutMetricData",
              Resource: "*",
              Condition: { StringEquals: { "cloudwatch:namespace": "aurora-passwordless/test" } },
            },
          ],
        },
      },
    ]);
    for (const other of plan.identities.filter(({ key }) => key !== "verify")) {
      expect(rolePolicies(plan, other, ["cluster-A"]).map(({ part }) => part)).toEqual(["connect"]);
    }
  });

  test("is expected of a live database: the groups, who is in them, and that they may connect", () => {
    const { roles, memberships, databases } = expectation(plan);
    expect(roles).toContainEqual(expect.objectContaining({ name: "shop_connect", kind: "group role" }));
    expect(roles).toContainEqual(expect.objectContaining({ name: "verify", connectionLimit: 3 }));
    expect(memberships).toContainEqual({ role: "archive_connect", member: "verify" });
    expect(databases.map(({ grants }) => grants.map(({ role }) => role))).toEqual([
      expect.arrayContaining(["archive_connect"]),
      expect.arrayContaining(["shop_connect"]),
    ]);
  });
});

describe("the SQL of each database", () => {
  test.each(["archive", "shop"])("of %s makes the group and the login, and lets them connect", (name) => {
    const sql = databaseScript(plan, name);
    expect(sql).toContain(`ensure_role('${name}_connect')`);
    expect(sql).toContain("ensure_role('verify', connection_limit => 3)");
    expect(sql).toContain(`ensure_member('verify', 'rds_iam', '${name}_connect')`);
    expect(sql).toContain(`ensure_grant('{CONNECT}', 'database', NULL, '${name}_connect')`);
    expect(sql).toContain(`${name}_connect: connects, and has nothing on what is in the database`);
    expect(sql).toContain("verify: connects alone, and sees the catalogs");
  });

  test("gives the group the new name of a database that is renamed", () => {
    const renamed = accessPlan(
      parse(
        `${TWO.replace(/\bshop(?=[.:] ?[\w[])/g, "store").replace("  services:", "  renamed: { shop: store }\n  services:")}${JOB}`,
      ),
    );
    expect(databaseScript(renamed, "store")).toMatch(
      /ALTER ROLE "?shop_connect"? RENAME TO "?store_connect"?;/,
    );
    expect(databaseScript(accessPlan(parse(`${TWO}${JOB}`)), "shop")).not.toContain("RENAME TO");
  });
});

describe("the report", () => {
  const report = accessReport(plan);

  test("says who it is and what it sees, and what its IAM role may beside logging in", () => {
    expect(report).toContain(
      "verify (job) may connect to every database (CONNECT) and has no privilege in any: of what is there it sees the catalogs",
    );
    expect(report).toContain("| verify (job) | test-db-verify | ServiceAccount shop/verify | verify | 3 |");
    expect(report).toContain(
      "The IAM role of verify may also put metrics into the CloudWatch namespace `aurora-passwordless/test`.",
    );
    expect(report).toContain("2 services (1 that verifies, as a job)");
  });

  test("says none of it where there is none", () => {
    expect(accessReport(without)).not.toMatch(/verify|verifies|CloudWatch|catalogs/);
  });
});

describe("the plan as the job reads it", () => {
  test("is the plan, and the same bytes each time", () => {
    expect(JSON.parse(planFile(plan))).toEqual(plan);
    expect(planFile(accessPlan(parse(`${JOB}${TWO}`)))).toBe(planFile(plan));
  });

  test("is refused where no ConfigMap holds it, with where, how large, and what to do", () => {
    const fits = 1024 * 1024 - Buffer.byteLength(planFile({ ...plan, file: "" }));
    const named = (bytes: number) => "é".repeat(Math.floor(bytes / 2)) + "x".repeat(bytes % 2);
    const withFile = (bytes: number) => () => planFile({ ...plan, file: named(bytes) });
    expect(withFile(fits)).not.toThrow();
    expect(withFile(fits + 1)).toThrow(UserError);
    expect(withFile(fits + 1)).toThrow(
      /: verify\.schedule: the access plan has \d+ bytes, and the ConfigMap that the job reads it from holds 1048576; take schedule, image and namespace out of verify/,
    );
  });
});

describe("its way out", () => {
  const egress = (more: string) => podEgress(parse(`${MINIMAL}${more}`), ["monitoring"]).credentials;
  const https = (cidr: string) => ({ cidr, port: 443 });
  const agent = { cidr: "169.254.170.23/32", port: 80 };

  test("is to CloudWatch beside where credentials come from, each said once", () => {
    expect(egress("")).toEqual([https("0.0.0.0/0")]);
    expect(egress("cluster: { identity: pod-identity }\n")).toEqual([https("0.0.0.0/0"), agent]);
    expect(egress("network: { cidr: 10.5.0.0/16, interfaceEndpoints: [monitoring] }\n")).toEqual([
      https("0.0.0.0/0"),
      https("10.5.0.0/16"),
    ]);
    expect(egress("network: { cidr: 10.5.0.0/16, interfaceEndpoints: [sts, monitoring] }\n")).toEqual([
      https("10.5.0.0/16"),
    ]);
  });
});
