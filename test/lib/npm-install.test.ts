import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { npmCi } from "../../lib/npm-install";
import { run } from "../helpers/run";

let folder: string;
const inFolder = (path: string) => join(folder, path);

/** A folder whose package-lock.json lists one package, with a script, that lies beside it as a file. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "npm-ci-"));
  mkdirSync(inFolder("package"));
  const scripts = { postinstall: "touch ../../ran" };
  writeFileSync(
    inFolder("package/package.json"),
    JSON.stringify({ name: "thing", version: "1.0.0", scripts }),
  );
  pack();
  const digest = createHash("sha512")
    .update(readFileSync(inFolder("thing.tgz")))
    .digest("base64");
  const root = { dependencies: { thing: "file:thing.tgz" } };
  const thing = {
    version: "1.0.0",
    resolved: "file:thing.tgz",
    integrity: `sha512-${digest}`,
    hasInstallScript: true,
  };
  const packages = { "": root, "node_modules/thing": thing };
  writeFileSync(inFolder("package.json"), JSON.stringify(root));
  writeFileSync(
    inFolder("package-lock.json"),
    JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function pack(): void {
  expect(run("tar", ["-czf", "thing.tgz", "package"], { cwd: folder }).status).toBe(0);
}

/** A cache of its own: npm takes from its cache what has the right digest, and would not look at the file. */
const install = () => npmCi(folder, ["--cache", inFolder("cache"), "--offline"]);

test("a package of the recorded digest is installed, and no script of it runs", () => {
  expect(install()).toBeUndefined();
  expect(existsSync(inFolder("node_modules/thing/package.json"))).toBe(true);
  expect(existsSync(inFolder("ran"))).toBe(false);
}, 60_000);

test("a package that is not what was recorded is refused, with npm's reason", () => {
  writeFileSync(inFolder("package/index.js"), "// what somebody put into it");
  pack();
  expect(install()).toMatch(/^npm ci: sha512-\S+ integrity checksum failed/);
  expect(existsSync(inFolder("node_modules/thing"))).toBe(false);
}, 60_000);
