import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT, run } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import { blocks, page } from "./pages";

const recipe = blocks(page("docs/cdktf.md")).find(({ text }) => text.includes("npm pkg set"))?.text ?? "";
const registry = run("npm", ["view", "cdktn@0.24.0", "version"]);

test("docs/cdktf.md has the way to CDK Terrain", () => {
  expect(recipe).toContain("npm install");
});

testUnless(
  registry.status === 0 ? undefined : "the npm registry does not answer",
  "after docs/cdktf.md's way to CDK Terrain, npm ci installs it, and the provider bindings take it too",
  () => {
    const cwd = mkdtempSync(join(tmpdir(), "cdktn-"));
    try {
      for (const file of ["package.json", "package-lock.json", ".npmrc"]) {
        copyFileSync(join(ROOT, file), join(cwd, file));
      }
      // What there is to install is settled by the lockfile; nothing of it has to be here.
      const resolved = recipe.replace("npm install", "npm install --package-lock-only");
      for (const script of [resolved, "npm ci --dry-run"]) {
        const { status, stderr } = run("sh", ["-ec", script], { cwd });
        expect([status, stderr.replace(/^npm warn .*\n/gm, "")]).toEqual([0, ""]);
      }
      const { packages } = JSON.parse(readFileSync(join(cwd, "package-lock.json"), "utf8"));
      const copies = Object.keys(packages).filter((path) => /(^|\/)node_modules\/(cdktf|cdktn)$/.test(path));
      expect(copies).toEqual(["node_modules/cdktf"]);
      expect(packages["node_modules/cdktf"]).toMatchObject({ name: "cdktn", version: "0.24.0" });
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  },
  180_000,
);
