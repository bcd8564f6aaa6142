import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Workspace } from "./workspace";

/** A command and what it runs with. */
export interface Command {
  /** For a shell, as `app` in cdktf.json. */
  readonly line: string;
  /** Folder it runs in. */
  readonly folder: string;
  /** Variables besides those of this process. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What a command took, from its start to its end as its parent sees them. */
export interface Cost {
  readonly seconds: number;
  /** Processor time of its Node.js processes, all threads together. */
  readonly cpuSeconds: number;
  /** Peak resident memory of its largest Node.js process (npx starts more than one). */
  readonly megabytes: number;
}

/**
 * Loaded into every Node.js process of a command: when it exits, writes its peak resident memory in KiB and its processor
 * time in microseconds.
 * On Linux that is VmHWM, since maxRSS survives execve: a child's is never below what its parent had.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
const EXIT_HOOK = `
const { appendFileSync, readFileSync } = require("node:fs");
process.once("exit", () => {
  let peak = process.resourceUsage().maxRSS;
  try {
    peak = /^VmHWM:\\s+(\\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))[1];
  } catch {}
  const { user, system } = process.cpuUsage();
  appendFileSync(process.env.BENCH_COSTS, peak + " " + (user + system) + "\\n");
});
`;

/**
 * Runs a command to its end and measures it.
 * @throws Error with what the command wrote to stderr when it fails
 */
export async function runProcess(
  { line, folder, variables }: Command,
  { folder: scratch, interrupted }: Workspace,
): Promise<Cost> {
  interrupted.throwIfAborted();
  const hook = join(scratch, "exit-hook.cjs");
  const costs = join(scratch, "costs.txt");
  writeFileSync(hook, EXIT_HOOK);
  rmSync(costs, { force: true });
  const env = { ...ownVariables(), ...variables, NODE_OPTIONS: `--require "${hook}"`, BENCH_COSTS: costs };
  const started = process.hrtime.bigint();
  // Detached is a process group of its own: an interrupt then reaches what npx started as well.
  const child = spawn(line, {
    cwd: folder,
    env,
    shell: true,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const stop = () => child.pid !== undefined && process.kill(-child.pid, "SIGKILL");
  interrupted.addEventListener("abort", stop);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  let ended = started;
  child.once("exit", () => {
    ended = process.hrtime.bigint();
    interrupted.removeEventListener("abort", stop);
  });
  const code = await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  interrupted.throwIfAborted();
  if (code !== 0) throw new Error(`${line} (in ${folder}) ended with exit code ${code}:\n${stderr.trim()}`);
  const processes = readFileSync(costs, "utf8").trim().split("\n");
  const figures = processes.map((text) => text.split(" ").map(Number));
  return {
    seconds: Number(ended - started) / 1e9,
    cpuSeconds: figures.reduce((sum, [, microseconds = 0]) => sum + microseconds, 0) / 1e6,
    megabytes: (Math.max(...figures.map(([kibibytes = 0]) => kibibytes)) * 1024) / 1e6,
  };
}

/** This process's variables without those `npm run` adds: they would steer an npx that runs below. */
function ownVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
}
