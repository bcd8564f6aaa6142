import { UserError } from "../../../lib/user-error";
import type { Repository } from "./git";

/** Where a repository says which branch is its default, in the order they are asked. */
const DEFAULT_BRANCHES = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];

/** What a change is compared with when nobody says. */
export interface DefaultBase {
  readonly commit: string;
  readonly branch: string;
  /** Whether it is that revision itself: of the working tree, what is not committed is then all that is compared. */
  readonly isHead: boolean;
}

/**
 * The commit at which a revision left the default branch.
 * @throws UserError when there is none, with what to do
 */
export function defaultBase(repository: Repository, revision: string): DefaultBase {
  const head = repository.commit(revision);
  if (head === undefined)
    throw new UserError(["There is no commit yet to compare with: --base takes a folder."]);
  const branch = DEFAULT_BRANCHES.find((name) => repository.commit(name) !== undefined);
  if (branch === undefined) {
    throw new UserError([
      `There is no default branch here (${DEFAULT_BRANCHES.join(", ")}): fetch it, or name the base, such as --base origin/develop.`,
    ]);
  }
  const commit = repository.mergeBase(head, branch);
  if (commit !== undefined) return { commit, branch, isHead: commit === head };
  throw new UserError([
    repository.shallow
      ? `This clone does not reach back to where this left ${branch}: git fetch --unshallow gets the rest (in GitHub Actions, fetch-depth: 0).`
      : `This and ${branch} have no commit in common: name the base, such as --base ${branch}.`,
  ]);
}
