import { basename, isAbsolute } from "node:path";
import type { Problem } from "./problem";

/**
 * An environment file as reports and plans name it: by its path from the project, or by its name alone when it lies
 * elsewhere, since they must not depend on where a team keeps its files.
 */
export function nameInReports(file: string): string {
  return isAbsolute(file) || file.startsWith("..") ? basename(file) : file;
}

/** What is nothing but a name in Markdown, in an SQL comment and on a terminal. */
const PLAIN_NAME = /^[\p{L}\p{M}\p{N} ._/@+=,()-]+$/u;

/** Whether the name could say more than itself where it stands: a line of its own, say. */
export function fileNameProblems(file: string): Problem[] {
  if (PLAIN_NAME.test(nameInReports(file))) return [];
  const message =
    "reports and SQL give the name of this file, which may be of letters, digits, spaces and . _ - / @ + = , ( ) only; rename it";
  return [{ path: [], message }];
}
