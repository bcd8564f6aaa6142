import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { UserError } from "../../lib/user-error";

/** A command that runs inside the tunnel. */
export interface RunningCommand {
  /** Its exit code; 128 and the signal's number when a signal ended it, as shells say it. */
  readonly exitCode: Promise<number>;
  /** Sends it a signal. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * Makes sure that a command exists, before a tunnel is opened for it.
 * @throws UserError when it does not
 */
export function checkCommand([name = ""]: readonly string[]): void {
  const { status } = spawnSync("/bin/sh", ["-c", 'command -v -- "$1"', "sh", name], { stdio: "ignore" });
  if (status !== 0) throw new UserError([`there is no command ${name} to run in the tunnel`]);
}

/** Starts a command in this terminal. It ends with this process, also when that crashes. */
export function runCommand(
  [name = "", ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): RunningCommand {
  const child: ChildProcess = spawn(name, args, { stdio: "inherit", env: { ...env } });
  const end = () => child.kill("SIGTERM");
  process.on("exit", end);
  return {
    kill: (signal) => child.kill(signal),
    exitCode: new Promise((resolve, reject) => {
      child.once("error", ({ message }) => reject(new UserError([`${name} cannot be started: ${message}`])));
      child.once("exit", (code, signal) => {
        process.off("exit", end);
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
      });
    }),
  };
}
