import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { loginsOf } from "../../model/access/identity";
import { accessPlan } from "../../model/access/plan";
import { SUPERUSER } from "../../model/postgresql/names";
import { verify } from "../../tools/verify/verify";
import { parse, TEST_ENVIRONMENTS } from "../helpers/environment";
import { catalogReader } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";
import { AccessDeployment } from "./helpers/access-deployment";
import { CREDENTIALS } from "./helpers/corrected-moto";
import { EksAssociations } from "./helpers/eks-associations";
import { LocalDeployment, missing as missingTools, succeeded } from "./helpers/local-deployment";
import { beyondNotKept } from "./helpers/not-kept";
import { type Changes, planned } from "./helpers/plan-json";
import { providerMissing } from "./helpers/providers";
import { leaveOut } from "./helpers/reduced-stack";
import { readRoles } from "./helpers/roles";
import type { TerraformWorkspace } from "./helpers/terraform";

jest.setTimeout(600_000);
const missing = missingTools ?? providerMissing("cyrilgdn/postgresql");

/** The file in which every way in is, under the name that deployments here have. */
const YAML = readFileSync(join(TEST_ENVIRONMENTS, "everywhere.yaml"), "utf8")
  .replace("name: everywhere", "name: dev")
  .replace("database:\n", "database:\n  deletionProtection: false\n");
const PLAN = accessPlan(parse(YAML));

/** What needs a later AWS provider than these machines have; which arguments they get, a test of the bindings' schema holds. */
const PROXY = "aws_db_proxy";

/** What a second plan changes, beyond what moto does not keep. */
async function leftToDo(terraform: TerraformWorkspace, stack: string): Promise<Changes> {
  const all = Object.entries(beyondNotKept(stack, await planned(terraform, stack)));
  // Descriptions of rules that name a security group.
  return Object.fromEntries(
    all.filter(
      ([address, { attributes }]) => !/_rule\./.test(address) || attributes.join() !== "description",
    ),
  );
}

describe("the access stack of the file with every way in, applied but for what is in Kubernetes", () => {
  const stack = "dev-access";
  const THERE_BEFORE = ["LegacyLedger", "dev-database-proxy"];
  let eks: EksAssociations;
  let local: AccessDeployment;
  let iam: IAMClient;
  beforeAll(async () => {
    if (missing) return;
    eks = await EksAssociations.start(async () => true);
    local = await AccessDeployment.start({ env: eks.env });
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = CREDENTIALS;
    const credentials = { accessKeyId, secretAccessKey };
    iam = new IAMClient({ endpoint: local.moto.url, region: "eu-west-1", credentials });
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    });
    // One of others, and that of the proxy, which the database stack has made.
    for (const RoleName of THERE_BEFORE) {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    }
    await local.synth(YAML);
    leaveOut(local.terraform, stack, PROXY);
    succeeded(await local.terraform.init(stack));
    succeeded(await local.terraform.apply(stack));
  });
  afterAll(async () => {
    iam?.destroy();
    await local?.stop();
    await eks?.stop();
  });

  testUnless(missing, "a second plan is empty", async () => {
    expect(await leftToDo(local.terraform, stack)).toEqual({});
  });

  testUnless(missing, "the database is as the plan has it, whatever its users run on", async () => {
    const { findings } = await verify(PLAN, catalogReader(local.server, SUPERUSER));
    // Terraform cannot give the admin its settings.
    expect(findings.map(({ subject }) => subject)).toEqual(["admin postgres", "admin postgres"]);
  });

  testUnless(
    missing,
    "each IAM role may connect as its database user: through the proxy, which has an endpoint for readers, or past it, never both",
    async () => {
      const roles = await readRoles(iam);
      for (const identity of PLAN.identities) {
        const connects = JSON.stringify(roles[identity.iamRole]?.policies ?? {}).match(/dbuser:[^"]+/g) ?? [];
        const id =
          identity.through === "proxy"
            ? "prx-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            : "cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        expect([identity.key, ...connects]).toEqual([
          identity.key,
          ...loginsOf(identity).map(({ databaseUser }) => `dbuser:${id}/${databaseUser}`),
        ]);
      }
    },
  );

  testUnless(
    missing,
    "EKS gives pods the roles of the services that run on it, and of no others",
    async () => {
      expect(
        eks
          .all()
          .map(({ roleArn }) => roleArn.split("/")[1])
          .sort(),
      ).toEqual(PLAN.identities.filter(({ kind }) => kind === "service").map(({ iamRole }) => iamRole));
    },
  );

  testUnless(
    missing,
    "is destroyed when deletion protection is off, and roles that were there before stay",
    async () => {
      succeeded(await local.terraform.destroy(stack));
      expect(Object.keys(await readRoles(iam)).sort()).toEqual(THERE_BEFORE);
      expect(eks.all()).toEqual([]);
    },
  );
});

describe("the database stack of the file with every way in, applied but for the proxy itself", () => {
  const stack = "dev-database";
  let local: LocalDeployment;
  let leftOut: string[];
  beforeAll(async () => {
    if (missingTools) return;
    local = await LocalDeployment.start();
    local.terraform.synth(YAML);
    for (const each of ["dev-network", stack]) leftOut = leaveOut(local.terraform, each, PROXY);
  });
  afterAll(() => local?.stop());

  testUnless(
    missingTools,
    "all else is there: left out are the proxy, its endpoint for readers, and what ties them to the cluster",
    async () => {
      await local.deploy("dev-network");
      await local.deploy(stack);
      expect(leftOut.map((address) => address.replace(/_[0-9A-F]{8}$/, ""))).toEqual([
        "aws_db_proxy.proxy_pool",
        "aws_db_proxy_default_target_group.proxy_target-group",
        "aws_db_proxy_endpoint.proxy_readers",
        "aws_db_proxy_target.proxy_target",
      ]);
      const { "dev-database-proxy": role } = await local.deployed.roles();
      expect(role?.trust).toMatchObject({ Statement: [{ Principal: { Service: "rds.amazonaws.com" } }] });
      await local.destroy(stack);
    },
  );
});
