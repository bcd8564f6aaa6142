import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { LOCK_FILE } from "../../lib/provider-lock";
import { providerInstallation, terraformMissing } from "../apply/helpers/providers";
import { ROOT, runScript } from "../helpers/run";
import { testUnless } from "../helpers/skip";

const missing = existsSync(join(ROOT, "environments", LOCK_FILE))
  ? terraformMissing()
  : "environments/ has no lock file: npm run lock makes it, where the registry can be reached";

testUnless(
  missing,
  "the lock file of environments/ holds every provider of the stacks, and the builds that Terraform is given here",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "lock-"));
    try {
      const config = join(folder, "cli.tfrc");
      writeFileSync(config, providerInstallation());
      const env = { ENVIRONMENTS: "environments", TF_CLI_CONFIG_FILE: config };
      const { status, stdout } = runScript("lock", ["--check"], { env });
      expect([status, stdout]).toEqual([0, expect.stringContaining("holds what Terraform is given here")]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  180_000,
);
