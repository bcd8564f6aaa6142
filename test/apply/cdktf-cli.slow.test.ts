import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { LOCK_FILE } from "../../lib/provider-lock";
import { cdktfMissing } from "../helpers/cdktf";
import { run } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import { Deployed } from "./helpers/deployed";
import { missing as missingTools } from "./helpers/local-deployment";
import { type Moto, startMoto } from "./helpers/moto";
import { TerraformWorkspace } from "./helpers/terraform";

jest.setTimeout(600_000);
const missing = missingTools ?? cdktfMissing();

describe("the cdktf CLI", () => {
  let moto: Moto;
  let deployed: Deployed;
  let workspace: TerraformWorkspace;

  beforeAll(async () => {
    if (missing) return;
    moto = await startMoto();
    deployed = new Deployed(moto.url);
    workspace = new TerraformWorkspace(moto.env);
    workspace.synth(readFileSync(join(__dirname, "environment.yaml"), "utf8"));
  });
  afterAll(async () => {
    deployed?.close();
    workspace?.remove();
    await moto?.stop();
  });

  /** `npx cdktf <args>`, as the README has it, with its output in the workspace; what it says. */
  const cdktf = (...args: readonly string[]) => cdktfLocking(...args, "--skip-provider-lock");
  const cdktfLocking = (...args: readonly string[]) => {
    const output = join(workspace.folder, "cdktf.out");
    const { status, stdout, stderr } = run(
      "npx",
      // The CLI asks the registry for the checksums of other platforms, mirror or not, unless it is told to let that be.
      ["cdktf", ...args, "--output", output],
      {
        env: {
          ...workspace.env,
          ENVIRONMENTS: join(workspace.folder, "environment.yaml"),
          // It would keep a cache of providers in the home of whoever runs this.
          CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
        },
      },
    );
    return { status, text: `${stdout}${stderr}` };
  };

  testUnless(missing, "refuses to deploy a stack without its producer, and names it", async () => {
    const { status, text } = cdktf("deploy", "dev-database", "--auto-approve");
    expect(status).toBe(1);
    expect(text).toContain("not included in the stacks to run: dev-network");
  });

  testUnless(missing, "deploys the network, sees no change then, and destroys it", async () => {
    const deploy = cdktf("deploy", "dev-network", "--auto-approve");
    expect(deploy).toMatchObject({ status: 0, text: expect.stringContaining("Apply complete!") });
    const [vpc] = await deployed.vpcs();
    expect(deploy.text).toContain(`vpc-id = ${vpc?.id}`);
    expect(existsSync(workspace.stateFile("dev-network"))).toBe(true);
    // The CLI writes the stacks anew, and keeps what the app wrote beside the JSON: which Terraform it takes.
    expect(existsSync(join(workspace.directory("dev-network"), "versions.tf"))).toBe(true);

    const diff = cdktf("diff", "dev-network");
    expect(diff).toMatchObject({ status: 0, text: expect.stringContaining("No changes.") });

    // With a lock file beside the environment file it has no checksum to ask for.
    copyFileSync(join(workspace.directory("dev-network"), LOCK_FILE), join(workspace.folder, LOCK_FILE));
    expect(cdktfLocking("diff", "dev-network")).toMatchObject({
      status: 0,
      text: expect.stringContaining("No changes."),
    });

    const destroy = cdktf("destroy", "dev-network", "--auto-approve", "--ignore-missing-stack-dependencies");
    expect(destroy).toMatchObject({ status: 0, text: expect.stringContaining("Destroy complete!") });
    expect(await deployed.vpcs()).toEqual([]);
  });
});
