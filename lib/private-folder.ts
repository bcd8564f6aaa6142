import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that nobody else can enter, and that goes with this process. */
export interface PrivateFolder {
  readonly path: string;
  /** Writes a file, and returns its path. */
  write(name: string, text: string): string;
  remove(): Promise<void>;
}

/** Its input ends when this process does, however it ends. */
const KEEPER = `cat >/dev/null; cd / && rm -rf -- "$1"`;

/** Makes a folder in the temporary one. @param name how its name begins */
export function privateFolder(name: string): PrivateFolder {
  const path = mkdtempSync(join(tmpdir(), `${name}-`));
  // In a session of its own, a terminal's Ctrl-C does not reach it.
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "sh", path], {
    cwd: "/",
    detached: true,
    env: { PATH: "/usr/bin:/bin" },
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = once(keeper, "exit");
  // It must not keep this process alive.
  keeper.unref();
  if (keeper.stdin instanceof Socket) keeper.stdin.unref();
  return {
    path,
    write: (file, text) => {
      const to = join(path, file);
      writeFileSync(to, text, { mode: 0o600, flag: "wx" });
      return to;
    },
    remove: async () => {
      keeper.ref();
      keeper.stdin.end();
      await ended;
    },
  };
}
