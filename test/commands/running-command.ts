import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ProjectCopy } from "../helpers/run";

/** A command that runs while the test goes on. */
export interface RunningCommand {
  /** Its folder for temporary files, where other commands find it. */
  readonly temporary: string;
  /** What it has written so far. */
  output(): string;
  /** What it writes that a group of this expression matches, once it has. */
  said(expression: RegExp): Promise<string>;
  /** Whether it runs. */
  running(): boolean;
  /** Sends it a signal; `everything` sends it as a terminal does, to whatever it started as well. */
  signal(signal: NodeJS.Signals, to?: "everything"): void;
  /** Its exit code, once it has ended. */
  ended(): Promise<number | null>;
  /** Waits until nothing runs any more of what it started, and no temporary file is left. */
  nothingLeft(): Promise<void>;
  /** Ends it if it still runs. */
  remove(): void;
}

/** Starts a command with no AWS configuration at all, in a process group of its own. */
export function startCommand(
  project: ProjectCopy,
  command: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): RunningCommand {
  const temporary = mkdtempSync(join(tmpdir(), "start-"));
  // As /tmp itself: root starts the server as another user, who removes its folder in the end.
  chmodSync(temporary, 0o1777);
  const child = spawn(process.execPath, ["run.js", `commands/${command}.ts`, ...args], {
    cwd: project.folder,
    detached: true,
    env: { PATH: process.env.PATH, TMPDIR: temporary, HOME: temporary, ...env },
  });
  const closed = once(child, "close").then(([code]): number | null => code);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const running = () => child.exitCode === null && child.signalCode === null;
  return {
    temporary,
    output: () => output,
    running,
    said: async (expression) => {
      for (;;) {
        const found = expression.exec(output)?.[1];
        if (found !== undefined) return found;
        if (!running()) throw new Error(output);
        await pause(20);
      }
    },
    signal: (signal, to) => {
      if (child.pid !== undefined) process.kill(to === "everything" ? -child.pid : child.pid, signal);
    },
    ended: () => closed,
    nothingLeft: async () => {
      for (;;) {
        const processes = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
        if (!processes.includes(temporary) && readdirSync(temporary).length === 0) return;
        await pause(50);
      }
    },
    remove: () => {
      child.kill("SIGKILL");
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}
