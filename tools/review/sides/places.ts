import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { UserError } from "../../../lib/user-error";
import { Repository } from "./git";
import { codeOf, codeOfProject } from "./project-code";
import type { Code } from "./side";

/** Where the project and its environment files are. */
export interface Places {
  /** Folder of this project. */
  readonly project: string;
  /** The folder of environment files, or the files, from the project. */
  readonly environments: readonly string[];
  /** The repository that the environment files are in, if they are: revisions are of it. */
  readonly repository?: Repository;
  /** Whether this project is in the same repository: a revision then has code of its own. */
  readonly together: boolean;
  /** The project's code, as it is in the working tree. */
  readonly code: () => Code;
}

/**
 * Finds them.
 * @param source what ENVIRONMENTS says
 * @throws UserError when environment files are in several repositories
 */
export function findPlaces(project: string, source: string, env: NodeJS.ProcessEnv): Places {
  const folder = realpathSync(project);
  const paths = source
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => physical(resolve(folder, part)));
  const repositories = paths.map((path) => Repository.at(existingFolder(path), env));
  const [repository] = repositories;
  if (new Set(repositories.map((each) => each?.top)).size > 1) {
    throw new UserError(["ENVIRONMENTS names files of several repositories: no revision is of them all."]);
  }
  const own = Repository.at(folder, env);
  return {
    project: folder,
    environments: paths.map((path) => relative(folder, path) || "."),
    ...(repository && { repository }),
    together: repository !== undefined && own?.top === repository.top,
    code: () => (own ? codeOfProject(own.top, folder, own.files(own.top)) : codeOf(folder)),
  };
}

/** The path without symbolic links, as far as it is there. */
function physical(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return join(physical(dirname(path)), basename(path));
}

function existingFolder(path: string): string {
  return existsSync(path) && !/\.ya?ml$/.test(path) ? path : existingFolder(dirname(path));
}
