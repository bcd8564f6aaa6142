import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "./helpers/run";

/**
 * The floor plan: each room, and the rooms below that it may import from. Within a room files import one another, in no
 * circle. The longest name that fits a file is its room.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["commands/support", "stacks", "lib"],
  "run.js": ["run"],
  run: [],
  "jest.config.js": [],
  bench: [
    "commands/support",
    "stacks",
    "tools/laptop",
    "tools/postgres",
    "tools/verify",
    "tools/review",
    "model/access",
    "model/config",
    "lib",
  ],
  commands: [
    "commands/support",
    "stacks",
    "tools/laptop",
    "tools/postgres",
    "tools/verify",
    "tools/adopt",
    "tools/tunnel",
    "tools/deployed",
    "tools/catalog",
    "tools/lock-out",
    "tools/prompt",
    "tools/review",
    "tools/github",
    "model/access",
    "model/config",
    "lib",
    "model/postgresql",
  ],
  "commands/support": [
    "model/postgresql",
    "stacks",
    "tools/laptop",
    "tools/tunnel",
    "tools/deployed",
    "tools/tunnel",
    "tools/verify",
    "tools/review",
    "model/access",
    "model/config",
    "lib",
  ],
  stacks: ["constructs", "model/access", "model/config", "model/aws", "model/postgresql", "lib"],
  constructs: ["model/access", "model/config", "model/aws", "model/postgresql", "lib"],
  "tools/laptop": [
    "board",
    "tools/protocol",
    "tools/postgres",
    "model/access",
    "model/config",
    "model/aws",
    "model/postgresql",
    "lib",
  ],
  "tools/postgres": ["model/access", "model/postgresql", "lib"],
  "tools/review": ["model/access", "model/config", "model/aws", "model/postgresql", "lib"],
  "tools/github": ["lib"],
  "tools/tunnel": ["tools/deployed", "tools/protocol", "model/config", "model/postgresql", "lib"],
  // PostgreSQL's protocol, as those speak it who stand between a client and a server.
  "tools/protocol": ["lib"],
  // A small psql, where there is none.
  "tools/prompt": ["lib"],
  // What deployed stacks say of themselves, and who asks.
  "tools/deployed": ["model/access", "model/config", "model/postgresql", "lib"],
  "tools/verify": ["tools/catalog", "model/access", "model/config", "model/aws", "model/postgresql", "lib"],
  "tools/lock-out": [
    "tools/catalog",
    "tools/deployed",
    "model/access",
    "model/aws",
    "model/postgresql",
    "lib",
  ],
  "tools/adopt": ["tools/catalog", "model/access", "model/config", "model/aws", "model/postgresql", "lib"],
  "tools/catalog": ["model/aws", "model/postgresql", "lib"],
  "model/access": ["model/config", "model/aws", "model/postgresql", "lib"],
  "model/config": ["model/aws", "model/postgresql", "lib"],
  "model/aws": [],
  "model/postgresql": ["lib"],
  // The message board's image is built from its folder alone.
  board: [],
  // How images are built; it bundles entry points, and imports none.
  image: [],
  lib: [],
  examples: [],
};

/** Rooms of pure meaning: they know nothing of how it is synthesised. */
const PURE = ["model/access", "model/config", "model/aws", "model/postgresql", "lib"];

/**
 * The doors of each tool: the files that others may import, each what one command calls. Tests may open what is inside.
 */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  "tools/verify": ["verify.ts"],
  "tools/adopt": ["adopt.ts"],
  "tools/lock-out": ["lock-out.ts"],
  // What reads a live server: a connection, transactions that only read, the queries and what their rows mean.
  "tools/catalog": [
    "connection.ts",
    "server-address.ts",
    "read-only.ts",
    "catalog-queries.ts",
    "live-catalog.ts",
  ],
  "tools/prompt": ["prompt.ts"],
  "tools/tunnel": ["tunnel.ts"],
  // The AWS CLI, the outputs of stacks, and an identity's role.
  "tools/deployed": [
    "aws-cli.ts",
    "aws-problem.ts",
    "endpoints.ts",
    "outputs.ts",
    "stack-outputs.ts",
    "take-identity-role.ts",
  ],
  // What synthesised sides come to, and the sides.
  "tools/review": ["review.ts"],
  // What a command judges a pull request by.
  "tools/github": ["judge.ts"],
  // To start one, and to find one that runs. What is measured is its parts alone, without what decides who may log in.
  "tools/laptop": ["laptop.ts", "running.ts", "login-paths.ts"],
  // A server to start, and the versions that npm run postgres installs.
  "tools/postgres": ["embedded-server.ts", "standby.ts", "server-binaries.ts"],
};

/** A file and what it imports: files of the project by their path, packages by their name. */
type Imports = ReadonlyMap<string, readonly string[]>;

