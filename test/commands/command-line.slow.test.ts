import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { oneIn } from "../helpers/extent";
import { ProjectCopy, ROOT } from "../helpers/run";

const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(ROOT, "package.json"), "utf8"),
);
/** The scripts that are commands of this project, and the file of each. */
const COMMANDS = Object.entries(scripts).flatMap(([name, line]) => {
  const file = /^node run\.js (\S+)$/.exec(line)?.[1];
  return file === undefined ? [] : [{ name, file }];
});

const project = new ProjectCopy();
afterAll(() => project.remove());

function command(
  file: string,
  args: readonly string[],
): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["run.js", file, ...args], { cwd: project.folder }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

test("each file in commands/ is a script of its name", () => {
  const files = readdirSync(join(ROOT, "commands")).filter((file) => file.endsWith(".ts"));
  const named = COMMANDS.filter(({ file }) => file.startsWith("commands/"));
  expect(named.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
});

const usage = (name: string) => new RegExp(`^Usage: npm (run )?${name}\\b`, "m");

test.each(oneIn(2, COMMANDS))(
  "npm run $name says how it is called, and does nothing else, when asked for help",
  async ({ name, file }) => {
    const before = readdirSync(project.folder);
    const { status, stdout, stderr } = await command(file, ["--help"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(usage(name));
    if (stdout.includes("<environment>")) expect(stdout).toContain("ENVIRONMENTS names another folder");
    expect(readdirSync(project.folder)).toEqual(before);
  },
);

test.each(oneIn(3, COMMANDS))("npm run $name refuses an option it does not have", async ({ name, file }) => {
  const before = readdirSync(project.folder);
  const { status, stdout, stderr } = await command(file, ["--no-such-option"]);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^There is no option "--no-such-option"/);
  expect(stderr).toMatch(usage(name));
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(readdirSync(project.folder)).toEqual(before);
});

/** What else a command needs before it looks for what was named; the project of this test is not in git. */
const BESIDE_A_NAME: Readonly<Record<string, readonly string[]>> = {
  review: ["--base", "."],
  "lock-out": ["orders-api"],
};

// For init a name that is none is a new one.
test.each(
  oneIn(
    3,
    COMMANDS.filter(({ name }) => name !== "init"),
  ),
)("npm run $name refuses a name that is none", async ({ name, file }) => {
  const { status, stdout, stderr } = await command(file, ["no-such-name", ...(BESIDE_A_NAME[name] ?? [])]);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("no-such-name");
  expect(stderr).not.toMatch(/^\s+at /m);
});
