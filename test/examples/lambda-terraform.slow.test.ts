import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "@jest/globals";
import { isOutsideEks } from "../../model/access/identity";
import { connectionOutsideEks } from "../../model/access/outside-eks";
import { accessPlan } from "../../model/access/plan";
import { type Moto, motoMissing, startMoto } from "../apply/helpers/moto";
import { terraformMissing } from "../apply/helpers/providers";
import { TerraformWorkspace } from "../apply/helpers/terraform";
import { testEnvironment } from "../helpers/environment";
import { run } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import { FOLDER, notOnPath } from "./programs";

const missing = motoMissing() ?? terraformMissing() ?? notOnPath("aws");

let moto: Moto;
let workspace: TerraformWorkspace;
beforeAll(async () => {
  if (missing !== undefined) return;
  moto = await startMoto();
  workspace = new TerraformWorkspace(moto.env);
}, 120_000);
afterAll(async () => {
  workspace?.remove();
  await moto?.stop();
});

testUnless(
  missing,
  "the function that docs/clients.md shows is made by real Terraform, with what its service's parameters hold",
  async () => {
    const variables = invoicesVariables();
    aws("iam", "create-role", "--role-name", "dev-db-invoices", "--assume-role-policy-document", "{}");
    for (const [name, value] of Object.entries(variables)) {
      const parameter = `/dev/database/invoices/${name}`;
      aws("ssm", "put-parameter", "--name", parameter, "--value", value, "--type", "String");
    }
    const folder = workspace.directory("function");
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(FOLDER, "lambda/function.tf"), join(folder, "function.tf"));
    writeFileSync(join(folder, "provider.tf"), 'provider "aws" {\n  region = "eu-west-1"\n}\n');
    writeFileSync(
      join(folder, "terraform.tfvars.json"),
      JSON.stringify({ subnet_ids: ["subnet-1"], security_group_ids: ["sg-clients"] }),
    );
    // The end of an archive, which is all there is of one that holds nothing.
    writeFileSync(join(folder, "invoices.zip"), Buffer.from(`504b0506${"00".repeat(18)}`, "hex"));
    expect(await workspace.init("function")).toMatchObject({ status: 0 });
    const { status, text } = await workspace.apply("function");
    expect({ status, text }).toEqual({ status: 0, text: expect.stringContaining("1 added") });

    const { Environment, Role, VpcConfig } = JSON.parse(
      aws("lambda", "get-function-configuration", "--function-name", "invoices"),
    );
    expect(Environment.Variables).toEqual({ ...variables, PGSSLROOTCERT: "/var/task/rds-ca.pem" });
    expect(Role).toBe("arn:aws:iam::123456789012:role/dev-db-invoices");
    expect(VpcConfig).toMatchObject({ SubnetIds: ["subnet-1"], SecurityGroupIds: ["sg-clients"] });
  },
  300_000,
);

function invoicesVariables(): Readonly<Record<string, string>> {
  const plan = accessPlan(testEnvironment("everywhere"));
  const identity = plan.identities.find(({ key }) => key === "invoices");
  if (!identity || !isOutsideEks(identity)) throw new Error("there is no service invoices");
  const writer = { host: "dev.cluster-abc.eu-west-1.rds.amazonaws.com", port: 5432 };
  const proxy = { writer: { host: "dev.proxy-abc.eu-west-1.rds.amazonaws.com", port: 5432 } };
  return connectionOutsideEks(plan, identity, { writer, proxy });
}

/** Runs the AWS CLI on the local AWS API. */
function aws(...args: readonly string[]): string {
  const { status, stdout, stderr } = run("aws", [...args, "--region", "eu-west-1"], { env: moto.env });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
