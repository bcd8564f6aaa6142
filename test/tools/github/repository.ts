import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Files by their paths: without a text they go, and a text that begins with → is where a link leads. */
export type Files = Readonly<Record<string, string | undefined>>;

/** A repository with a branch main, a pull request 12, and a clone as a job of GitHub Actions has it. */
export interface PullRequestRepository {
  /** The newest commit of main. */
  readonly base: string;
  /** Folder of the clone. */
  readonly clone: string;
  /** The repository itself, which has no working tree that matters. */
  readonly origin: string;
  /** Makes the pull request one with these changes, merged with main as GitHub does. */
  pullRequest(files: Files): { readonly head: string; readonly merge: string };
  /** Commits to another branch than main, which goes on from it. */
  branch(name: string, files: Files): string;
  /** Runs git in the repository or in its clone. */
  git(folder: string, ...args: string[]): string;
  emptyFolder(): string;
  remove(): void;
}

export function pullRequestRepository(files: Files): PullRequestRepository {
  const folder = mkdtempSync(join(tmpdir(), "pull-request-"));
  const origin = join(folder, "origin");
  const clone = join(folder, "clone");
  const git = (cwd: string, ...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], {
      cwd,
      // The same changes are the same commits.
      env: { ...process.env, GIT_AUTHOR_DATE: "@1795651200 +0000", GIT_COMMITTER_DATE: "@1795651200 +0000" },
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  const commit = (changes: Files) => {
    for (const [name, text] of Object.entries(changes)) write(join(origin, name), text);
    git(origin, "add", "--all");
    git(origin, "commit", "--quiet", "--allow-empty", "--message=change");
    return git(origin, "rev-parse", "HEAD");
  };
  mkdirSync(origin);
  git(origin, "init", "--quiet", "--initial-branch=main");
  const base = commit(files);
  const branch = (name: string, changes: Files) => {
    git(origin, "checkout", "--quiet", "-B", name, base);
    const made = commit(changes);
    git(origin, "checkout", "--quiet", "main");
    return made;
  };
  git(folder, "clone", "--quiet", origin, "clone");
  return {
    base,
    clone,
    origin,
    git,
    branch,
    pullRequest: (changes) => {
      const head = branch("change", changes);
      git(origin, "checkout", "--quiet", "-B", "merged", base);
      git(origin, "merge", "--quiet", "--no-ff", "--message=merge", head);
      const merge = git(origin, "rev-parse", "HEAD");
      git(origin, "update-ref", "refs/pull/12/merge", merge);
      git(origin, "checkout", "--quiet", "main");
      return { head, merge };
    },
    emptyFolder: () => mkdtempSync(join(folder, "empty-")),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function write(path: string, text: string | undefined): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  if (text?.startsWith("→")) symlinkSync(text.slice(1), path);
  else if (text !== undefined) writeFileSync(path, text);
  if (text?.startsWith("#!")) chmodSync(path, 0o755);
}
