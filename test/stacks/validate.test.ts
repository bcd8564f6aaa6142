import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { ProjectCopy, run } from "../helpers/run";
import { testUnless } from "../helpers/skip";

/** A folder that holds registry.terraform.io/…, as `terraform providers mirror` makes it. */
const mirror = process.env.TERRAFORM_PLUGIN_MIRROR;
const missing =
  run("terraform", ["version"]).status !== 0
    ? "terraform is not installed"
    : !mirror || !existsSync(join(mirror, "registry.terraform.io/hashicorp/aws"))
      ? "TERRAFORM_PLUGIN_MIRROR names no folder with the AWS provider"
      : undefined;

describe("terraform validate", () => {
  const folder = mkdtempSync(join(tmpdir(), "terraform-"));
  let project: ProjectCopy | undefined;
  const env = { TF_CLI_CONFIG_FILE: join(folder, "cli.tfrc"), TF_IN_AUTOMATION: "1" };

  beforeAll(() => {
    if (missing) return;
    writeFileSync(
      env.TF_CLI_CONFIG_FILE,
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
    );
    project = new ProjectCopy();
    expect(project.npm("synth").stderr).toBe("");
  });
  afterAll(() => {
    project?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const stacks = ["dev", "prod"].flatMap((name) =>
    ["network", "eks", "database"].map((layer) => `${name}-${layer}`),
  );
  for (const id of stacks) {
    testUnless(
      missing,
      `accepts ${id}`,
      () => {
        const cwd = join(project?.folder ?? "", "cdktf.out/stacks", id);
        const init = run("terraform", ["init", "-backend=false", "-input=false", "-no-color"], { cwd, env });
        expect([init.status, init.stderr]).toEqual([0, ""]);
        const validate = run("terraform", ["validate", "-json"], { cwd, env });
        expect(JSON.parse(validate.stdout)).toMatchObject({ valid: true, error_count: 0, warning_count: 0 });
      },
      120_000,
    );
  }

  testUnless(missing, "sees a stack that is wrong", () => {
    const cwd = join(project?.folder ?? "", "cdktf.out/stacks/dev-network");
    const file = join(cwd, "cdk.tf.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"cidr_block"', '"cidr_blok"'));
    expect(JSON.parse(run("terraform", ["validate", "-json"], { cwd, env }).stdout)).toMatchObject({
      valid: false,
    });
  });
});
