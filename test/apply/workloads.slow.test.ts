import { CreateRoleCommand, DeleteRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { isOutsideEks } from "../../model/access/identity";
import { accessPlan } from "../../model/access/plan";
import { SUPERUSER } from "../../model/postgresql/names";
import { verify } from "../../tools/verify/verify";
import { deployerPermissions, permissionsOutsideEks } from "../docs/deployer-permissions";
import { parse } from "../helpers/environment";
import { catalogReader } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";
import { AccessDeployment } from "./helpers/access-deployment";
import { CREDENTIALS } from "./helpers/corrected-moto";
import { Deployed } from "./helpers/deployed";
import { missing as missingTools, succeeded } from "./helpers/local-deployment";
import { beyondNotKept } from "./helpers/not-kept";
import { planned } from "./helpers/plan-json";
import { providerMissing } from "./helpers/providers";
import { readRoles } from "./helpers/roles";

jest.setTimeout(300_000);
const missing = missingTools ?? providerMissing("cyrilgdn/postgresql");
const STACK = "dev-access";
const DATABASE = "cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const file = (services: string) => `name: dev
account: "123456789012"
region: eu-west-1
database:
  deletionProtection: false
access:
  databases: { shop: [orders] }
  namespaces: { shop: {} }
  services:
${services.replace(/^/gm, "    ")}
`;
const GRANTS = "grants: { shop.orders: read-write }";
const ON_EKS = `orders-api: { namespace: shop, ${GRANTS} }`;
const EVERYWHERE = `orders-api: { runsOn: lambda, ${GRANTS} }
report: { runsOn: ecs, ${GRANTS} }
batch: { runsOn: ec2, ${GRANTS} }
legacy: { role: Legacy, ${GRANTS} }
ci: { principals: ["arn:aws:iam::123456789012:role/CI"], externalId: acme-1, ${GRANTS} }`;
const OF_OTHERS = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::books/*" }],
};
const TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

// One access stack, deployed, changed and destroyed: each test goes on where the one before it ended.
describe("services that come to run outside of EKS, applied", () => {
  let local: AccessDeployment;
  let iam: IAMClient;
  let account: Deployed;
  beforeAll(async () => {
    if (missing) return;
    local = await AccessDeployment.start();
    account = new Deployed(local.moto.url);
    iam = new IAMClient({
      endpoint: local.moto.url,
      region: "eu-west-1",
      credentials: {
        accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
        secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
      },
    });
    // That which is there already: a role of others, and who takes another one.
    for (const RoleName of ["Legacy", "CI"]) {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(TRUST) }));
    }
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: "Legacy",
        PolicyName: "connect",
        PolicyDocument: JSON.stringify(OF_OTHERS),
      }),
    );
    await local.synth(file(ON_EKS));
    succeeded(await local.terraform.init(STACK));
    succeeded(await local.terraform.apply(STACK));
  });
  afterAll(async () => {
    iam?.destroy();
    account?.close();
    await local?.stop();
  });

  const changes = async () => {
    const all = Object.entries(beyondNotKept(STACK, await planned(local.terraform, STACK)));
    // moto keeps no description of rules that name a security group.
    const kept = all.filter(
      ([address, { attributes }]) => !/_rule\.clients_/.test(address) || attributes.join() !== "description",
    );
    return Object.fromEntries(kept);
  };
  const applied = async (services: string) => {
    await local.synth(file(services));
    const made = await changes();
    succeeded(await local.terraform.apply(STACK, "plan"));
    return made;
  };
  /** The parameters below a path, as a program reads them: in one call. */
  const parametersBelow = async (path: string) => {
    const response = await fetch(local.moto.url, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonSSM.GetParametersByPath",
        Authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/ssm/aws4_request",
      },
      body: JSON.stringify({ Path: path }),
    });
    const { Parameters }: { Parameters: { Name: string; Value: string; Type: string; Tier: string }[] } =
      JSON.parse(await response.text());
    return Object.fromEntries(Parameters.map(({ Name, Value }) => [Name.replace(`${path}/`, ""), Value]));
  };

  testUnless(
    missing,
    "a role that is not there stops the plan, by its name, before anything is touched",
    async () => {
      await local.synth(file(`${ON_EKS}\nother: { role: NotThere, ${GRANTS} }`));
      await expect(planned(local.terraform, STACK)).rejects.toThrow(/IAM Role \(NotThere\)/);
    },
  );

  testUnless(
    missing,
    "the service keeps its role, policy and login; what the role trusts changes in place",
    async () => {
      const made = await applied(EVERYWHERE);
      const ofService = Object.entries(made).filter(([address]) =>
        /\.service-orders-api_(role|connect|login)/.test(address),
      );
      expect(Object.fromEntries(ofService)).toEqual({
        "aws_iam_role.service-orders-api_role": { action: "update", attributes: ["assume_role_policy"] },
      });
      expect(Object.values(made).filter(({ action }) => !["create", "update"].includes(action))).toEqual([]);
      expect(await changes()).toEqual({});
    },
  );

  testUnless(missing, "the account and the database are as the plan has them", async () => {
    const plan = accessPlan(parse(file(EVERYWHERE)));
    const roles = await readRoles(iam);
    const names = (role: string) => Object.keys(roles[role]?.policies ?? {}).sort();
    expect(names("dev-db-orders-api")).toEqual(["connect", "network-interfaces", "read-connection"]);
    for (const role of ["dev-db-report", "dev-db-batch", "dev-db-ci"]) {
      expect(names(role)).toEqual(["connect", "read-connection"]);
    }
    expect(roles["dev-db-report"]?.trust).toMatchObject({
      Statement: [{ Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } } }],
    });
    for (const { key, databaseUser, iamRole } of plan.identities.filter(isOutsideEks)) {
      const policies = JSON.stringify(roles[iamRole]?.policies);
      expect(policies).toContain(`dbuser:${DATABASE}/${databaseUser}"`);
      expect(await parametersBelow(`/dev/database/${key}`)).toEqual({
        ...(key !== "orders-api" && { AWS_REGION: "eu-west-1" }),
        PGDATABASE: "shop",
        PGHOST: expect.stringMatching(/\.rds\.amazonaws\.com$/),
        PGHOST_READER: expect.anything(),
        PGPORT: "5432",
        PGSSLMODE: "verify-full",
        PGUSER: databaseUser,
      });
    }
    const top = await parametersBelow("/dev/database");
    expect(Object.keys(top)).toEqual(["rds-ca.pem"]);
    const { findings } = await verify(plan, catalogReader(local.server, SUPERUSER));
    // Terraform cannot give the admin its settings.
    expect(findings.map(({ subject }) => subject)).toEqual(["admin postgres", "admin postgres"]);
  });

  testUnless(missing, "the outputs say how each connects, and which security group it carries", async () => {
    const outputs = await local.terraform.outputs(STACK);
    expect(outputs.connections).toMatchObject({
      "orders-api": await parametersBelow("/dev/database/orders-api"),
      legacy: await parametersBelow("/dev/database/legacy"),
    });
    expect(outputs["role-arns"]).toMatchObject({ legacy: "arn:aws:iam::123456789012:role/Legacy" });
    const group = String(outputs["client-security-group-id"]);
    expect(await account.securityGroupRules(group)).toEqual([expect.stringMatching(/^out tcp 5432 sg-/)]);
  });

  testUnless(
    missing,
    "of a role of others only our policies are ours: what else it has stays, whatever becomes of the service",
    async () => {
      const legacy = async () => (await readRoles(iam)).Legacy;
      expect(Object.keys((await legacy())?.policies ?? {}).sort()).toEqual([
        "connect",
        "dev-db-legacy-connect",
        "dev-db-legacy-read-connection",
      ]);
      await applied(EVERYWHERE.replace(/^legacy.*\n/m, ""));
      expect(await legacy()).toEqual({ trust: TRUST, policies: { connect: OF_OTHERS }, attached: [] });
    },
  );

  testUnless(
    missing,
    "back on EKS nothing of it is left but the service, and the stack can be destroyed",
    async () => {
      const back = await applied(ON_EKS);
      expect(back["aws_iam_role.service-orders-api_role"]).toEqual({
        action: "update",
        attributes: ["assume_role_policy"],
      });
      expect(await parametersBelow("/dev/database/orders-api")).toEqual({});
      expect(await changes()).toEqual({});
      await applied(EVERYWHERE);
      succeeded(await local.terraform.destroy(STACK));
      expect(Object.keys(await readRoles(iam)).filter((name) => name.startsWith("dev-"))).toEqual([]);
      await iam.send(new DeleteRoleCommand({ RoleName: "CI" }));
    },
  );

  testUnless(missing, "Terraform asked for nothing but what docs/deployer-permissions.md allows", () => {
    const stack = deployerPermissions().get(STACK)?.allowed ?? [];
    const { allowed, byHand } = permissionsOutsideEks();
    const asked = [...(local.moto.calls.get(STACK) ?? [])].filter((call) => call !== "sts:GetCallerIdentity");
    expect(asked.filter((call) => ![...stack, ...allowed].includes(call))).toEqual([]);
    expect(allowed.filter((action) => !asked.includes(action))).toEqual(byHand);
  });
});
