import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ROOT, run } from "./helpers/run";

/** A project of its own: run.js, a program of two files, and packages of which it may change two. */
let project: string;
const path = (name: string) => join(project, name);
const write = (name: string, text: string) => writeFileSync(path(name), text);
beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "run-")));
  for (const name of ["run.js", "run", "package.json", "tsconfig.json"]) {
    cpSync(join(ROOT, name), path(name), { recursive: true });
  }
  mkdirSync(path("node_modules"));
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (name.startsWith(".")) continue;
    if (name === "fastest-levenshtein")
      cpSync(join(ROOT, "node_modules", name), path(`node_modules/${name}`), { recursive: true });
    else if (name !== "esbuild") symlinkSync(join(ROOT, "node_modules", name), path(`node_modules/${name}`));
  }
  write("node_modules/.package-lock.json", "{}");
  mkdirSync(path("node_modules/esbuild/lib"), { recursive: true });
  cpSync(join(ROOT, "node_modules/esbuild/package.json"), path("node_modules/esbuild/package.json"));
  esbuild(`module.exports = require(${JSON.stringify(join(ROOT, "node_modules/esbuild"))});`);
  write("word.ts", `export const word: string = "kitten";\n`);
  write(
    "main.ts",
    `import { distance } from "fastest-levenshtein";
import { word } from "./word";
console.log(word, distance(word, "sitting"), ...process.argv.slice(2));
`,
  );
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** Puts something in the place of esbuild. */
const esbuild = (code: string) => write("node_modules/esbuild/lib/main.js", code);
const noEsbuild = () => esbuild('throw new Error("esbuild was loaded");');
const start = (...args: readonly string[]) => run("node", ["run.js", "main.ts", ...args], { cwd: project });
/** What the program prints; it must end well. */
function printed(...args: readonly string[]): string {
  const { status, stdout, stderr } = start(...args);
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
}
/** Files that are kept, by their names. */
function keptFiles(): string[] {
  const folder = path("node_modules/.cache/aurora-passwordless");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}

test("a program runs with its arguments, and a second time from what was kept", () => {
  expect(printed("a", "b")).toBe("kitten 3 a b\n");
  expect(
    keptFiles()
      .map((file) => file.replace(/.*\//, ""))
      .sort(),
  ).toEqual(["main.ts", "main.ts.v8", "packages"]);
  noEsbuild();
  expect(printed("c")).toBe("kitten 3 c\n");
});

describe("what was kept is not used any more", () => {
  beforeEach(() => void printed());

  test("after an edit of a source, even one that leaves its time and size", () => {
    const { atime, mtime } = statSync(path("word.ts"));
    write("word.ts", `export const word: string = "bitten";\n`);
    utimesSync(path("word.ts"), atime, mtime);
    expect(printed()).toBe("bitten 3\n");
  });

  test("after an edit of a package", () => {
    for (const name of ["mod.js", "esm/mod.js"]) {
      const file = `node_modules/fastest-levenshtein/${name}`;
      const before = readFileSync(path(file), "utf8");
      write(file, before.replace(/distance = (function )?\(a, b\) (=> )?\{/, "$& return 42;"));
      expect(readFileSync(path(file), "utf8")).not.toBe(before);
    }
    expect(printed()).toBe("kitten 42\n");
  });

  test("after an edit of the compiler's settings or of run.js's own files, or an install", () => {
    for (const name of [
      "tsconfig.json",
      "package.json",
      "run/packages.js",
      "node_modules/.package-lock.json",
    ]) {
      noEsbuild();
      write(name, `${readFileSync(path(name), "utf8")}\n`);
      expect(start().stderr).toContain("esbuild was loaded");
      esbuild(`module.exports = require(${JSON.stringify(join(ROOT, "node_modules/esbuild"))});`);
      printed();
    }
  });

  test("when a further package is imported", () => {
    write("word.ts", `import { parse } from "yaml";\nexport const word: string = parse("a: mitten").a;\n`);
    expect(printed()).toBe("mitten 3\n");
    noEsbuild();
    expect(printed()).toBe("mitten 3\n");
  });
});

test.each<[string, (content: Buffer) => Buffer]>([
  ["empty", () => Buffer.alloc(0)],
  ["cut off", (content) => content.subarray(0, content.length - 100)],
  ["something else", () => Buffer.from("{}\n")],
  ["changed in one place", (content) => content.fill(content.readUInt8(900) ^ 1, 900, 901)],
])("a kept file that is %s is as if it were not there", (_, damage) => {
  printed();
  const [first, ...others] = keptFiles();
  for (const file of [first, ...others]) {
    if (file === undefined) throw new Error("nothing was kept");
    writeFileSync(file, damage(readFileSync(file)));
    expect(printed()).toBe("kitten 3\n");
  }
});

test("nothing is kept of a source that changes while it is read", () => {
  const real = JSON.stringify(join(ROOT, "node_modules/esbuild"));
  esbuild(`const { buildSync } = require(${real});
exports.buildSync = (options) => {
  const result = buildSync(options);
  require("node:fs").writeFileSync("word.ts", 'export const word: string = "bitten";');
  return result;
};`);
  expect(printed()).toBe("kitten 3\n");
  expect(printed()).toBe("bitten 3\n");
});

test("where nothing can be kept, programs run all the same", () => {
  write("node_modules/.cache", "not a folder");
  for (let time = 0; time < 2; time++) expect(printed()).toBe("kitten 3\n");
});

test("several first runs at once all do their work, and leave whole files", async () => {
  const runs = Array.from(
    { length: 4 },
    (): ChildProcess => spawn("node", ["run.js", "main.ts"], { cwd: project }),
  );
  const outputs = runs.map((child) => {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        output += chunk;
      });
    }
    return once(child, "close").then(() => output);
  });
  expect(await Promise.all(outputs)).toEqual(Array(4).fill("kitten 3\n"));
  expect(keptFiles()).toHaveLength(3);
  noEsbuild();
  expect(printed()).toBe("kitten 3\n");
});

