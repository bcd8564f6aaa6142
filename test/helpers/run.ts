import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { copyProject } from "../../bench/project-copy";

/** Root of the project. */
export const ROOT = resolve(__dirname, "../..");

/** Runs a program and waits for it; its output is text. */
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
  return spawnSync(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...inherited, CHECKPOINT_DISABLE: "1", ...options.env },
    input: options.input,
    encoding: "utf8",
    timeout: 180_000,
  });
}

/** A copy of the project in a temporary folder, where a test may change files and synthesise. */
export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "project-"));

  constructor() {
    copyProject(this.folder);
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
