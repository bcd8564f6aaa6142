import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { errorCode } from "../../../lib/user-error";

/** Largest file that is read: an environment of a thousand services takes a tenth of it. */
export const MAX_BYTES = 1024 * 1024;

/** Why a file cannot be used, and where in it when it is about a place. */
export class UnusableFile extends Error {
  constructor(
    message: string,
    readonly place?: string,
  ) {
    super(message);
  }
}

/**
 * Reads a text file that a user names.
 * @throws UnusableFile
 */
export function readTextFile(path: string): string {
  let bytes: Buffer;
  try {
    const stats = statSync(path);
    // A pipe or a device may never end.
    if (!stats.isFile() && !stats.isDirectory()) throw new UnusableFile("this is not a regular file");
    if (stats.size > MAX_BYTES) throw new UnusableFile(tooLarge(stats.size), "1:1");
    bytes = readFileSync(path);
  } catch (error) {
    throw error instanceof UnusableFile ? error : new UnusableFile(reason(error));
  }
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const before = textBeforeBadByte(bytes);
  const place = `${before.split("\n").length}:${before.length - before.lastIndexOf("\n")}`;
  throw new UnusableFile("the text from here on is not UTF-8; save the file in that encoding", place);
}

/** What is wrong with a file of so many bytes. */
export function tooLarge(bytes: number): string {
  return `the file has ${(bytes / MAX_BYTES).toFixed(1)} MiB; at most 1 MiB is read`;
}

/** Why a file or folder cannot be read, as a sentence. */
export function reason(error: unknown): string {
  if (error instanceof UnusableFile) return error.message;
  const sentences: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file or folder",
    EISDIR: "this is a folder, not a file",
    ENOTDIR: "this is a file, not a folder",
    EACCES: "it may not be read by this user",
  };
  const code = errorCode(error);
  return sentences[code] ?? `it cannot be read (${code})`;
}

/** The text before the first byte that is not part of a character. */
function textBeforeBadByte(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  let [from, offset] = [0, 0];
  for (;;) {
    // What is no character is read as U+FFFD, which may also be there as itself.
    const replaced = text.indexOf("\ufffd", from);
    offset += Buffer.byteLength(text.slice(from, replaced));
    if (!bytes.subarray(offset).toString("latin1", 0, 3).startsWith("\xef\xbf\xbd"))
      return text.slice(0, replaced);
    [from, offset] = [replaced + 1, offset + 3];
  }
}
