import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IAMClient } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { SUPERUSER } from "../../model/postgresql/names";
import { type Aws, awsCli } from "../../tools/deployed/aws-cli";
import { lockOut } from "../../tools/lock-out/lock-out";
import { parse } from "../helpers/environment";
import { catalogReader } from "../helpers/postgres";
import { run } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import { AccessDeployment } from "./helpers/access-deployment";
import { CREDENTIALS } from "./helpers/corrected-moto";
import { missing as missingTools, succeeded } from "./helpers/local-deployment";
import { beyondNotKept } from "./helpers/not-kept";
import { planned } from "./helpers/plan-json";
import { keepIamPart } from "./helpers/reduced-stack";
import { readRoles } from "./helpers/roles";

jest.setTimeout(300_000);
const missing =
  missingTools ?? (run("aws", ["--version"]).status === 0 ? undefined : "the AWS CLI is not installed");
const STACK = "dev-access";
const ROLE = "dev-db-orders-api";
const yaml = readFileSync(join(__dirname, "environment.yaml"), "utf8").replace(
  "deletionProtection: true",
  "deletionProtection: false",
);

// One access stack: each test goes on where the one before it ended.
describe("an identity that is locked out of what Terraform deployed", () => {
  let local: AccessDeployment;
  let iam: IAMClient;
  beforeAll(async () => {
    if (missing) return;
    local = await AccessDeployment.start();
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = CREDENTIALS;
    iam = new IAMClient({
      endpoint: local.moto.url,
      region: "eu-west-1",
      credentials: { accessKeyId, secretAccessKey },
    });
    await local.server.apply(accessPlan(parse(yaml)));
    await synth(yaml);
    succeeded(await local.terraform.init(STACK));
    succeeded(await local.terraform.apply(STACK));
  });
  afterAll(async () => {
    iam?.destroy();
    await local?.stop();
  });

  /** Terraform has IAM here; what it makes in PostgreSQL, the SQL has made. */
  const synth = async (text: string) => {
    await local.synth(text);
    keepIamPart(local.terraform, STACK);
  };
  /** The AWS CLI of this machine, asking the local AWS API. */
  const aws: Aws = (args) =>
    awsCli(new AbortController().signal, { env: { ...process.env, ...local.moto.env } })(args);
  const mayLogIn = async () => {
    const connection = await catalogReader(local.server, SUPERUSER)();
    const [row] = await connection.query(
      "SELECT rolcanlogin AS it FROM pg_roles WHERE rolname = 'orders_api'",
    );
    await connection.close();
    return Object(row).it;
  };
  const policies = async () => Object.keys((await readRoles(iam))[ROLE]?.policies ?? {}).sort();

  testUnless(missing, "has the policies on its role, as IAM takes them, and may not log in", async () => {
    const steps = lockOut(accessPlan(parse(yaml)), { name: "orders-api", now: "2026-12-02T09:30:00Z" });
    const said: string[] = [];
    const connect = () => catalogReader(local.server, "postgres")();
    expect([await steps.run({ aws, connect }, (line) => said.push(line)), said]).toEqual([true, said]);
    expect(await policies()).toEqual(["AWSRevokeOlderSessions", "connect", "locked-out"]);
    expect(await mayLogIn()).toBe(false);
  });

  testUnless(
    missing,
    "stays locked out by IAM whatever is deployed: Terraform sees nothing to change",
    async () => {
      const changes = beyondNotKept(STACK, await planned(local.terraform, STACK));
      expect(changes).toEqual({});
      succeeded(await local.terraform.apply(STACK, "plan"));
      expect(await policies()).toEqual(["AWSRevokeOlderSessions", "connect", "locked-out"]);
    },
  );

  testUnless(missing, "goes with its role and all that is on it once it is out of the file", async () => {
    const [before = "", after = ""] = yaml.split(/ {4}orders-api:\n(?: {6}.*\n)+/);
    await synth(before + after);
    succeeded(await local.terraform.apply(STACK));
    expect(Object.keys(await readRoles(iam))).not.toContain(ROLE);
    expect(Object.keys(await readRoles(iam))).toContain("dev-db-orders-migrations");
  });
});
