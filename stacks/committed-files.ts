import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../lib/user-error";
import type { Environment } from "../model/config/environment";
import { isOurs, kindOf, notWritable, ourFiles, read } from "./own-files";
import { reviewFiles } from "./review-files";

/** A committed review file that is not what the environment files make of it. */
export interface CommittedChange {
  readonly path: string;
  /** What is wrong with it, as the end of a sentence. */
  readonly reason: string;
  /** What it has to hold; nothing when it has to go. */
  readonly text?: string;
}

/** An environment whose review files are committed. */
interface Committed {
  readonly environment: Environment;
  /** Folder of the environment file. */
  readonly base: string;
  /** `review.folder`, with what it is below. */
  readonly folder: string;
  /** The environment's own folder in it. No two environments have one name. */
  readonly target: string;
}

/**
 * What has to change so that the folders of `review.folder` hold what these environment files make, and nothing of databases
 * and environments that are gone. Nothing is written.
 * @throws UserError with everything that is in the way: files where folders should be, links, others' files of our names
 */
export function committedChanges(environments: readonly Environment[]): CommittedChange[] {
  return withoutSystemErrors(() => changesOf(environments));
}

function changesOf(environments: readonly Environment[]): CommittedChange[] {
  const committed = environments.flatMap(committedOf);
  const wanted = committed.flatMap(wantedOf);
  const obstacles = [
    ...committed.flatMap(({ base, target }) => inTheWay(base, target)),
    ...wanted.flatMap(notOurs),
  ];
  if (obstacles.length > 0) throw new UserError([...new Set(obstacles)]);
  const paths = new Set(wanted.map(({ path }) => path));
  const leftIn = (folder: string, reason: string) =>
    ourFiles(folder).flatMap((path) => (paths.has(path) ? [] : [{ path, reason }]));
  return [
    ...wanted.filter(({ path, text }) => read(path) !== text),
    ...committed.flatMap(({ target }) => leftIn(target, "is of a database that is gone")),
    ...foldersOfNobody(committed, environments).flatMap((folder) =>
      leftIn(folder, "is of no environment that writes there"),
    ),
  ].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/**
 * The same for whoever goes on to write them with {@link writeCommitted}.
 * @throws UserError also with everything that cannot be written
 */
export function writableChanges(environments: readonly Environment[]): CommittedChange[] {
  const changes = committedChanges(environments);
  const problems = changes.flatMap(({ path }) => notWritable(path));
  if (problems.length > 0) throw new UserError([...new Set(problems)]);
  return changes;
}

/** Writes what has to change. A folder that is empty then goes. */
export function writeCommitted(changes: readonly CommittedChange[]): void {
  withoutSystemErrors(() => changes.forEach(writeChange));
}

function writeChange({ path, text }: CommittedChange): void {
  if (text === undefined) {
    rmSync(path);
    if (readdirSync(dirname(path)).length === 0) rmdirSync(dirname(path));
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** What the file system refuses all the same, such as a disk that is full. */
function withoutSystemErrors<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new UserError([`the folder of review.folder cannot be used: ${error.message}`]);
  }
}

function committedOf(environment: Environment): Committed[] {
  const { directory: base, review, name } = environment;
  if (base === undefined || review.folder === undefined) return [];
  const folder = join(base, review.folder);
  return [{ environment, base, folder, target: join(folder, name) }];
}

function wantedOf({ environment, target }: Committed) {
  return [...reviewFiles(environment)].map(([name, text]) => {
    const path = join(target, name);
    const source = environment.file;
    return {
      path,
      text,
      reason: kindOf(path) === "nothing" ? "is not there" : `is not what ${source} makes`,
    };
  });
}

/** A file where a folder has to be, or a link, which could lead anywhere. */
function inTheWay(base: string, target: string): string[] {
  const above = dirname(target);
  const problems = above === base ? [] : inTheWay(base, above);
  if (problems.length > 0) return problems;
  const kind = kindOf(target);
  if (kind === "a folder" || kind === "nothing") return [];
  return [`${target} is ${kind}, where review.folder needs a folder: move it, or name another folder`];
}

function notOurs({ path }: { readonly path: string }): string[] {
  const kind = kindOf(path);
  if (kind === "nothing") return [];
  if (kind === "a file" && isOurs(path)) return [];
  return [`${path} is ${kind} that no synthesis wrote: move it, or name another folder in review.folder`];
}

/**
 * Folders of environments whose file is gone, or is here and says another name or folder now. Of a file that is there and was
 * not read, since only others were asked for, nothing is known.
 */
function foldersOfNobody(committed: readonly Committed[], environments: readonly Environment[]): string[] {
  const targets = new Set(committed.map(({ target }) => target));
  const sources = new Map(committed.map(({ folder, base }) => [folder, base]));
  return [...sources].flatMap(([folder, base]) => {
    if (kindOf(folder) !== "a folder") return [];
    const beside = environments.filter(({ directory = base }) => directory === base);
    const readFiles = beside.map(({ file }) => basename(file));
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .filter((target) => {
        const source = targets.has(target) ? undefined : sourceOf(target);
        if (source === undefined) return false;
        return kindOf(join(base, source)) === "nothing" || readFiles.includes(source);
      });
  });
}

/** Name of the environment file that a folder's plan is of. */
function sourceOf(target: string): string | undefined {
  const path = join(target, "access-plan.json");
  if (kindOf(target) !== "a folder" || kindOf(path) !== "a file" || !isOurs(path)) return undefined;
  const [, file] = /^ {2}"file": "([^"\\]+)"/m.exec(read(path) ?? "") ?? [];
  return file === undefined ? undefined : basename(file);
}
