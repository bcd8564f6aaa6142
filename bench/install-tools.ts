import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * Makes a node_modules of these packages and, for everything else, of links to the project's own.
 * @returns why it cannot be had here (no registry, no npm), or undefined when it is there
 */
export function installTools(folder: string, packages: readonly string[]): string | undefined {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--legacy-peer-deps"];
  // The prefix is said out loud: nothing may ever be installed into the project this runs in.
  const where = ["--prefix", folder, "--fetch-retries=1", "--loglevel=error"];
  try {
    execFileSync("npm", ["install", ...where, ...options, ...packages], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: 120_000,
    });
  } catch (error) {
    const lines = String(error).split("\n");
    const reason = lines.find((line) => /^npm (error|ERR!) (?!code|errno|syscall)/.test(line)) ?? lines[0];
    return `npm install ${packages.join(" ")}: ${reason?.replace(/^npm \S+ /, "")}`;
  }
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
