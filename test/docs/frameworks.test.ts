import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { FRAMEWORKS } from "../examples/frameworks";
import { FOLDER } from "../examples/programs";
import { page } from "./pages";

/** A row of the table, by its cells. */
const ROWS = [...page("docs/frameworks.md").text.matchAll(/^\| (\w.*) \|$/gm)].map(([, row = ""]) => {
  const [name = "", tried = "", how = "", lacks = "", example = ""] = row.split(" | ");
  return { name, tried, how, lacks, example };
});

/** What a lock file says of a package: undefined when it has none of that name. */
const LOCKED: Readonly<Record<string, (name: string) => string | undefined>> = {
  node: (name) => JSON.parse(lock("node/package-lock.json")).packages[`node_modules/${name}`]?.version,
  python: (name) =>
    new RegExp(`^${literally(name)}==(\\S+)`, "m").exec(lock("python/frameworks-locked.txt"))?.[1],
  java: (name) => {
    const [group = "", artifact = ""] = name.split(":").map(literally);
    const stated = `<groupId>${group}</groupId>\\s+<artifactId>${artifact}</artifactId>\\s+<version>([^<]+)<`;
    return new RegExp(stated).exec(lock("java/frameworks/pom.xml"))?.[1];
  },
  go: (name) => new RegExp(`^\\t${literally(name)} v(\\S+)$`, "m").exec(lock("go/go.mod"))?.[1],
};

test("every example that is tried has a row, and every row an example that is tried", () => {
  const shown = ROWS.map(({ example }) => files(example)[0]);
  expect(shown.sort()).toEqual(FRAMEWORKS.map(({ file }) => file).sort());
});

describe.each(ROWS)("$name", ({ tried, how, lacks, example }) => {
  test("was tried with the versions of its lock file", () => {
    const versions = [...tried.matchAll(/`([^`]+)` ([\d.]+)/g)];
    expect(versions.length).toBeGreaterThan(0);
    const [language = ""] = files(example)[0]?.split("/") ?? [];
    expect(versions.map(([, name = ""]) => [name, LOCKED[language]?.(name)])).toEqual(
      versions.map(([, name, version]) => [name, version]),
    );
  });

  test("says how it works and what it lacks, in its file as well", () => {
    expect([how, lacks]).not.toContain("");
    for (const file of files(example)) expect(existsSync(join(FOLDER, file))).toBe(true);
    const code = readFileSync(join(FOLDER, files(example)[0] ?? ""), "utf8");
    expect(code).toMatch(/What it does not do: /);
    expect(code).toMatch(/After a failover:\s|writer-pool/);
    expect(code.trimEnd().split("\n").length).toBeLessThanOrEqual(55);
  });
});

/** The files that a cell links to, in the folder of the examples. */
function files(cell: string): string[] {
  return [...cell.matchAll(/\]\(([^)]+)\)/g)].map(([, path = ""]) =>
    posix.relative(FOLDER, posix.join("docs", path)),
  );
}

function lock(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8");
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
