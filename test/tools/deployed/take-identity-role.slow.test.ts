import { afterAll, beforeAll, expect } from "@jest/globals";
import { UserError } from "../../../lib/user-error";
import { accessPlan } from "../../../model/access/plan";
import type { Aws } from "../../../tools/deployed/aws-cli";
import { takeIdentityRole } from "../../../tools/deployed/take-identity-role";
import { type Moto, motoMissing, startMoto } from "../../apply/helpers/moto";
import { testEnvironment } from "../../helpers/environment";
import { run } from "../../helpers/run";
import { testUnless } from "../../helpers/skip";

const MISSING =
  run("aws", ["--version"]).status === 0 ? motoMissing() : "the AWS CLI is not installed on this machine";
const plan = accessPlan(testEnvironment("everywhere"));
let moto: Moto | undefined;
beforeAll(async () => {
  if (MISSING === undefined) moto = await startMoto();
}, 90_000);
afterAll(() => moto?.stop());

/** The AWS CLI of this machine, asking a local AWS API. */
const aws: Aws = async (args) => {
  const { status, stdout, stderr } = run("aws", args, { env: moto?.env ?? {} });
  if (status !== 0) throw Object.assign(new UserError([stderr]), { cause: stderr });
  return stdout;
};

testUnless(
  MISSING,
  "the AWS CLI takes the roles of people and of listed principals as it is asked to, an external id and a source identity too",
  async () => {
    const caller = "arn:aws:sts::123456789012:assumed-role/OnCall/anna@acme.com";
    for (const key of ["on-call", "deployments"]) {
      const found = plan.identities.find((each) => each.key === key);
      if (!found) throw new Error(key);
      const identity = found.kind === "people" ? { ...found, requireSourceIdentity: true as const } : found;
      let refused = false;
      // What a role does that wants a source identity and is given none.
      const asking: Aws = async (args) => {
        if (key === "deployments" || args.includes("--source-identity")) return aws(args);
        refused = true;
        throw Object.assign(new UserError(["no"]), { cause: "(AccessDenied)" });
      };
      const credentials = await takeIdentityRole({ plan, identity, caller, aws: asking });
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await credentials();
      expect([accessKeyId, secretAccessKey, sessionToken].every((each) => (each ?? "").length > 10)).toBe(
        true,
      );
      expect(expiration?.getTime()).toBeGreaterThan(Date.now());
      expect(refused).toBe(key === "on-call");
    }
  },
  120_000,
);
