import { chmodSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { codeOf, codeOfProject } from "../../../../tools/review/sides/project-code";
import { removeAll, temporaryFolder } from "./small-project";

let folder: string;
const path = (name: string) => join(folder, name);
beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(path("main.ts"), "code");
  symlinkSync("main.ts", path("link"));
});
afterEach(() => removeAll(folder));

/** The files of which something else is there after a change. */
function changedBy(change: () => void): string[] {
  const before = codeOf(folder);
  change();
  const after = codeOf(folder);
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
}

test("a file is another with another content, when it can newly be run, and when it goes", () => {
  expect(changedBy(() => writeFileSync(path("main.ts"), "other"))).toEqual(["main.ts"]);
  expect(changedBy(() => chmodSync(path("main.ts"), 0o755))).toEqual(["main.ts"]);
  expect(changedBy(() => unlinkSync(path("main.ts")))).toEqual(["main.ts"]);
});

test("a link is what it leads to by name, and is not followed", () => {
  writeFileSync(path("same.ts"), "code");
  const lead = (to: string) => {
    unlinkSync(path("link"));
    symlinkSync(to, path("link"));
  };
  expect(changedBy(() => lead("same.ts"))).toEqual(["link"]);
  expect(changedBy(() => lead("/etc"))).toEqual(["link"]);
  expect(changedBy(() => lead("not-there"))).toEqual(["link"]);
});

test("what is installed or made at the top is not code, and elsewhere it is", () => {
  for (const name of ["node_modules", "cdktf.out", ".git", "board/node_modules"]) {
    mkdirSync(path(name), { recursive: true });
    writeFileSync(path(`${name}/a.js`), "");
  }
  expect([...codeOf(folder).keys()].sort()).toEqual(["board/node_modules/a.js", "link", "main.ts"]);
});

test("a submodule is the commit that it is at", () => {
  mkdirSync(path("sub"));
  expect(codeOf(folder, [{ path: "sub", submodule: "abc" }]).get("sub")).toBe("abc");
});

test("of a larger repository it is the project's folder, and what GitHub does", () => {
  const files = ["infra/a.ts", "infrastructure/b.ts", ".github/workflows/c.yml", "d.ts"];
  for (const file of files) {
    mkdirSync(join(path(file), ".."), { recursive: true });
    writeFileSync(path(file), "");
  }
  const listed = files.map((file) => ({ path: file }));
  expect([...codeOfProject(folder, path("infra"), listed).keys()]).toEqual([
    "a.ts",
    "../.github/workflows/c.yml",
  ]);
  expect(codeOfProject(folder, folder, listed).size).toBe(4);
});
