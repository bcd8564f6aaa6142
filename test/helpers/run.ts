import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { copyProject } from "../../bench/project-copy";
import { TEST_ENVIRONMENTS } from "./environment";

/** Root of the project. */
export const ROOT = resolve(__dirname, "../..");

/** Runs a program and waits for it; its output is text. A command of the project's finds the environments of the tests. */
export function run(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly input?: string;
  } = {},
): SpawnSyncReturns<string> {
  const { ENVIRONMENTS: _, CDKTF_OUTDIR: __, ...inherited } = process.env;
  const ours = options.cwd === undefined ? { ENVIRONMENTS: TEST_ENVIRONMENTS } : {};
  return spawnSync(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...inherited, ...ours, CHECKPOINT_DISABLE: "1", ...options.env },
    input: options.input,
    encoding: "utf8",
    timeout: 180_000,
  });
}

/** A copy of the project with the environments of the tests, where a test may change files and synthesise. */
export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "project-"));

  constructor() {
    copyProject(this.folder);
    const environments = join(this.folder, "environments");
    for (const name of readdirSync(environments)) {
      if (/\.ya?ml$/.test(name)) rmSync(join(environments, name));
    }
    cpSync(join(ROOT, TEST_ENVIRONMENTS), environments, { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"));
  }

  /** Runs an npm script of the copy. */
  npm(
    script: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): SpawnSyncReturns<string> {
    return run("npm", ["run", "--silent", script, "--", ...args], { cwd: this.folder, env });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