test("an error shows the line of the source, also from what was kept", () => {
  write(
    "word.ts",
    "interface Unused {}\n\nexport const word = fail();\nfunction fail(): string {\n  throw new Error('here');\n}\n",
  );
  for (let time = 0; time < 2; time++) {
    const { status, stderr } = start();
    expect(status).toBe(1);
    expect(stderr).toContain(`Error: here
    at fail (${path("word.ts")}:5:9)
    at Object.<anonymous> (${path("word.ts")}:3:21)
`);
  }
});

test("a part of a package that is not there fails when it is asked for, and a program may go on", () => {
  write(
    "main.ts",
    `import { parse } from "yaml";
try {
  require("fastest-levenshtein/not-there");
} catch (error) {
  console.log(parse("a: 1").a, (error as { code: string }).code);
}
`,
  );
  for (let time = 0; time < 2; time++) expect(printed()).toBe("1 MODULE_NOT_FOUND\n");
});

test("packages that are ES modules alone can be imported", () => {
  write("main.ts", 'void import("jose").then(({ SignJWT }) => console.log(typeof SignJWT));\n');
  for (let time = 0; time < 2; time++) expect(printed()).toBe("function\n");
});

test("cdktf's archives of folders are made, for which a file of it runs itself", () => {
  cpSync(join(ROOT, "cdktf.json"), path("cdktf.json"));
  mkdirSync(path("content"));
  write("content/a.txt", "a");
  write(
    "main.ts",
    `import { App, AssetType, TerraformAsset, TerraformStack } from "cdktf";
const app = new App();
const stack = new TerraformStack(app, "stack");
const asset = new TerraformAsset(stack, "asset", { path: "content", type: AssetType.ARCHIVE });
app.synth();
console.log(asset.fileName);
`,
  );
  expect(printed()).toBe("archive.zip\n");
  const files = readdirSync(path("cdktf.out/stacks/stack/assets"), { recursive: true, encoding: "utf8" });
  const [archive] = files.filter((file) => file.endsWith("archive.zip"));
  expect(archive).toBeDefined();
  expect(existsSync(path(`cdktf.out/stacks/stack/assets/${archive}`))).toBe(true);
});
