import { describe, expect, test } from "@jest/globals";
import { MINIMAL, warningsOf } from "../../../helpers/environment";
import { problemsWith } from "../mistakes";

describe("a database that Aurora does not offer", () => {
  test.each<[string, string]>([
    ["database: { deletionProtection: yes }", '11:33: must be true or false, got: "yes"'],
    ["database: { readers: -1 }", "11:22: must be a whole number from 0 to 15, got: -1"],
    ["database: { readers: 1.5 }", "11:22: must be a whole number from 0 to 15, got: 1.5"],
    ["database: { engineVersion: 17.10 }", '11:28: must be text; put it in quotes: "17.10"'],
    ["database: { engineVersion: '14.9' }", "11:28: must be an Aurora PostgreSQL version from 15 on"],
    ["database: { engineVersion: '17.8' }", "11:28: Aurora PostgreSQL 17.8 does not exist; take 17.9"],
    ["database: { engineVersion: '17.0' }", "11:28: Aurora PostgreSQL 17.0 does not exist; take 17.4"],
    [
      "database: { engineVersion: '16.2', capacity: { minAcu: 0, maxAcu: 4 } }",
      "Aurora PostgreSQL 16.2 does not pause at 0 capacity units; take 16.3 or later, or a minAcu of 0.5",
    ],
    [
      "database: { engineVersion: '15.6', capacity: { minAcu: 0, maxAcu: 4 } }",
      "Aurora PostgreSQL 15.6 does not pause at 0 capacity units; take 15.7 or later, or a minAcu of 0.5",
    ],
    [
      "database: { existing: { cluster: shop, adminUser: rdsadmin } }",
      '11:51: the role "rdsadmin" starts with rds, which RDS keeps for itself; name the database\'s admin',
    ],
    [
      "database: { existing: { cluster: shop, adminUser: shop_orders_rw } }",
      '5:32: the database\'s admin "shop_orders_rw" would be a group role of shop.orders; rename the schema',
    ],
    [
      "database: { existing: { cluster: shop, adminUser: orders_api } }",
      '8:5: the database user "orders_api" is the database\'s admin; choose another name',
    ],
    [
      "database: { capacity: big }",
      "11:23: must be serverless { minAcu, maxAcu } or provisioned { instanceClass }",
    ],
    [
      "database: { caBundle: nowhere.pem }",
      '11:23: "nowhere.pem": there is no such file or folder; the path is relative to this file',
    ],
  ])("%s is refused", (yaml, problem) => {
    const problems = problemsWith(yaml);
    expect(problems.join("\n")).toContain(problem);
    expect(problems).toHaveLength(1);
  });
});

test("a version that is newer than the project may be there by now, and may be a slip of the finger", () => {
  const warnings = warningsOf(`${MINIMAL}database: { engineVersion: "17.90" }\n`);
  expect(warnings[0]).toMatch(
    /^11:28: Aurora PostgreSQL 17\.90 is newer than any that is known here \(17\.\d+\); look/,
  );
  expect(warnings).toHaveLength(1);
});

test.each(["15.7", "16.3", "17.4", "18.3"])("Aurora PostgreSQL %s pauses", (version) => {
  const capacity = "capacity: { minAcu: 0, maxAcu: 4 }";
  expect(problemsWith(`database: { engineVersion: "${version}", ${capacity} }`)).toEqual([]);
});
