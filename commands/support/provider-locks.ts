import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOCK_FILE } from "../../lib/provider-lock";
import { UserError } from "../../lib/user-error";
import type { Environment } from "../../model/config/environment";
import { synthesise } from "../../stacks/synthesise";

/** What stacks say of their providers: by name, where each is from and in which versions. */
export type RequiredProviders = Readonly<
  Record<string, { readonly source: string; readonly version: string }>
>;

/** The providers of all stacks of these environments, each in the versions that every one of them takes. */
export function requiredProviders(environments: readonly Environment[]): RequiredProviders {
  return inTemporaryFolder((outdir) => {
    const { stacks } = synthesise(environments, { outdir });
    const all = stacks.flatMap(({ file }): [string, RequiredProviders[string]][] =>
      Object.entries(JSON.parse(readFileSync(file, "utf8")).terraform.required_providers),
    );
    const versions = (name: string) => all.flatMap(([each, { version }]) => (each === name ? [version] : []));
    return Object.fromEntries(
      all.map(([name, { source }]) => [name, { source, version: [...new Set(versions(name))].join(", ") }]),
    );
  });
}

/**
 * Runs Terraform (or what TERRAFORM_BINARY_NAME names) where these providers, and this lock if there is one, are all there is.
 * @returns the lock as it is afterwards
 * @throws UserError with what Terraform says when it fails
 */
export function withLock(
  providers: RequiredProviders,
  lock: string | undefined,
  args: readonly string[],
): string {
  const terraform = process.env.TERRAFORM_BINARY_NAME ?? "terraform";
  return inTemporaryFolder((folder) => {
    const content = { terraform: { required_providers: providers } };
    writeFileSync(join(folder, "providers.tf.json"), JSON.stringify(content));
    if (lock !== undefined) writeFileSync(join(folder, LOCK_FILE), lock);
    const env = { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
    const options = { cwd: folder, env, encoding: "utf8" } as const;
    const { status, stdout, stderr, error } = spawnSync(terraform, args, options);
    if (error) throw new UserError([`${terraform} cannot be run: ${error.message}`]);
    if (status === 0) return readFileSync(join(folder, LOCK_FILE), "utf8");
    const said = (stderr || stdout).replace(/^[│╷╵] ?/gm, "").trim();
    throw new UserError([`${terraform} ${args.join(" ")}:`, ...said.split("\n").filter(Boolean)]);
  });
}

function inTemporaryFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "providers-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
