import type { SpawnSyncReturns } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GIT_ENV, GitRepository } from "./git-repository";
import { ProjectCopy } from "./run";

/** A copy of the project, in a git repository with one commit on main. */
export class GitProject extends ProjectCopy {
  readonly repository: GitRepository;

  constructor() {
    super();
    // Its packages are a link, which the project's own file would not ignore.
    writeFileSync(join(this.folder, ".gitignore"), "node_modules\ncdktf.out\n");
    this.repository = new GitRepository(this.folder);
    this.repository.commit("The first");
  }

  /** Takes back whatever is not committed. */
  reset(): void {
    this.repository.git("reset", "--quiet", "--hard");
    this.repository.git("clean", "--quiet", "-d", "--force");
  }

  /** Reviews what the working tree changes. */
  review(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): SpawnSyncReturns<string> {
    return this.npm("review", args, { ...GIT_ENV, ...env });
  }

  text(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }
}
