import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { unzip } from "../../lib/unzip";
import { run } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import { zip } from "../helpers/zip";

const LIMITS = { bytes: 1000, entries: 10 };
const all = () => true;
const texts = (archive: Buffer, wanted: (name: string) => boolean = all) =>
  Object.fromEntries([...unzip(archive, wanted, LIMITS)].map(([name, bytes]) => [name, bytes.toString()]));

test("what is wanted comes out as it went in, stored or deflated", () => {
  const archive = zip([
    { name: "a/b.json", data: '{"a":1}' },
    { name: "stored.txt", data: "stored", method: 0 },
    { name: "empty", data: "" },
    { name: "other", data: "other" },
  ]);
  expect(texts(archive, (name) => name !== "other")).toEqual({
    "a/b.json": '{"a":1}',
    "stored.txt": "stored",
    empty: "",
  });
  expect(texts(zip([]))).toEqual({});
});

const python = run("python3", ["--version"]).status === 0 ? undefined : "Python is not installed";
testUnless(python, "an archive of another program's is read", () => {
  const folder = mkdtempSync(join(tmpdir(), "zip-"));
  try {
    writeFileSync(join(folder, "a.txt"), "text ".repeat(50));
    execFileSync("python3", ["-m", "zipfile", "-c", "a.zip", "a.txt"], { cwd: folder });
    expect(texts(readFileSync(join(folder, "a.zip")))).toEqual({ "a.txt": "text ".repeat(50) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("what would come out larger than the limit is an error, in one entry or in several", () => {
  const bomb = zip([{ name: "bomb", data: "0".repeat(100_000) }]);
  expect(bomb.length).toBeLessThan(1000);
  expect(() => texts(bomb)).toThrow();
  const half = { data: "0".repeat(600), method: 0 };
  expect(() =>
    texts(
      zip([
        { ...half, name: "a" },
        { ...half, name: "b" },
      ]),
    ),
  ).toThrow("more than 1000 bytes");
  expect(() =>
    texts(
      zip([
        { ...half, name: "a", method: 8 },
        { ...half, name: "b", method: 8 },
      ]),
    ),
  ).toThrow();
  expect(
    Object.keys(
      texts(
        zip([
          { ...half, name: "a" },
          { ...half, name: "b" },
        ]),
        (name) => name === "a",
      ),
    ),
  ).toEqual(["a"]);
});

test.each<[string, Buffer, string | RegExp]>([
  [
    "too many entries",
    zip(Array.from({ length: 11 }, (_, index) => ({ name: `${index}`, data: "" }))),
    "more than 10",
  ],
  [
    "the same name twice",
    zip([
      { name: "a", data: "1" },
      { name: "a", data: "2" },
    ]),
    "a is in it twice",
  ],
  ["an encrypted entry", zip([{ name: "a", data: "1", flags: 1 }]), "encrypted"],
  ["another compression", zip([{ name: "a", data: "1", method: 12 }]), "not known here"],
  ["no archive at all", Buffer.from("<html>"), "no ZIP archive"],
  ["nothing", Buffer.alloc(0), "no ZIP archive"],
  ["only its end", zip([{ name: "a", data: "1" }]).subarray(-30), /./],
  ["a damaged directory", damaged("PK\x01\x02"), "directory is damaged"],
  ["a damaged entry", damaged("PK\x03\x04"), "not where its directory says"],
  ["data that does not inflate", zip([{ name: "a", data: "1".repeat(50) }]).fill(0xff, 31, 33), /./],
])("%s is an error", (_, archive, message) => {
  expect(() => texts(archive)).toThrow(message);
});

function damaged(mark: string): Buffer {
  const archive = zip([{ name: "a", data: "1" }]);
  archive[archive.indexOf(mark)] = 0;
  return archive;
}
