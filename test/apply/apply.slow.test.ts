import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { deployerPermissions } from "../docs/deployer-permissions";
import { testUnless } from "../helpers/skip";
import { deployedPromises } from "./deployed-promises";
import { secretText } from "./helpers/admin-secret";
import { CREDENTIALS } from "./helpers/corrected-moto";
import { LocalDeployment, missing } from "./helpers/local-deployment";
import { NOT_KEPT_BY_MOTO } from "./helpers/not-kept";
import { planned } from "./helpers/plan-json";
import { filesWith } from "./helpers/written-down";

const yaml = readFileSync(join(__dirname, "environment.yaml"), "utf8");
const STACKS = ["dev-network", "dev-eks", "dev-database", "dev-access"];

// The whole file takes six to seven minutes, nearly all of it waiting; on a busy machine any step may be slow.
jest.setTimeout(600_000);
const withReporting = yaml.replace(
  "  people:\n",
  `    reporting:
      namespace: shop
      grants: { shop.orders: read-only }
  people:
`,
);

// One environment, deployed, changed and destroyed: each test goes on where the one before it ended.
describe("the stacks, applied by Terraform to a local AWS API without EKS add-ons and access entries", () => {
  let local: LocalDeployment;

  beforeAll(async () => {
    if (missing) return;
    local = await LocalDeployment.start();
    local.synth(yaml);
  });
  afterAll(() => local?.stop());

  deployedPromises(() => local, yaml);

  testUnless(missing, "a second plan changes nothing but what the local API does not keep", async () => {
    const changes = await Promise.all(
      STACKS.map(async (stack) => [stack, await planned(local.terraform, stack)]),
    );
    expect(Object.fromEntries(changes)).toEqual(NOT_KEPT_BY_MOTO);
  });

  testUnless(missing, "no password and no key is in any state, plan or other file", async () => {
    const { MasterUserSecret, Endpoint = "" } = await local.deployed.databaseCluster();
    const secret = await secretText(local.moto.url, MasterUserSecret?.SecretArn ?? "");
    const { password } = JSON.parse(secret);
    expect(String(password).length).toBeGreaterThan(7);
    for (const text of [password, CREDENTIALS.AWS_SECRET_ACCESS_KEY, CREDENTIALS.AWS_ACCESS_KEY_ID]) {
      expect(filesWith(local.terraform.folder, text)).toEqual([]);
    }
    // What is in state and plan, the search finds.
    expect(filesWith(local.terraform.folder, Endpoint)).toEqual([
      "cdktf.out/stacks/dev-access/plan",
      "cdktf.out/stacks/dev-database/plan",
      "terraform.dev-access.tfstate",
      "terraform.dev-database.tfstate",
    ]);
  });

  testUnless(missing, "a new service adds its IAM role and policy, and changes nothing else", async () => {
    local.synth(withReporting);
    expect(await local.apply("dev-access")).toEqual({
      "aws_iam_role.service-reporting_role": { action: "create", attributes: [] },
      "aws_iam_role_policy.service-reporting_connect": { action: "create", attributes: [] },
    });
    expect(Object.keys(await local.deployed.roles())).toContain("dev-db-reporting");
  });

  testUnless(
    missing,
    "a removed service takes its IAM role and policy with it, and changes nothing else",
    async () => {
      local.synth(yaml);
      expect(await local.apply("dev-access")).toEqual({
        "aws_iam_role.service-reporting_role": { action: "delete", attributes: [] },
        "aws_iam_role_policy.service-reporting_connect": { action: "delete", attributes: [] },
      });
      expect(Object.keys(await local.deployed.roles())).not.toContain("dev-db-reporting");
    },
  );

  testUnless(missing, "a node group is resized in place", async () => {
    const before = await local.deployed.clusters();
    local.synth(yaml.replace("maxSize: 4", "maxSize: 7"));
    expect(await local.apply("dev-eks")).toEqual({
      "aws_eks_node_group.nodes_group-general_group": {
        action: "update",
        attributes: ["scaling_config"],
      },
    });
    const after = await local.deployed.clusters();
    const groups = (clusters: typeof after) => clusters.flatMap(({ nodeGroups }) => nodeGroups);
    expect(groups(after)).toEqual(groups(before).map((group) => ({ ...group, maxSize: 7 })));
  });

  testUnless(missing, "with deletion protection, destroying fails and loses nothing", async () => {
    const everything = async () => [
      await local.deployed.clusters(),
      await local.deployed.databases(),
      await local.deployed.instances(),
      await local.deployed.roles(),
    ];
    const before = await everything();
    for (const [stack, resource] of [
      ["dev-eks", "aws_eks_cluster.eks_cluster"],
      ["dev-database", "aws_rds_cluster.aurora_cluster"],
    ] as const) {
      const { status, text } = await local.terraform.destroy(stack);
      expect(status).toBe(1);
      expect(text).toContain("Instance cannot be destroyed");
      expect(text.replace(/\s+/g, " ")).toMatch(
        new RegExp(`Resource ${resource}_\\w+ has lifecycle.prevent_destroy set`),
      );
    }
    expect(await everything()).toEqual(before);
  });

  testUnless(
    missing,
    "without it, what access, cluster, database and network made is destroyed in this order",
    async () => {
      local.synth(yaml.replace("deletionProtection: true", "deletionProtection: false"));
      const changes = await local.apply("dev-database");
      expect(changes).toEqual({
        "aws_rds_cluster.aurora_cluster": { action: "update", attributes: ["deletion_protection"] },
      });
      await local.destroy("dev-access");
      await Promise.all([local.destroy("dev-eks"), local.destroy("dev-database")]);
      await local.destroy("dev-network");
    },
  );

  testUnless(missing, "afterwards nothing is there but the database's final snapshot", async () => {
    expect(await local.deployed.vpcs()).toEqual([]);
    expect(await local.deployed.natGateways()).toEqual([]);
    expect(await local.deployed.instances()).toEqual([]);
    expect(await local.deployed.clusters()).toEqual([]);
    expect(await local.deployed.oidcProviders()).toEqual([]);
    expect(await local.deployed.roles()).toEqual({});
    expect(await local.deployed.databases()).toEqual({
      clusters: [],
      instances: [],
      subnets: [],
      snapshots: ["dev-final"],
    });
  });

  testUnless(missing, "Terraform asked for nothing but what docs/deployer-permissions.md allows", () => {
    for (const [stack, { allowed, byHand }] of deployerPermissions()) {
      // Whoever has credentials may ask whose they are.
      const asked = [...(local.moto.calls.get(stack) ?? [])].filter(
        (call) => call !== "sts:GetCallerIdentity",
      );
      expect([stack, asked.filter((call) => !allowed.includes(call))]).toEqual([stack, []]);
      // The page says that the rest was added by hand, and of nothing else.
      expect([stack, allowed.filter((action) => !asked.includes(action))]).toEqual([stack, byHand]);
    }
  });
});
