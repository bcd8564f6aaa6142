import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { lockedPackage, npmFiles } from "../../../tools/postgres/locked-package";

const folder = mkdtempSync(join(tmpdir(), "locked-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const lockFile = join(folder, "package-lock.json");

test("a package is found by its major version, wherever npm has put it, and never another one's", () => {
  const packages = {
    "node_modules/@a/b": { version: "15.18.0", integrity: "sha512-15" },
    "node_modules/@a/bb": { version: "16.1.0", integrity: "sha512-bb" },
    "node_modules/x/node_modules/@a/b": { version: "1.6.0", integrity: "sha512-1" },
    "node_modules/y/node_modules/@a/b": { version: "16.14.0", integrity: "sha512-16" },
    "node_modules/z/node_modules/@a/b": { version: "18.4.0" },
  };
  writeFileSync(lockFile, JSON.stringify({ packages }));
  expect(lockedPackage(lockFile, "@a/b", 15)).toEqual({
    name: "@a/b",
    version: "15.18.0",
    integrity: "sha512-15",
  });
  expect(lockedPackage(lockFile, "@a/b", 16)).toMatchObject({ version: "16.14.0", integrity: "sha512-16" });
  // Without a digest npm would take whatever the registry has.
  expect(() => lockedPackage(lockFile, "@a/b", 18)).toThrow("has no @a/b 18");
});

test("what is written for npm installs that package alone, and as no optional one, whose failure npm lets pass", () => {
  const files = npmFiles({ name: "@a/b", version: "16.14.0", integrity: "sha512-16" });
  expect(files["package.json"]).toEqual({ private: true, dependencies: { "@a/b": "16.14.0" } });
  expect(files["package-lock.json"]).toMatchObject({
    packages: { "node_modules/@a/b": { version: "16.14.0", integrity: "sha512-16" } },
  });
});
