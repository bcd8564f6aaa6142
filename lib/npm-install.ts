import { execFileSync } from "node:child_process";

/**
 * Installs what the package-lock.json in a folder lists, and nothing else. npm refuses a package whose digest is another
 * than the one recorded there, and no script of a package runs.
 * @returns npm's reason when they cannot be had (no registry, no npm, another digest), or undefined when they are there
 */
export function npmCi(folder: string, options: readonly string[] = []): string | undefined {
  // The prefix is said out loud: nothing may ever be installed into the project this runs in.
  const where = ["--prefix", folder, "--fetch-retries=1", "--loglevel=error"];
  const quietly = ["--ignore-scripts", "--no-audit", "--no-fund"];
  try {
    execFileSync("npm", ["ci", ...where, ...quietly, ...options], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
      timeout: 300_000,
    });
    return undefined;
  } catch (error) {
    const lines = String(error)
      .replace(/^Error: /, "")
      .split("\n");
    const reason =
      lines.find((line) => /^npm (error|ERR!) (?!code|errno|syscall)/.test(line)) ?? lines[0] ?? "";
    return `npm ci: ${reason.replace(/^npm \S+ /, "")}`;
  }
}
