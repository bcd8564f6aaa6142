import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { npmCi } from "../lib/npm-install";

/**
 * Makes a node_modules of the packages that tools/package-lock.json lists and, for everything else, of links to the
 * project's own.
 * @returns why it cannot be had here (no registry, no npm), or undefined when it is there
 */
export function installTools(folder: string): string | undefined {
  cpSync("bench/tools", folder, { recursive: true });
  const reason = npmCi(folder, ["--legacy-peer-deps"]);
  if (reason !== undefined) return reason;
  linkMissing(resolve("node_modules"), join(folder, "node_modules"));
  return undefined;
}

function linkMissing(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name.startsWith(".")) continue;
    const target = join(to, name);
    if (name.startsWith("@")) {
      mkdirSync(target, { recursive: true });
      linkMissing(join(from, name), target);
    } else if (!existsSync(target)) {
      symlinkSync(join(from, name), target);
    }
  }
}
