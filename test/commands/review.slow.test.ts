import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { eventually } from "../helpers/eventually";
import { GitProject } from "../helpers/git-project";
import { GIT_ENV } from "../helpers/git-repository";
import { startCommand } from "./running-command";

const project = new GitProject();
const { repository } = project;
afterEach(() => project.reset());
afterAll(() => project.remove());
const DEV = "environments/dev.yaml";

test("a crash is no result either", () => {
  repository.edit(
    "tools/review/sides/compare-code.ts",
    "const subject",
    "throw new Error('crash');\n  const subject",
  );
  const { status, stdout, stderr } = project.review();
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("Error: crash");
});

test("--at of what cannot be synthesised is no answer", () => {
  repository.edit(DEV, "natGateways: single", "natGateways: doubel");
  repository.commit();
  const { status, stdout, stderr } = project.review(["--at", "HEAD"]);
  repository.git("reset", "--quiet", "--hard", "HEAD~1");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^[0-9a-f]{10} cannot be read: environments\/dev\.yaml:\d+:\d+: /m);
});

test("reports are written where --out says, each in its form, and the text is printed beside them", () => {
  const out = join(mkdtempSync(join(tmpdir(), "out-")), "new");
  const { status, stdout } = project.review(["--format", "markdown,json", "--out", out]);
  expect([status, readdirSync(out).sort()]).toEqual([0, ["review.json", "review.md"]]);
  expect(stdout).toMatch(/nothing to approve/i);
  rmSync(join(out, ".."), { recursive: true });
});

test("--at says who had what then, in each form", () => {
  const at = repository.git("rev-parse", "HEAD").slice(0, 10);
  repository.edit(DEV, "shop.billing: read-only }", "shop.billing: read-write }");
  const out = mkdtempSync(join(tmpdir(), "out-"));
  const args = ["dev", "--at", "HEAD", "--format", "text,markdown,html,json", "--out", out];
  const { status, stdout } = project.review(args);
  const read = (file: string) => readFileSync(join(out, file), "utf8");
  const texts = ["access.txt", "access.md", "access.html", "access.json"].map(read);
  rmSync(out, { recursive: true });
  expect([status, stdout]).toEqual([0, texts[0]]);
  expect(stdout).toMatch(new RegExp(`^dev at ${at}: account 123456789012, eu-west-1\n`));
  expect(stdout).toMatch(/^shop\.billing +orders-api +read-only +ServiceAccount shop\/orders-api$/m);
  expect(stdout).not.toContain("prod");
  expect(texts[1]).toMatch(/^# Access to PostgreSQL in dev\n/);
  expect(texts[2]).toMatch(/^<!doctype html>/);
  const { version, environments } = JSON.parse(texts[3] ?? "");
  expect([version, Object.keys(environments), environments.dev.version]).toEqual([1, ["dev"], 1]);
});

test("--log tells the history of an identity, a line a commit", () => {
  const { status, stdout } = project.review(["dev", "--log", "orders-api"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^\d{4}-\d\d-\d\d {2}[0-9a-f]{10} {2}Ann Author {2}dev: orders-api: a new service; .*\n$/,
  );
});

describe("what it is not called with", () => {
  test.each<[readonly string[], string]>([
    [["--at", "HEAD", "--base", "HEAD"], "--at does not go with --base."],
    [["--check", "--head", "HEAD"], "--check does not go with --head."],
    [["--log", "orders-api", "--format", "html"], 'There is no format "html" here. Known: json, text.'],
    [["--log", "no-such"], 'There never was an identity or schema "no-such".'],
    [["devv"], 'there is no environment devv. Did you mean "dev"?'],
    [["--out", "package.json"], "package.json cannot be written to (EEXIST): --out names a folder."],
    [["--format", "jsn"], 'There is no format "jsn" here. Did you mean "json"?'],
    [["--format", "text,json"], "Several formats need --out, a folder to write them to."],
    [["--base="], "--base needs a value."],
    [["--base", "no-such"], '--base "no-such" is neither a folder nor a revision'],
  ])("%j", (args, message) => {
    const { status, stdout, stderr } = project.review(args);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("ended by %s", (signal) => {
  test("it passes nothing, and leaves neither files nor processes", async () => {
    const running = join(project.folder, "cdktf.out");
    repository.write(
      "wait.js",
      `require("node:fs").writeFileSync("${running}", ""); setInterval(() => {}, 1000);`,
    );
    repository.edit("package.json", "node run.js commands/synth.ts", "node wait.js");
    repository.commit();
    const before = repository.state();
    const command = startCommand(project, "review", ["--base", "HEAD", "--head", "HEAD"], GIT_ENV);
    try {
      await eventually(() => existsSync(running));
      command.signal(signal);
      expect(await command.ended()).toBe(130);
      expect(command.output()).toBe("");
      await command.nothingLeft();
      expect(repository.state()).toBe(before);
    } finally {
      command.remove();
      repository.git("reset", "--quiet", "--hard", "HEAD~1");
      rmSync(running, { force: true });
    }
  });
});
