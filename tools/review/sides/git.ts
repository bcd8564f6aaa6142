import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { UserError } from "../../../lib/user-error";

/** A file that git knows. */
export interface ListedFile {
  /** From the folder that was asked about. */
  readonly path: string;
  /** The commit of a submodule, which is another repository's. @default it is a file of this one */
  readonly submodule?: string;
}

/** What git said when it failed, in English. */
class GitFailure extends Error {}

/** Variables by which a hook tells git of its repository and index: this looks at the repository that the folder is in. */
const OF_A_HOOK =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|NAMESPACE|(ALTERNATE_)?OBJECT_DIRECTOR(Y|IES)|QUARANTINE_PATH)$/;

/** No program that a repository names runs, and nothing of it is written: not its index, nor a part of one. */
const CAREFUL = [
  "core.fsmonitor=false",
  "core.splitIndex=false",
  "core.hooksPath=/dev/null",
  "core.quotePath=false",
];

/** A git repository that is read and never written. */
export class Repository {
  private constructor(
    /** Its topmost folder, without symbolic links. */
    readonly top: string,
    private readonly directory: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * The repository that a folder is in, if it is in one.
   * @param env variables that git is given
   * @throws UserError when git cannot say, such as for a folder of somebody else's
   */
  static at(folder: string, env: NodeJS.ProcessEnv): Repository | undefined {
    try {
      const said = run(["rev-parse", "--show-toplevel", "--absolute-git-dir"], folder, env);
      const [top = "", directory = ""] = said.trimEnd().split("\n");
      return new Repository(top, directory, env);
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      if (error.message.includes("not a git repository")) return undefined;
      throw new UserError([`git says of ${folder}: ${error.message}`]);
    }
  }

  /** The commit that a text names, or undefined when there is none: whatever the text is, it is no option of git's. */
  commit(revision: string): string | undefined {
    if (!/^[^-^\s]\P{Cc}*$/u.test(revision)) return undefined;
    const found = this.maybe(["rev-parse", "--verify", "--quiet", `${revision}^{commit}`])?.trim() ?? "";
    return /^[0-9a-f]{40,64}$/.test(found) ? found : undefined;
  }

  /** The commit at which two parted, or undefined when there is none. */
  mergeBase(one: string, other: string): string | undefined {
    return this.maybe(["merge-base", one, other])?.trim() || undefined;
  }

  /** Whether it has a part of the history only. */
  get shallow(): boolean {
    return this.git(["rev-parse", "--is-shallow-repository"]).trim() === "true";
  }

  /**
   * Writes a commit's files to a new folder. A worktree of git's would do it too, and stay in the repository if this
   * process were killed; an index beside the folder leaves nothing there.
   * @returns the files
   */
  checkOut(commit: string, folder: string): ListedFile[] {
    mkdirSync(folder, { recursive: true });
    const index = { GIT_DIR: this.directory, GIT_WORK_TREE: folder, GIT_INDEX_FILE: `${folder}.index` };
    const whole = ["--no-sparse-checkout", "--no-recurse-submodules"];
    this.git(["read-tree", "--reset", "-u", ...whole, commit], folder, index);
    return this.listed(folder, index);
  }

  /** The files of a folder of the working tree: those that are committed or added, and those that would be by `git add`. */
  files(folder: string): ListedFile[] {
    const others = this.git(["ls-files", "-z", "--others", "--exclude-standard"], folder);
    return [...this.listed(folder), ...parts(others).map((path) => ({ path }))];
  }

  /** @throws UserError with what git says */
  git(args: readonly string[], folder = this.top, env: NodeJS.ProcessEnv = {}): string {
    try {
      return run(args, folder, this.env, env);
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      throw new UserError([`git ${args[0]} failed: ${error.message}`]);
    }
  }

  private listed(folder: string, env: NodeJS.ProcessEnv = {}): ListedFile[] {
    return parts(this.git(["ls-files", "-z", "--stage"], folder, env)).map((line) => {
      const [, mode, id, path = ""] = /^(\d+) ([0-9a-f]+) \d\t(.*)$/s.exec(line) ?? [];
      return { path, ...(mode === "160000" && { submodule: id }) };
    });
  }

  private maybe(args: readonly string[]): string | undefined {
    try {
      return run(args, this.top, this.env);
    } catch (error) {
      if (error instanceof GitFailure) return undefined;
      throw error;
    }
  }
}

/** What git separates by NUL. */
export function parts(output: string): string[] {
  return output.split("\0").filter((part) => part !== "");
}

/** @throws GitFailure with what git says */
function run(
  args: readonly string[],
  cwd: string,
  inherited: NodeJS.ProcessEnv,
  env: NodeJS.ProcessEnv = {},
): string {
  const others = Object.entries(inherited).filter(([name]) => !OF_A_HOOK.test(name));
  const { status, stdout, stderr, error } = spawnSync(
    "git",
    [...CAREFUL.flatMap((setting) => ["-c", setting]), ...args],
    {
      cwd,
      encoding: "utf8",
      maxBuffer: 1024 ** 3,
      env: {
        ...Object.fromEntries(others),
        // English, and the same days everywhere.
        LC_ALL: "C",
        TZ: "UTC",
        GIT_OPTIONAL_LOCKS: "0",
        GIT_TERMINAL_PROMPT: "0",
        GIT_LITERAL_PATHSPECS: "1",
        GIT_NO_REPLACE_OBJECTS: "1",
        ...env,
      },
    },
  );
  if (error) throw new UserError([`git cannot be run (${error.message}); without it, --base takes a folder`]);
  if (status === 0) return stdout;
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  throw new GitFailure(
    (lines.find((line) => /^(fatal|error): /.test(line)) ?? lines[0] ?? "").replace(/^\w+: /, ""),
  );
}
