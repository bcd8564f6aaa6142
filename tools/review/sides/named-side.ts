import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { quote } from "../../../lib/nearest";
import { UserError } from "../../../lib/user-error";
import { isEnvironmentFile } from "./environment-files";
import type { Repository } from "./git";
import type { Places } from "./places";

/** What somebody named as a side, and what to call it. */
export type NamedSide =
  | { readonly kind: "working tree"; readonly name: string }
  | RevisionSide
  /** A folder that npm run synth wrote, a checkout of this project, or environment files alone. */
  | {
      readonly kind: "synthesis" | "checkout" | "environments";
      readonly name: string;
      readonly folder: string;
    };

/** A commit of the repository that the environment files are in. */
export interface RevisionSide {
  readonly kind: "revision";
  readonly name: string;
  readonly commit: string;
  readonly repository: Repository;
}

/** The side that is worked on. */
export const WORKING_TREE: NamedSide = { kind: "working tree", name: "working tree" };

/**
 * What a text of the command line names: a revision or a folder.
 * @param option which option it was given to, such as `--base`
 * @throws UserError when it is neither, or could be both
 */
export function namedSide(option: string, text: string, { project, repository }: Places): NamedSide {
  const folder = resolve(project, text);
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  // What is written as a path is one.
  const commit =
    /^\.{0,2}\//.test(text) || text === "." || text === ".." ? undefined : repository?.commit(text);
  if (commit !== undefined && isFolder && folderKind(folder) !== undefined) {
    throw new UserError([
      `${option} ${quote(text)} is a revision and a folder: write ./${text} for the folder, or the commit's id.`,
    ]);
  }
  if (commit !== undefined && repository) return revisionSide(repository, commit);
  if (!isFolder) {
    const neither = `${option} ${quote(text)} is neither a folder nor a revision`;
    throw new UserError([
      repository
        ? `${neither} of ${repository.top}: git fetch gets what is not here${repository.shallow ? ", and git fetch --unshallow all of the history" : ""}.`
        : `${neither}: the environment files are in no git repository, so that only a folder can be compared with.`,
    ]);
  }
  if (folder === project) return WORKING_TREE;
  const kind = folderKind(folder);
  if (kind) return { kind, name: text, folder };
  throw new UserError([
    `${option} ${quote(text)} is a folder with neither stacks/ and review/, as npm run synth writes them, nor a package.json, nor environment files.`,
  ]);
}

/** A commit as a side. */
export function revisionSide(repository: Repository, commit: string): RevisionSide {
  return { kind: "revision", name: commit.slice(0, 10), commit, repository };
}

function folderKind(folder: string): "synthesis" | "checkout" | "environments" | undefined {
  const has = (name: string) => existsSync(join(folder, name));
  if (has("stacks") && has("review")) return "synthesis";
  if (has("package.json")) return "checkout";
  return readdirSync(folder).some(isEnvironmentFile) ? "environments" : undefined;
}
