import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { UserError } from "../../lib/user-error";

/** The commit that a pull request would become. */
export interface Merge {
  /** The newest commit of the branch it is for. */
  readonly base: string;
  /** GitHub's own merge of it with that. */
  readonly merge: string;
}

/** A clone of the repository, and how to fetch into it. */
export interface Clone {
  /** @default where this process is */
  readonly folder?: string;
  /** Such as `https://github.com`. */
  readonly serverUrl: string;
  /** That of GitHub's API; git learns it by its environment alone. @default none is needed */
  readonly token?: string;
  /** Waits so many milliseconds. @default it does */
  readonly wait?: (ms: number) => Promise<unknown>;
}

const ATTEMPTS = 12;
const WAIT_MS = 5_000;

/**
 * Fetches a pull request as data: nothing of it is checked out. GitHub makes the merge some time after either side
 * changes, so an old one is waited out.
 * @param head the commit that the merge must be of
 */
export async function fetchMerge(
  clone: Clone,
  { number, head, branch }: { readonly number: number; readonly head: string; readonly branch: string },
): Promise<Merge> {
  const wait = clone.wait ?? pause;
  let seen = "";
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    await git(clone, [
      "fetch",
      "--quiet",
      "--no-tags",
      "--depth=2",
      "origin",
      `+refs/heads/${branch}:refs/review/base`,
      `+refs/pull/${number}/merge:refs/review/merge`,
    ]);
    const [base = "", merge = "", ...parents] = (
      await git(clone, ["rev-parse", "refs/review/base", "refs/review/merge", "refs/review/merge^@"])
    ).split("\n");
    if (parents.length === 2 && parents[0] === base && parents[1] === head) return { base, merge };
    seen = parents.map((each) => each.slice(0, 7)).join(" and ");
    await wait(WAIT_MS);
  }
  throw new UserError([
    `GitHub's merge of #${number} is of ${seen}, not of ${branch} and ${head.slice(0, 7)}: ` +
      "resolve what conflicts, or run this again when GitHub has merged them",
  ]);
}

/** What can be in an environments folder and is read by the tool, never run. */
const READ_ONLY = /\.(ya?ml|pem|md|sql|json|lock\.hcl)$/;
/** What no synthesis reads. */
const ASIDE = /^(docs|test|examples)\/|\.md$/;
/** A file that is no link and cannot be run, or is gone. */
const PLAIN_FILE = /^(100644|000000)$/;

/**
 * The files between two commits that could make the tool do something else, so that head is not to be run here. Left out
 * is only what the tool reads as data, plain files of the environments, and what it does not read.
 * @param environments what ENVIRONMENTS says: a folder, or files separated by commas
 */
export async function changedCode(
  clone: Clone,
  { base, merge }: Merge,
  environments: string,
): Promise<string[]> {
  const raw = await git(clone, ["diff", "--raw", "--no-renames", "--no-abbrev", "-z", base, merge]);
  const fields = raw.split("\0").filter(Boolean);
  const folders = environments.split(",").map((each) => each.trim().replace(/^\.\//, "").replace(/\/$/, ""));
  const changed: string[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = ""] = (fields[at] ?? "").split(" ");
    const path = fields[at + 1] ?? "";
    const isEnvironment = folders.some(
      (folder) => path === folder || (path.startsWith(`${folder}/`) && READ_ONLY.test(path)),
    );
    if (!PLAIN_FILE.test(mode) || !(isEnvironment || ASIDE.test(path))) changed.push(path);
  }
  return changed;
}

async function git({ folder, serverUrl, token }: Clone, args: readonly string[]): Promise<string> {
  const secret = token && Buffer.from(`x-access-token:${token}`).toString("base64");
  const env = {
    ...process.env,
    GIT_TERMINAL_PROMPT: "0",
    ...(secret && {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `http.${serverUrl}/.extraheader`,
      GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${secret}`,
    }),
  };
  try {
    const options = { cwd: folder, env, maxBuffer: 64 << 20, timeout: 120_000 };
    return (await promisify(execFile)("git", [...args], options)).stdout.trim();
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    throw new UserError([`git ${args[0]}: ${(said || String(error)).split("\n").join("; ")}`]);
  }
}
