import { describe, expect, test } from "@jest/globals";
import { comparePlanAndStacks, coveredByPlan } from "../../../../tools/review/consistency/plan-and-stack";
import { addresses, synthApp } from "../../../helpers/app";
import { parse, testEnvironment, testFile } from "../../../helpers/environment";
import { MIXES, mixName, mixYaml } from "../../../stacks/existing-mixes";
import { ELSEWHERE } from "./elsewhere";
import { IN_IAM_AND_KUBERNETES } from "./in-iam-and-kubernetes";
import { IN_POSTGRESQL } from "./in-postgresql";
import { IN_TERRAFORM } from "./in-terraform";
import { readEnvironment } from "./sides";
import { LOGIN, set, tampered } from "./tampering";

describe("what is synthesised says what the plan says", () => {
  test.each(["dev", "prod"] as const)("in %s", (name) => {
    expect(comparePlanAndStacks(undefined, readEnvironment(testEnvironment(name)))).toEqual([]);
  });

  test.each(MIXES.filter(({ network }) => network === "").map((mix) => [mixName(mix), mix] as const))(
    "with %s",
    (_, mix) => {
      expect(comparePlanAndStacks(undefined, readEnvironment(parse(mixYaml(mix))))).toEqual([]);
    },
  );

  test.each([["a renamed schema", "  renamed: { shop.orders: shop.sales }\n"]])("with %s", (_, lines) => {
    const sales = testFile("dev")
      .replace("[billing, orders]", "[billing, sales]")
      .replaceAll("shop.orders", "shop.sales");
    expect(
      comparePlanAndStacks(
        undefined,
        readEnvironment(parse(sales.replace("  services:\n", `${lines}  services:\n`))),
      ),
    ).toEqual([]);
  });
});

describe("a stack that says something else than the plan is found, and is nothing new when the base had it, with", () => {
  const dev = readEnvironment(testEnvironment("dev"));

  test.each(Object.entries({ ...IN_POSTGRESQL, ...IN_IAM_AND_KUBERNETES, ...IN_TERRAFORM, ...ELSEWHERE }))(
    "%s",
    (_, tampering) => {
      const side = tampered(dev, tampering);
      const findings = comparePlanAndStacks(dev, side);
      const texts = findings.map(({ text }) => text).join("\n");
      expect(texts).toMatch(tampering.says);
      expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(["plan-and-stack-differ"]));
      expect(texts.split("\n").filter((line) => !line.startsWith("dev-access: "))).toEqual([]);
      expect(comparePlanAndStacks(side, side)).toEqual([]);
      expect(comparePlanAndStacks(side, dev)).toEqual([]);
    },
  );
});

describe("resources that the plan explains", () => {
  const dev = readEnvironment(testEnvironment("dev"));
  const covered = coveredByPlan(dev);

  test("are all of the access stack but those that the plan says nothing of", () => {
    const rest = addresses(synthApp(testEnvironment("dev")).get("dev-access") ?? {}).filter(
      (each) => !covered.has(each),
    );
    expect(rest.map((each) => each.replace(/_[0-9A-F]{8}$/, ""))).toEqual([
      "aws_vpc_security_group_ingress_rule.ingress_from-cluster",
    ]);
  });

  test("have a key that says what they are at any address", () => {
    expect(
      [...covered].map(([address, { key }]) => `${address.replace(/_[0-9A-F]{8}$/, "")} ${key}`),
    ).toContain("aws_iam_role.people-on-call_role aws_iam_role dev-db-on-call");
  });

  test("are not those that differ from it", () => {
    const side = tampered(dev, { says: "", change: set(...LOGIN, { superuser: true }) });
    const lost = [...covered.keys()].filter((address) => !coveredByPlan(side).has(address));
    expect(lost).toEqual([expect.stringMatching(/^postgresql_role\.service-orders-api_login_/)]);
  });
});

test("what differs in the same way in many resources is one finding, and what the base had is not in it", () => {
  const dev = readEnvironment(testEnvironment("dev"));
  const described = (count: number) =>
    tampered(dev, {
      says: "",
      change: ({ resource }) => {
        for (const name of Object.keys(resource.aws_iam_role).slice(0, count))
          resource.aws_iam_role[name].description = "x";
      },
    });
  const [finding, ...others] = comparePlanAndStacks(described(1), described(7));
  expect(others).toEqual([]);
  expect(finding?.text).toBe(
    "dev-access: aws_iam_role with another description than planned: aws_iam_role dev-db-billing-migrations, aws_iam_role dev-db-billing-worker, aws_iam_role dev-db-message-board, aws_iam_role dev-db-message-board-migrations, and 2 more",
  );
  expect(finding?.details).toHaveLength(6);
  expect(finding?.details?.[0]).toBe(
    'aws_iam_role dev-db-billing-migrations: description is "x", planned is "Connects to PostgreSQL as billing_migrations"',
  );
});

test("a plan without its stack is found", () => {
  const dev = readEnvironment(testEnvironment("dev"));
  expect(comparePlanAndStacks(undefined, { ...dev, stacks: new Map() })).toMatchObject([
    { text: "dev-access: the stack is not there: dev-access" },
  ]);
});

describe("a file that Terraform reads beside a stack's JSON", () => {
  const dev = readEnvironment(testEnvironment("dev"));
  const beside = (path: string, text: string) =>
    comparePlanAndStacks(dev, { ...dev, beside: new Map([[path, text]]) }).map((finding) => finding.text);
  const VERSIONS = 'terraform {\n  required_version = ">= 1.11.0"\n}\n';

  test("says which Terraform takes the stack", () => {
    expect(beside("dev-access/versions.tf", VERSIONS)).toEqual([]);
  });

  test.each([
    ["dev-access/more.tf", VERSIONS],
    ["dev-access/versions.tf", `${VERSIONS}resource "postgresql_role" "x" {}\n`],
    ["dev-access/versions.tf", `resource "x" "y" {}\n${VERSIONS}`],
    ["dev-access/versions.tf", 'terraform {\n  required_version = "x" }\nmodule "x" { source = "y"\n}\n'],
    ["dev-network/evil.tf.json", "{}"],
  ])("is found when it is %s and holds %j", (path, text) => {
    expect(beside(path, text)).toEqual([
      `dev-access: a file that Terraform reads beside cdk.tf.json: ${path}`,
    ]);
  });
});
