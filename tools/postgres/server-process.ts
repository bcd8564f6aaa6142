import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, lchownSync, readdirSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { SUPERUSER } from "../../model/postgresql/names";

/** A running server, seen from the outside. */
export interface ServerProcess {
  /** The last lines of its log if it has ended by itself; undefined while it runs. */
  failure(): string | undefined;
  /** Ends it by a signal, and starts it again with its data after a pause; does not wait until it takes connections. */
  restart(signal: "INT" | "QUIT", pauseMs: number): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/**
 * Makes the data, unless they are there, and runs the server. Its standard input is how the process that started it speaks to it: a line with
 * a signal ends the server, and the next line starts it again. The input ends when that process stops the server or
 * dies, however it dies; then the server is told to quit and the folder goes. A shell's background job ignores SIGINT
 * and SIGQUIT until the server sets handlers of its own, so the signal is repeated.
 */
const KEEPER = `
bin=$1 folder=$2; shift 2
exec 3<&0 </dev/null
again() { rm "$folder/restart" && read -r _ <&3; } 2>/dev/null
if [ -d "$folder/data" ] || "$bin/initdb" -D "$folder/data" -U ${SUPERUSER} -A reject -E UTF8 --locale=C --no-sync >"$folder/log" 2>&1; then
  while
    "$bin/postgres" -D "$folder/data" "$@" >"$folder/log" 2>&1 3<&- & server=$!
    {
      read -r signal <&3 && : >"$folder/restart"
      while kill -s "\${signal:-QUIT}" $server; do sleep 0.1; done
    } >/dev/null 2>&1 & keeper=$!
    wait $server
    kill $keeper 2>/dev/null
    again
  do :; done
fi
tail -n 20 "$folder/log" >&2
cd / && rm -rf "$folder"`;

/** Nothing of the environment reaches the server: PGPORT, LC_ALL and TZ would change it. */
const ENVIRONMENT = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/**
 * Runs a server in a folder that holds what its settings name, and its data if it is to have some; the folder is its own from
 * now on.
 * @param native folder with the server's bin, lib and share
 * @param folder made for it; is removed when the server or this process ends
 */
export function runServer(
  native: string,
  folder: string,
  settings: Readonly<Record<string, string>>,
): ServerProcess {
  const user = unprivilegedUser();
  let binaries = native;
  if (user && !runs(native, user)) {
    // Root's own folders, such as /root, are closed to others.
    binaries = join(folder, "native");
    cpSync(native, binaries, { recursive: true, verbatimSymlinks: true });
  }
  if (user) giveAway(folder, user);
  const child = spawn(
    "/bin/sh",
    [
      "-c",
      KEEPER,
      "sh",
      join(binaries, "bin"),
      folder,
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    // In a session of its own, a terminal's Ctrl-C reaches this process alone, which may end in good order.
    { cwd: folder, detached: true, env: ENVIRONMENT, stdio: ["pipe", "ignore", "pipe"], ...user },
  );
  let log = "";
  let failure: string | undefined;
  const over = new AbortController();
  // A server that ended by itself reads no more; its failure says why.
  child.stdin.on("error", () => undefined);
  child.stderr.on("data", (chunk: Buffer) => {
    log += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => {
    const end = (reason: string) => {
      failure = reason;
      over.abort();
      rmSync(folder, { recursive: true, force: true });
      resolve();
    };
    child.once("error", (error) => end(error.message));
    child.once("close", () => end(log.trim()));
  });
  // A server that nobody stopped must not keep this process alive; that it ends is enough to stop it.
  child.unref();
  for (const stream of [child.stdin, child.stderr]) if (stream instanceof Socket) stream.unref();
  return {
    failure: () => failure,
    restart: async (signal, pauseMs) => {
      child.stdin.write(`${signal}\n`);
      // Who stops the server meanwhile need not wait.
      await pause(pauseMs, undefined, { signal: over.signal }).catch(() => undefined);
      child.stdin.write("start\n");
    },
    stop: () => {
      child.ref();
      child.stdin.end();
      return ended;
    },
  };
}

/** Another user to run as when this one is root, whom PostgreSQL refuses. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string) => Number(execFileSync("id", [option, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function runs(native: string, user: { uid: number; gid: number }): boolean {
  return spawnSync(join(native, "bin", "postgres"), ["--version"], { cwd: "/", ...user }).status === 0;
}

function giveAway(folder: string, { uid, gid }: { uid: number; gid: number }): void {
  lchownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    lchownSync(join(folder, entry), uid, gid);
  }
}
