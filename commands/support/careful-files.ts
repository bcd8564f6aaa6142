import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { errorCode, UserError } from "../../lib/user-error";

/** A file that a command writes, with care for what is there. */
export interface FileToWrite {
  readonly path: string;
  /** What it is to hold, by what it holds; undefined when there is none. */
  readonly change: (text: string | undefined) => string;
  /** How a file of ours begins; one that is there and begins otherwise is somebody's. @default whatever is there is changed */
  readonly ours?: RegExp;
  /** What is said of it, as the end of a sentence. */
  readonly what: string;
}

/** Why some of these files must not be written; none when all may be. */
export function refusals(files: readonly FileToWrite[]): string[] {
  return files.flatMap(({ path, ours }) => {
    const text = read(path);
    return ours && text !== undefined && !ours.test(text)
      ? [`${path} is there, and this command did not write it; move it away`]
      : [];
  });
}

/** @throws UserError with the first file that cannot be written */
export function writeAll(files: readonly FileToWrite[]): void {
  for (const { path, change } of files) {
    const [was, is] = [read(path), change(read(path))];
    if (is === was) continue;
    attempt(path, "written", () => {
      mkdirSync(dirname(path), { recursive: true });
      // A new file never takes the place of one that somebody has made meanwhile.
      writeFileSync(path, is, { flag: was === undefined ? "wx" : "w" });
    });
  }
}

function read(path: string): string | undefined {
  return attempt(path, "read", () => (existsSync(path) ? readFileSync(path, "utf8") : undefined));
}

function attempt<Result>(path: string, what: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw new UserError([`${path} cannot be ${what}: ${errorCode(error)}`]);
  }
}
