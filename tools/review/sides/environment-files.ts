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

/**
 * Whether a path is of an environment file, or of what a synthesis makes of one to be committed: report, plan and SQL, in a
 * folder of the environment's name.
 * @param path from the project
 * @param names of environments
 */
export function isOfEnvironments(
  path: string,
  environments: readonly string[],
  names: readonly string[],
): boolean {
  const folder = posix.dirname(path);
  if (isEnvironmentFile(path)) return environments.includes(path) || environments.includes(folder);
  const above = environments.map((each) => (isEnvironmentFile(each) ? posix.dirname(each) : each));
  return (
    /\/(access\.md|access-plan\.json|[^/]+\.sql)$/.test(path) &&
    names.includes(posix.basename(folder)) &&
    above.some((each) => each === "." || folder.startsWith(`${each}/`))
  );
}
