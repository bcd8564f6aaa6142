import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { errorCode, UserError } from "./user-error";

/** A command that runs in this terminal. */
export interface RunningCommand {
  /** Its exit code; 128 and the signal's number when a signal ended it, as shells say it. */
  readonly exitCode: Promise<number>;
  /** Sends it a signal. */
  kill(signal: NodeJS.Signals): void;
}

/** Options for {@link runCommand}. */
export interface RunCommandOptions {
  /** Folder it runs in. @default this process's */
  readonly cwd?: string;
}

/** Whether there is a command of a name, or an executable file of a path. */
export function isCommand(name: string): boolean {
  const { status } = spawnSync("/bin/sh", ["-c", 'command -v -- "$1"', "sh", name], { stdio: "ignore" });
  return status === 0;
}

/**
 * Makes sure that a command exists, before something is opened for it.
 * @param where it is to run, as the end of a sentence: "to run in the tunnel"
 * @throws UserError when it does not
 */
export function checkCommand([name = ""]: readonly string[], where: string): void {
  if (!isCommand(name)) throw new UserError([`there is no command ${name} ${where}`]);
}

/** Starts a command in this terminal. It ends with this process, also when that crashes. */
export function runCommand(
  [name = "", ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  options: RunCommandOptions = {},
): RunningCommand {
  const child: ChildProcess = spawn(name, args, { stdio: "inherit", env: { ...env }, ...options });
  const end = () => child.kill("SIGTERM");
  process.on("exit", end);
  return {
    kill: (signal) => child.kill(signal),
    exitCode: new Promise((resolve, reject) => {
      child.once("error", (error) => {
        process.off("exit", end);
        reject(new UserError([`${name} cannot be started (${errorCode(error)})`]));
      });
      child.once("exit", (code, signal) => {
        process.off("exit", end);
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
      });
    }),
  };
}
