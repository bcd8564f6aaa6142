import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { freePort } from "../../../lib/loopback";
import { type Moto, motoMissing, startMoto } from "../../apply/helpers/moto";
import { providerInstallation, providerMissing, terraformMissing } from "../../apply/helpers/providers";
import { run } from "../../helpers/run";
import { testUnless } from "../../helpers/skip";
import { differences, ROWS, type Seen } from "./page";
import { TERRAFORM_CAUSES } from "./terraform-causes";

jest.setTimeout(300_000);
const seen: Seen[] = [];

describe("what people see of Terraform", () => {
  const folder = mkdtempSync(join(tmpdir(), "terraform-"));
  const config = join(folder, "cli.tfrc");
  const missing = {
    terraform: run("terraform", ["version"]).status === 0 ? undefined : "terraform is not installed",
    aws: terraformMissing() ?? motoMissing(),
    postgresql: providerMissing("cyrilgdn/postgresql"),
  };
  let moto: Moto | undefined;
  let closed = 0;
  beforeAll(async () => {
    writeFileSync(config, providerInstallation());
    closed = await freePort();
    if (missing.aws === undefined) moto = await startMoto();
  });
  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [index, cause] of TERRAFORM_CAUSES.entries()) {
    testUnless(missing[cause.needs], `fails with ${cause.name}, and says so`, () => {
      const cwd = join(folder, String(index));
      mkdirSync(cwd);
      const env = { ...moto?.env, TF_CLI_CONFIG_FILE: config, ...cause.env?.(closed) };
      for (const { file, args } of cause.steps) {
        const [command = "", ...others] = args;
        if (file) writeFileSync(join(cwd, "main.tf.json"), JSON.stringify(file));
        const options = ["-input=false", "-no-color", ...others];
        const { status, stdout, stderr } = run("terraform", [command, ...options], { cwd, env });
        const output = `${stdout}${stderr}`.replace(/^[│╷╵] ?/gm, "");
        const last = args === cause.steps.at(-1)?.args;
        expect({ args, failed: status !== 0, output }).toEqual({ args, failed: last, output });
        if (last) seen.push({ heading: cause.heading, by: "Terraform", output });
      }
    });
  }
});

test("the runbook has what people see of Terraform, and nothing else", () => {
  const headings = new Set(seen.map(({ heading }) => heading));
  const rows = ROWS.filter(({ heading }) => headings.has(heading));
  expect(differences(rows, seen, [])).toEqual([]);
});
