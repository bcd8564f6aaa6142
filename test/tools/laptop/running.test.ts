import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { announce, runningLaptops } from "../../../tools/laptop/running";

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "running-"));
});
afterEach(() => {
  rmSync(temporary, { recursive: true, force: true });
});

const SAID = {
  project: "/project",
  environment: "dev",
  identities: { "orders-api": { kind: "service" as const, variables: { PGUSER: "orders_api" } } },
};

/** The folder of a laptop that says something of itself. */
function laptop(name: string, said: Omit<Parameters<typeof announce>[1], "identities"> = SAID): string {
  const folder = join(temporary, `postgres-${name}`);
  mkdirSync(folder, { recursive: true });
  announce(folder, { ...SAID, ...said });
  return join(folder, "laptop.json");
}

const running = (project: string, environment?: string) => runningLaptops(project, environment, temporary);
const found = (environment?: string) => running("/project", environment).map((each) => each.environment);

test("a laptop that runs is found by its project, and by its environment; the latest comes first", () => {
  utimesSync(laptop("a"), 1, 1);
  laptop("b", { project: "/project", environment: "prod" });
  laptop("c", { project: "/elsewhere", environment: "other" });
  expect(running("/project")).toEqual([
    { ...SAID, pid: process.pid, environment: "prod" },
    { ...SAID, pid: process.pid },
  ]);
  expect(found("dev")).toEqual(["dev"]);
  expect(found("test")).toEqual([]);
  expect(running("/nowhere")).toEqual([]);
});

test("a laptop whose process is no more is not found, though its folder is still there", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  const file = laptop("a");
  writeFileSync(file, readFileSync(file, "utf8").replace(String(process.pid), String(child.pid)));
  expect(found()).toEqual([]);
});

describe("what another could have put there is left alone", () => {
  const cases: Readonly<Record<string, (file: string) => void>> = {
    "a file that others may read": (file) => chmodSync(file, 0o640),
    "a file that others may write": (file) => chmodSync(file, 0o602),
    "a symbolic link": (file) => {
      const elsewhere = join(temporary, "elsewhere");
      writeFileSync(elsewhere, readFileSync(file), { mode: 0o600 });
      rmSync(file);
      symlinkSync(elsewhere, file);
    },
    "a hard link": (file) => linkSync(file, join(temporary, "elsewhere")),
    "a folder": (file) => {
      rmSync(file);
      mkdirSync(file, { mode: 0o700 });
    },
    "a huge file": (file) => writeFileSync(file, readFileSync(file, "utf8").padEnd(16 * 1024 * 1024 + 1)),
    "no JSON": (file) => writeFileSync(file, "{"),
    "something else": (file) => writeFileSync(file, '{"pid":1}'),
    "a key that nobody knows": (file) =>
      writeFileSync(file, readFileSync(file, "utf8").replace("{", '{"more":1,')),
  };

  test.each(Object.keys(cases))("%s", (name) => {
    const file = laptop("a");
    cases[name]?.(file);
    laptop("b", { project: "/project", environment: "prod" });
    expect(found()).toEqual(["prod"]);
  });

  test("a file in a folder's place", () => {
    writeFileSync(join(temporary, "postgres-x"), "");
    expect(found()).toEqual([]);
  });
});

test("nobody else can read what a laptop says, whatever the umask", () => {
  const umask = process.umask(0);
  try {
    laptop("a");
  } finally {
    process.umask(umask);
  }
  expect(found()).toEqual(["dev"]);
});
