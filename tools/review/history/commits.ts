import { posix, relative, resolve } from "node:path";
import { isEnvironmentFile } from "../sides/environment-files";
import { parts, type Repository } from "../sides/git";
import type { Places } from "../sides/places";

/** A commit after which access may be another than before it. */
export interface Commit {
  readonly id: string;
  /** Day of the commit, in UTC. */
  readonly date: string;
  readonly author: string;
  /** The environment files of that time, from the repository's top. */
  readonly environments: readonly string[];
}

/** What a commit does to a file. */
interface FileChange {
  readonly path: string;
  /** Its path before, if it was another. */
  readonly from?: string;
}

/** What makes plans of environment files, from the project. */
const MAKES_PLANS = "model/";

/**
 * The commits of HEAD's own branch that touch environment files, or the code that makes plans of them, the oldest first. What
 * another branch had comes with the merge. Environment files are followed to where they were before.
 */
export function commitsOf(repository: Repository, { environments, project, together }: Places): Commit[] {
  const fromTop = (path: string) => relative(repository.top, resolve(project, path)).replaceAll("\\", "/");
  const given = environments.map((path) => fromTop(path) || ".");
  const model = posix.join(fromTop("."), MAKES_PLANS);
  const followed = new Set<string>();
  const isSource = (path: string) =>
    followed.has(path) ||
    given.includes(path) ||
    (isEnvironmentFile(path) && given.includes(posix.dirname(path)));
  const touches = ({ path, from }: FileChange) =>
    [path, from].some(
      (each) => each !== undefined && (isSource(each) || (together && each.startsWith(model))),
    );
  const about = authors(repository);
  const found: Commit[] = [];
  for (const { id, changes } of changesByCommit(repository)) {
    if (changes.some(touches)) {
      const files = parts(repository.git(["ls-tree", "-r", "-z", "--name-only", "--full-tree", id]));
      const { date = "", author = "" } = about.get(id) ?? {};
      found.push({ id, date, author, environments: files.filter(isSource) });
    }
    for (const { path, from } of changes) if (from !== undefined && isSource(path)) followed.add(from);
  }
  return found.reverse();
}

function authors(repository: Repository): Map<string, { readonly date: string; readonly author: string }> {
  const format = ["--format=%H%x00%cd%x00%an", "--date=format-local:%Y-%m-%d"];
  // Each value may be empty, so what is between separators is not left out.
  const values = repository.git(["log", "--first-parent", "-z", ...format, "HEAD"]).split("\0");
  const found = new Map<string, { date: string; author: string }>();
  for (let at = 0; at + 2 < values.length; at += 3) {
    found.set(values[at] ?? "", { date: values[at + 1] ?? "", author: values[at + 2] ?? "" });
  }
  return found;
}

/** Every commit of HEAD's own branch, the newest first, with what it changes in that branch. */
function changesByCommit(repository: Repository): { readonly id: string; readonly changes: FileChange[] }[] {
  const options = [
    "--diff-merges=first-parent",
    "-z",
    "--name-status",
    "--find-renames",
    "--no-ext-diff",
    "--format=%H",
  ];
  const tokens = parts(repository.git(["log", "--first-parent", ...options, "HEAD"]));
  const commits: { id: string; changes: FileChange[] }[] = [];
  const values = tokens.values();
  const take = () => String(values.next().value ?? "");
  for (const value of values) {
    // git begins a new line after what was asked for.
    const token = value.replace(/^\n/, "");
    if (/^[0-9a-f]{40,64}$/.test(token)) commits.push({ id: token, changes: [] });
    else if (/^[RC]\d*$/.test(token)) {
      const from = take();
      commits.at(-1)?.changes.push({ from, path: take() });
    } else commits.at(-1)?.changes.push({ path: take() });
  }
  return commits;
}
