import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { errorCode, UserError } from "../../lib/user-error";

/**
 * Writes a file in place of one that may be read meanwhile: a reader gets the old one or the new one, and never half of one.
 * @throws UserError when it cannot be written; the old one is then as it was
 */
export function writeWhole(path: string, text: string): void {
  // Its name ends otherwise, so whoever reads all files of a kind in a folder does not take it for one.
  const beside = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (error) {
    if (existsSync(beside)) rmSync(beside);
    throw new UserError([`${path} cannot be written (${errorCode(error)}): --out names a folder`]);
  }
}
