import { execFileSync } from "node:child_process";

/**
 * Installs what the package-lock.json in a folder lists, and nothing else. npm refuses a package whose digest is another
 * than the one recorded there, and no script of a package runs.
 * @returns npm's reason when they cannot be had (no registry, no npm, another digest), or undefined when they are there
 */
export function npmCi(folder: string, options: readonly string[] = []): string | undefined {
  try {
    execFileSync("npm", [...npmCiArguments(folder), ...options], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
      timeout: 300_000,
    });
    return undefined;
  } catch (error) {
    return npmReason(String(error));
  }
}

/** What npm is called with, for those who do not wait for it. */
export function npmCiArguments(folder: string): string[] {
  // The prefix is said out loud: nothing may ever be installed into the project this runs in.
  const where = ["--prefix", folder, "--fetch-retries=1", "--loglevel=error"];
  return ["ci", ...where, "--ignore-scripts", "--no-audit", "--no-fund"];
}

/** The one line of what npm says that is its reason. */
export function npmReason(said: string): string {
  const lines = said.replace(/^Error: /, "").split("\n");
  const reason =
    lines.find((line) => /^npm (error|ERR!) (?!code|errno|syscall)/.test(line)) ?? lines[0] ?? "";
  return `npm ci: ${reason.replace(/^npm \S+ /, "")}`;
}
