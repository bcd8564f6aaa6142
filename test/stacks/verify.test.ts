import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { stackOf, synthApp } from "../helpers/app";
import { only, resources } from "../helpers/construct";
import { testEnvironment } from "../helpers/environment";

const environment = testEnvironment("everywhere");
const stacks = synthApp(environment);
const stack = stackOf(stacks, "everywhere-verify");
const access = stackOf(stacks, "everywhere-access");

describe("the stack of the job that verifies", () => {
  test("is there only where the file has a schedule", () => {
    expect([...stacks.keys()]).toContain("everywhere-verify");
    expect([...synthApp(testEnvironment("dev")).keys()]).not.toContain("dev-verify");
  });

  test("gives the job the access plan that was reviewed, and no other", () => {
    const { data } = only(stack, "kubernetes_config_map_v1");
    expect(data).toEqual({ "access-plan.json": JSON.stringify(accessPlan(environment)) });
  });

  test("runs as the service of the access stack, by names that come from its state", () => {
    expect(stack.locals).toMatchObject(
      Object.fromEntries(
        ["namespace", "service-account", "config-map"].map((name) => [
          `job-${name}`,
          expect.stringMatching(
            /^\$\{data\.terraform_remote_state\.cross-stack-reference-input-everywhere-access\./,
          ),
        ]),
      ),
    );
    expect(JSON.stringify(only(stack, "kubernetes_cron_job_v1"))).toContain("${local.job-service-account}");
  });

  test("says how to run it at once", () => {
    expect(stack.output?.["run-now-command"]).toMatchObject({
      value: expect.stringMatching(
        /^kubectl --namespace \S+ create job verify-now --from=cronjob\/verify && /,
      ),
    });
  });
});

describe("the access stack then has", () => {
  test("a group role of the database, which may connect, and a login in it", () => {
    const roles = Object.entries(resources(access, "postgresql_role"));
    const [address, group] = roles.find(([, { name }]) => name === "shop_connect") ?? [];
    expect(group).toMatchObject({ login: false, skip_reassign_owned: true });
    expect(roles.map(([, role]) => role)).toContainEqual(
      expect.objectContaining({
        name: "verify",
        login: true,
        roles: ["rds_iam", `\${postgresql_role.${address}.name}`],
      }),
    );
    const grants = Object.values(resources(access, "postgresql_grant")).filter(
      ({ role }) => role === `\${postgresql_role.${address}.name}`,
    );
    expect(grants).toEqual([expect.objectContaining({ object_type: "database", privileges: ["CONNECT"] })]);
  });

  test("an IAM role that may log in and put metrics, for the pods of one ServiceAccount", () => {
    const policies = Object.entries(resources(access, "aws_iam_role_policy"))
      .filter(([name]) => name.startsWith("service-verify_"))
      .map(([, { name }]) => name);
    expect(policies.sort()).toEqual(["connect", "metrics"]);
    expect(Object.values(resources(access, "aws_eks_pod_identity_association"))).toContainEqual(
      expect.objectContaining({ service_account: "verify" }),
    );
  });
});
