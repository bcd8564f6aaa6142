import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What git is told instead of what the machine's users have set. */
export const GIT_ENV = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ann Author",
  GIT_AUTHOR_EMAIL: "ann@example.com",
  GIT_COMMITTER_NAME: "Carl Committer",
  GIT_COMMITTER_EMAIL: "carl@example.com",
} as const;

/** A git repository in a folder of its own, whose branch is main. */
export class GitRepository {
  constructor(
    readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "repository-"))),
    private readonly env: Readonly<Record<string, string>> = {},
  ) {
    mkdirSync(folder, { recursive: true });
    this.git("init", "--quiet", "--initial-branch=main");
  }

  git(...args: readonly string[]): string {
    return execFileSync("git", [...args], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, ...GIT_ENV, ...this.env },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trimEnd();
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /** Changes a file, in which `from` must be. */
  edit(file: string, from: string | RegExp, to: string): void {
    const before = this.read(file);
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${file} has no ${from}`);
    this.write(file, after);
  }

  /** Commits all there is; returns the commit's id. */
  commit(message = "A change", env: Readonly<Record<string, string>> = {}): string {
    this.git("add", "--all");
    execFileSync("git", ["commit", "--quiet", "--allow-empty", "--message", message], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, ...GIT_ENV, ...this.env, ...env },
    });
    return this.git("rev-parse", "HEAD");
  }

  /** Everything git keeps of itself but the times in its index, and what is not committed: to see that nothing changed. */
  state(): string {
    const own = readdirSync(join(this.folder, ".git"), { recursive: true, encoding: "utf8" }).sort();
    return [
      ...own,
      this.git("status", "--porcelain"),
      this.git("worktree", "list"),
      this.git("branch", "-av"),
    ].join("\n");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
