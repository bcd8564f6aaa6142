import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How a program ended. */
export interface Ended {
  /** Null when it could not be run, or was ended. */
  readonly code: number | null;
  /** The end of what it said on stderr. */
  readonly said: string;
}

/** Most characters that are kept of what a program says. */
const MOST = 64 * 1024;

/** A temporary folder, and the programs that work in it: both are gone when this process ends, however it does. */
export class Workspace {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "review-")));
  private readonly running = new Set<ChildProcess>();
  private readonly begun = new Map<string, Promise<string | undefined>>();
  private readonly atExit = () => this.remove();

  constructor() {
    process.once("exit", this.atExit);
  }

  /** Runs a program to its end. */
  run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
    const child = spawn(command, args, {
      cwd,
      // Its temporary files go with it: npm, for one, leaves some.
      env: { ...env, TMPDIR: this.folder, TEMP: this.folder, TMP: this.folder },
      // In a group of its own: what it starts can then be ended with it.
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.running.add(child);
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      said = `${said}${text}`.slice(-MOST);
    });
    return new Promise((done) => {
      const end = (code: number | null, problem = "") => {
        this.running.delete(child);
        done({ code, said: `${said}${problem}` });
      };
      child.once("error", (error) => end(null, `${command} cannot be run: ${error.message}`));
      child.once("close", (code) => end(code));
    });
  }

  /** Does something that several need one time; all of them get its result. */
  once(name: string, make: () => Promise<string | undefined>): Promise<string | undefined> {
    const begun = this.begun.get(name) ?? make();
    this.begun.set(name, begun);
    return begun;
  }

  /** Ends what still runs, and removes the folder. */
  remove(): void {
    process.off("exit", this.atExit);
    for (const { pid } of this.running) if (pid !== undefined) endGroup(pid);
    // What has just been ended may write a last file.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
