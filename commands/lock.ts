import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LOCK_FILE } from "../lib/provider-lock";
import { terminalText } from "../lib/terminal-text";
import { exitOnUserError, UserError } from "../lib/user-error";
import { environmentFolders } from "../model/config/load";
import { commandLine } from "./support/arguments";
import { anyEnvironments, WHERE_ENVIRONMENTS_ARE } from "./support/environments";
import { requiredProviders, withLock } from "./support/provider-locks";

/** Where people and their pipelines run Terraform. */
const PLATFORMS = "darwin_arm64,linux_amd64,linux_arm64,windows_amd64";

const USAGE = `Usage: npm run lock [-- --check | --upgrade] [--platforms <os_arch,…>] [--mirror <folder>]
Records which builds of Terraform's providers all stacks take, in ${LOCK_FILE} beside the environment files: commit it.
npm run synth puts it into each stack's folder, and terraform init refuses any other build, on every machine.
--check fails when the lock file lacks a provider, has one too many, or is not of what Terraform is given here.
--upgrade takes the newest versions that the stacks allow; without it those that are locked stay.
--platforms says for which machines builds are recorded; without it ${PLATFORMS}.
--mirror takes the providers from a folder that terraform providers mirror has made, and not from the registry.
${WHERE_ENVIRONMENTS_ARE}`;

void exitOnUserError(() => {
  const given = commandLine(USAGE, { flags: ["check", "upgrade"], values: ["platforms", "mirror"] });
  if (!given) return;
  const { flags, values } = given;
  const providers = requiredProviders(anyEnvironments());
  const platforms = (values.platforms ?? PLATFORMS).split(",").map((platform) => `-platform=${platform}`);
  const mirror = values.mirror === undefined ? [] : [`-fs-mirror=${resolve(values.mirror)}`];
  for (const folder of environmentFolders(process.env.ENVIRONMENTS)) {
    const lockFile = join(folder, LOCK_FILE);
    const lock = existsSync(lockFile) ? readFileSync(lockFile, "utf8") : undefined;
    if (flags.has("check")) {
      if (lock === undefined)
        throw new UserError([`${lockFile}: there is none; run npm run lock, and commit it`]);
      withLock(providers, lock, ["init", "-no-color", "-input=false", "-lockfile=readonly"]);
    } else {
      const args = ["providers", "lock", "-no-color", ...mirror, ...platforms];
      writeFileSync(lockFile, withLock(providers, flags.has("upgrade") ? undefined : lock, args));
    }
    const done = flags.has("check")
      ? "holds what Terraform is given here, and no more"
      : "written; commit it";
    process.stdout.write(`${terminalText(lockFile)}: ${done}\n`);
  }
});
