import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { UserError } from "../../lib/user-error";

/** Environment variables of a program. */
export type Variables = Readonly<Record<string, string>>;

/** The message board as a process of its own. */
export interface BoardProcess {
  /** Where it is, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Resolves when it has ended, whatever the reason. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** Runs the migration as the identity whose variables these are, and waits for it. */
export async function migrateBoard(variables: Variables): Promise<void> {
  const child = program("board/migrate.ts", variables);
  let output = "";
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    output += chunk;
  });
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`The migration of the message board failed:\n${output}`);
}

/**
 * Serves the message board.
 * @param port TCP port; 0 for any free one
 * @param log gets each line it writes
 * @throws UserError when it does not start, such as when the port is taken
 */
export async function serveBoard(
  variables: Variables,
  port: string,
  log: (line: string) => void,
): Promise<BoardProcess> {
  const child = program("tools/laptop/board-process.ts", { ...variables, HOST: "127.0.0.1", PORT: port });
  const ended = once(child, "close");
  let failure = "";
  child.stderr?.on("data", (chunk) => {
    failure += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    if (child.stdout) {
      createInterface(child.stdout).on("line", (line) => {
        const address = /"event":"listening","url":"([^"]+)"/.exec(line)?.[1];
        if (address === undefined) log(line);
        else resolve(address);
      });
    }
    child.once("close", () =>
      reject(new UserError((failure.trim() || "The message board did not start.").split("\n"))),
    );
  });
  return {
    url,
    ended,
    stop: async () => {
      child.kill("SIGINT");
      await ended;
    },
  };
}

/** One of the project's programs with these variables and nothing of ours, as in a pod. */
function program(entry: string, variables: Variables): ChildProcess {
  return spawn(process.execPath, ["run.js", entry], {
    env: variables,
    // The fourth is a channel to this process; that it closes tells the child that we are gone.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}
