import { existsSync, readdirSync, statSync } from "node:fs";
import { join, posix } from "node:path";

/** Whether a file's name is one of an environment file. */
export function isEnvironmentFile(name: string): boolean {
  return /\.ya?ml$/.test(name);
}

/**
 * What ENVIRONMENTS has to say for the same files in another copy of the project; undefined when none of them is there.
 * @param environments the folder of environment files, or the files, from the project
 */
export function environmentsIn(folder: string, environments: readonly string[]): string | undefined {
  const there = environments.filter((name) => {
    const path = join(folder, name);
    if (!existsSync(path)) return false;
    return !statSync(path).isDirectory() || readdirSync(path).some(isEnvironmentFile);
  });
  return there.length === 0 ? undefined : there.join(",");
}

/** Whether a path, from the project, is of an environment file. */
export function isOfEnvironments(path: string, environments: readonly string[]): boolean {
  return (
    isEnvironmentFile(path) && (environments.includes(path) || environments.includes(posix.dirname(path)))
  );
}
