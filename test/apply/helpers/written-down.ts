import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { inflateRawSync } from "node:zlib";

/** The files of a folder in which a text is written, saved plans of Terraform's (which are ZIP files) unpacked. */
export function filesWith(folder: string, text: string): string[] {
  return files(folder)
    .filter((file) => unpacked(readFileSync(file)).some((part) => part.includes(text)))
    .map((file) => relative(folder, file))
    .sort();
}

/** Every file, not those of a linked folder: providers are that. */
function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const status = lstatSync(path);
    if (status.isDirectory()) return files(path);
    return status.isFile() ? [path] : [];
  });
}

const ENTRY = Buffer.from("PK\u0003\u0004", "latin1");

/** The contents of a ZIP file's entries; any other file as it is. */
function unpacked(file: Buffer): Buffer[] {
  if (!file.subarray(0, ENTRY.length).equals(ENTRY)) return [file];
  const entries: Buffer[] = [];
  for (let at = 0; at >= 0; at = file.indexOf(ENTRY, at + 1)) {
    const start = at + 30 + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
    const compressed = file.readUInt16LE(at + 8) === 8;
    // Of an entry that is not compressed the end is not known here: it runs on into the next ones.
    entries.push(compressed ? inflateRawSync(file.subarray(start)) : file.subarray(start));
  }
  return entries;
}
