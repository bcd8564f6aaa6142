import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { MINIMAL } from "../helpers/environment";
import { ProjectCopy, run } from "../helpers/run";

let project: ProjectCopy;
const inProject = (path: string) => join(project.folder, path);
const write = (text: string) => {
  rmSync(inProject("ours"), { recursive: true, force: true });
  run("mkdir", ["-p", inProject("ours")]);
  writeFileSync(inProject("ours/test.yaml"), text);
};
const ours = { ENVIRONMENTS: "ours" };
const FILES = ["access-plan.json", "access.md", "shop.sql"].map((name) => `ours/review/test/${name}`);
beforeAll(() => {
  project = new ProjectCopy();
});
afterAll(() => project.remove());
beforeEach(() => write(`${MINIMAL}review: { folder: review }\n`));

describe("npm run synth", () => {
  test("writes what is committed where the file says, the same bytes as in cdktf.out, and says so once", () => {
    const first = project.npm("synth", [], ours);
    expect([first.status, first.stderr]).toEqual([0, ""]);
    expect(first.stdout.trim().split("\n").slice(-3)).toEqual(FILES.map((file) => `${file}: written`));
    for (const file of FILES) {
      expect(readFileSync(inProject(file), "utf8")).toBe(
        readFileSync(inProject(file.replace("ours", "cdktf.out")), "utf8"),
      );
    }
    expect(project.npm("synth", [], ours).stdout).not.toContain("written");
  });

  test("says what is in the way, and has then written nothing", () => {
    writeFileSync(inProject("ours/review"), "");
    rmSync(inProject("cdktf.out"), { recursive: true, force: true });
    const { status, stdout, stderr } = project.npm("synth", [], ours);
    expect([status, stdout, stderr]).toEqual([
      1,
      "",
      "ours/review is a file, where review.folder needs a folder: move it, or name another folder\n",
    ]);
    expect(existsSync(inProject("cdktf.out"))).toBe(false);
  });
});

test("the app that cdktf runs writes to cdktf.out alone", () => {
  const { status } = run(process.execPath, ["run.js", "main.ts"], { cwd: project.folder, env: ours });
  expect([status, existsSync(inProject("ours/review"))]).toEqual([0, false]);
});

describe("npm run review -- --check", () => {
  const check = () => {
    const { status, stdout, stderr } = project.npm("review", ["--check"], ours);
    return { status, stdout, stderr };
  };

  test("fails with each file that is not there or is stale and the command that writes it, and writes nothing", () => {
    expect(check()).toEqual({
      status: 1,
      stdout: "",
      stderr: `${FILES.map((file) => `${file} is not there\n`).join("")}ENVIRONMENTS='ours' npm run synth writes these files; commit what it changes.\n`,
    });
    expect(existsSync(inProject("ours/review"))).toBe(false);
    project.npm("synth", [], ours);
    expect(check()).toEqual({
      status: 0,
      stdout: "The review files of test are what the environment files make.\n",
      stderr: "",
    });
    writeFileSync(
      inProject("ours/test.yaml"),
      readFileSync(inProject("ours/test.yaml"), "utf8").replace("read-write", "owner"),
    );
    expect(check()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("ours/review/test/access.md is not what ours/test.yaml makes\n"),
    });
  });

  test("says that nothing is committed where no file says where", () => {
    write(MINIMAL);
    expect(check()).toEqual({
      status: 0,
      stdout: "No environment file has review.folder: there are no review files to compare.\n",
      stderr: "",
    });
  });
});

test("npm run review writes them as well, and says so on stderr alone", () => {
  project.npm("synth", [], ours);
  rmSync(inProject("ours/review"), { recursive: true });
  const { stdout, stderr } = project.npm("review", ["--base", "cdktf.out"], ours);
  expect(stderr).toBe(FILES.map((file) => `${file}: written\n`).join(""));
  expect(stdout).not.toContain("written");
  expect(existsSync(inProject("ours/review/test/access.md"))).toBe(true);
});

test("GitHub shows the committed files of the examples in pull requests", () => {
  const files = ["access.md", "access-plan.json", "shop.sql"].map(
    (name) => `environments/review/dev/${name}`,
  );
  const { stdout } = run("git", ["check-attr", "linguist-generated", "eol", "--", ...files]);
  expect(stdout.match(/linguist-generated: false/g)).toHaveLength(3);
  expect(stdout.match(/eol: lf/g)).toHaveLength(3);
});