// What is synthesised may be written anew meanwhile, and node_modules is large: neither is looked into.
const FILES = readdirSync(ROOT, { withFileTypes: true })
  .filter(({ name }) => !/^(\.|cdktf\.out$|node_modules$)/.test(name))
  .flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(join(ROOT, entry.name), { recursive: true, encoding: "utf8" }).map((file) =>
          join(entry.name, file),
        )
      : [entry.name],
  )
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /\.(ts|js|mjs)$/.test(file) && !/(^|\/)(node_modules|\.venv|target)\//.test(file));
const IMPORTS = importsOf(FILES, (file) => readFileSync(join(ROOT, file), "utf8"));
const SOURCES: Imports = new Map([...IMPORTS].filter(([file]) => !file.startsWith("test/")));

test("every file is in a room of the floor plan", () => {
  expect(SOURCES.size).toBeGreaterThan(150);
  expect([...SOURCES.keys()].filter((file) => roomOf(file) === undefined)).toEqual([]);
});

test("imports only go down, from room to room as the floor plan allows", () => {
  expect(misplaced(SOURCES)).toEqual([]);
});

test("a tool is entered by its doors alone", () => {
  expect(trespasses(SOURCES)).toEqual([]);
});

test("no files import each other in a circle", () => {
  expect(circles(IMPORTS)).toEqual([]);
});

test("nothing imports a test", () => {
  const found = [...SOURCES].filter(([, imports]) => imports.some((to) => to.startsWith("test/")));
  expect(found).toEqual([]);
});

test("what the environment means is said without cdktf", () => {
  const found = [...SOURCES].filter(
    ([file, imports]) =>
      PURE.includes(roomOf(file) ?? "") && imports.some((to) => /^(cdktf|constructs$|@cdktf\/)/.test(to)),
  );
  expect(found).toEqual([]);
});

test("the checks see an import that goes up or past a door, a circle, and an import by type, require or import()", () => {
  const texts: Readonly<Record<string, string>> = {
    "lib/a.ts": 'import type { B } from "../model/config/b";',
    "model/config/b.ts": 'export { a } from "../../lib/a";\nimport "yaml";',
    "stacks/c.ts": 'const c = require("./d");',
    "stacks/d.ts": 'const d = import(\n  "./c");',
    "commands/e.ts": 'import "../tools/verify/verify";\nimport type { F } from "../tools/verify/inner";',
    "tools/verify/verify.ts": 'import "./inner";',
    "tools/verify/inner.ts": "",
  };
  const imports = importsOf(Object.keys(texts), (file) => texts[file] ?? "");
  expect(misplaced(imports)).toEqual(["lib/a.ts → model/config/b.ts"]);
  expect(trespasses(imports)).toEqual(["commands/e.ts → tools/verify/inner.ts"]);
  expect(circles(imports)).toEqual([
    ["lib/a.ts", "model/config/b.ts"],
    ["stacks/c.ts", "stacks/d.ts"],
  ]);
  expect(imports.get("model/config/b.ts")).toContain("yaml");
});

function importsOf(files: readonly string[], read: (file: string) => string): Imports {
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const found = read(file).matchAll(/\b(?:from|import|require)\s*\(?\s*"([^"\n]+)"/g);
      const imports = [...found].map(([, name = ""]) => {
        if (!name.startsWith(".")) return name;
        const path = posix.join(posix.dirname(file), name);
        return [path, `${path}.ts`, `${path}.js`].find((each) => known.has(each)) ?? path;
      });
      return [file, [...new Set(imports)]];
    }),
  );
}

function roomOf(file: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((left, right) => right.length - left.length)[0];
}

/** Imports from one room to another that the floor plan does not allow. */
function misplaced(imports: Imports): string[] {
  return [...imports].flatMap(([file, all]) => {
    const room = roomOf(file);
    return all
      .filter(
        (to) => imports.has(to) && roomOf(to) !== room && !ROOMS[room ?? ""]?.includes(roomOf(to) ?? ""),
      )
      .map((to) => `${file} → ${to}`);
  });
}

/** Imports of a tool's files from outside of it, past its doors. */
function trespasses(imports: Imports): string[] {
  return [...imports].flatMap(([file, all]) =>
    all
      .filter((to) => {
        const tool = roomOf(to) ?? "";
        const doors = DOORS[tool];
        return doors && roomOf(file) !== tool && !doors.some((door) => to === `${tool}/${door}`);
      })
      .map((to) => `${file} → ${to}`),
  );
}

/** The files of each circle, sorted. */
function circles(imports: Imports): string[][] {
  const reached = new Map(
    [...imports.keys()].map((file) => {
      const seen = new Set<string>();
      const visit = (from: string) => {
        for (const to of imports.get(from) ?? []) {
          if (!imports.has(to) || seen.has(to)) continue;
          seen.add(to);
          visit(to);
        }
      };
      visit(file);
      return [file, seen];
    }),
  );
  const groups = [...reached].flatMap(([file, seen]) =>
    seen.has(file)
      ? [
          [...seen]
            .filter((other) => reached.get(other)?.has(file))
            .sort()
            .join("\n"),
        ]
      : [],
  );
  return [...new Set(groups)].sort().map((group) => group.split("\n"));
}
