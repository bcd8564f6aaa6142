import { accessSync, constants, lstatSync, readdirSync, readFileSync, type Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../lib/user-error";

/** Files of ours and how they begin. Whatever else is in the folders is somebody's, and stays. */
const OURS: readonly (readonly [string, RegExp])[] = [
  ["access.md", /^# Access to PostgreSQL in /],
  ["access-plan.json", /^\{\s*"version": \d+,\s*"environment": /],
  [".sql", /^-- Access to the database /],
];

/** Files of ours in a folder. */
export function ourFiles(folder: string): string[] {
  if (kindOf(folder) !== "a folder") return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter(isOurs);
}

/** Whether a synthesis wrote this; what is empty is nobody's work. */
export function isOurs(path: string): boolean {
  const begins = OURS.find(([end]) =>
    end.startsWith(".") ? path.endsWith(end) : basename(path) === end,
  )?.[1];
  const text = begins && read(path);
  return text === "" || (text !== undefined && begins?.test(text) === true);
}

/** What is at a path, links not followed. */
export function kindOf(path: string): "nothing" | "a folder" | "a file" | "a link" | "something else" {
  const found = statusOf(path);
  if (!found) return "nothing";
  if (found.isSymbolicLink()) return "a link";
  if (found.isDirectory()) return "a folder";
  return found.isFile() ? "a file" : "something else";
}

function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // Below a file there is nothing.
    if (errorCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/** The text of a file; undefined when there is none. */
export function read(path: string): string | undefined {
  return kindOf(path) === "a file" ? readFileSync(path, "utf8") : undefined;
}

/** Whether the next file above that is there lets itself be written: to make, to change and to remove. */
export function notWritable(path: string): string[] {
  const above = dirname(path);
  const places = kindOf(path) === "nothing" ? [above] : [path, above];
  return places.flatMap((place) => {
    if (kindOf(place) === "nothing") return notWritable(place);
    try {
      accessSync(place, constants.W_OK);
      return [];
    } catch (error) {
      return [`${place} cannot be written (${errorCode(error)}), where review.folder needs to`];
    }
  });
}
