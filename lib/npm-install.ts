import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Installs packages into a folder of their own, without running any script of theirs.
 * @returns npm's reason when they cannot be had (no registry, no npm), or undefined when they are there
 */
export function npmInstall(
  folder: string,
  packages: readonly string[],
  options: readonly string[] = [],
): string | undefined {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  // The prefix is said out loud: nothing may ever be installed into the project this runs in.
  const where = ["--prefix", folder, "--fetch-retries=1", "--loglevel=error"];
  const quietly = ["--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"];
  try {
    execFileSync("npm", ["install", ...where, ...quietly, ...options, ...packages], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
      timeout: 300_000,
    });
    return undefined;
  } catch (error) {
    const lines = error instanceof Error ? error.message.split("\n") : [String(error)];
    const reason =
      lines.find((line) => /^npm (error|ERR!) (?!code|errno|syscall)/.test(line)) ?? lines[0] ?? "";
    return `npm install ${packages.join(" ")}: ${reason.replace(/^npm \S+ /, "")}`;
  }
}
