import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { copyProject } from "../../bench/project-copy";
import { TEST_ENVIRONMENTS } from "./environment";

/** Root of the project. */
export const ROOT = resolve(__dirname, "../..");

/** How a program is run. */
export interface RunOptions {
  /** @default the root of the project */
  readonly cwd?: string;
  /** Variables besides those of this process; one that is undefined is not set. */
  readonly env?: Readonly<NodeJS.ProcessEnv>;
  /** @default nothing */
  readonly input?: string;
}

/** Runs a program and waits for it; its output is text. A command of the project's finds the environments of the tests. */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): SpawnSyncReturns<string> {
  const { ENVIRONMENTS: _, CDKTF_OUTDIR: __, ...inherited } = process.env;
  const ours = options.cwd === undefined ? { ENVIRONMENTS: TEST_ENVIRONMENTS } : {};
  return spawnSync(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...inherited, ...ours, CHECKPOINT_DISABLE: "1", ...options.env },
    input: options.input,
    encoding: "utf8",
    timeout: 180_000,
    // A scanner's report of every stack is larger than the 1 MiB that Node.js keeps.
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** Runs a script of package.json as npm does, but for npm itself, which takes longer than most of them. */
export function runScript(
  script: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): SpawnSyncReturns<string> {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const [program, ...before] = String(scripts[script]).split(" ");
  return run(program ?? "", [...before, ...args], options);
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

  /** Runs a script of package.json in the copy. */
  npm(
    script: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): SpawnSyncReturns<string> {
    return runScript(script, args, { cwd: this.folder, env });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
