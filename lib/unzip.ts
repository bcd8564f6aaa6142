import { inflateRawSync } from "node:zlib";

/** How much a ZIP archive may hold. */
export interface UnzipLimits {
  /** Bytes of all entries that are wanted, as they come out. */
  readonly bytes: number;
  /** Entries of any kind. */
  readonly entries: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/**
 * The entries of a ZIP archive whose names are wanted, in memory: nothing is written, so no name leads anywhere and no
 * link is one. The archive may be anybody's: what is damaged, encrypted, named twice or too large is an error.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function unzip(
  archive: Buffer,
  wanted: (name: string) => boolean,
  limits: UnzipLimits,
): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  let left = limits.bytes;
  for (const { name, method, size, at } of entries(archive, limits.entries)) {
    if (!wanted(name)) continue;
    if (found.has(name)) throw new Error(`${name} is in it twice`);
    const data = archive.subarray(at, at + size);
    const bytes =
      method === 0
        ? data
        : method === 8
          ? inflateRawSync(data, { maxOutputLength: Math.max(1, left) })
          : undefined;
    if (!bytes) throw new Error(`${name} is compressed in a way that is not known here`);
    left -= bytes.length;
    if (left < 0) throw new Error(`it holds more than ${limits.bytes} bytes`);
    found.set(name, bytes);
  }
  return found;
}

interface Entry {
  readonly name: string;
  /** 0 is stored as it is, 8 deflated. */
  readonly method: number;
  /** Bytes in the archive, and where they begin. */
  readonly size: number;
  readonly at: number;
}

/** What the archive's directory lists; reading beyond its end throws a RangeError. */
function* entries(archive: Buffer, most: number): Generator<Entry> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || archive.readUInt32LE(end) !== END) throw new Error("it is no ZIP archive");
  const count = archive.readUInt16LE(end + 10);
  // 65535 says that there is a larger directory elsewhere, which nothing here would make.
  if (count > most || count === 0xffff) throw new Error(`it has more than ${most} entries`);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (archive.readUInt32LE(at) !== ENTRY) throw new Error("its directory is damaged");
    if (archive.readUInt16LE(at + 8) & 1) throw new Error("it is encrypted");
    const nameLength = archive.readUInt16LE(at + 28);
    const local = archive.readUInt32LE(at + 42);
    if (archive.readUInt32LE(local) !== LOCAL) throw new Error("an entry is not where its directory says");
    yield {
      name: archive.subarray(at + 46, at + 46 + nameLength).toString("utf8"),
      method: archive.readUInt16LE(at + 10),
      size: archive.readUInt32LE(at + 20),
      at: local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28),
    };
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
}
