import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { eventually } from "../helpers/eventually";
import { GitProject } from "../helpers/git-project";
import { GIT_ENV } from "../helpers/git-repository";
import { startCommand } from "./running-command";

const project = new GitProject();
const { repository } = project;
const DEV = "environments/dev.yaml";
afterEach(() => project.reset());
afterAll(() => project.remove());

test("what changes nothing asks nothing: whitespace, comments, the order of keys", () => {
  const before = project.text(DEV);
  const [services = ""] = /^ {4}billing-worker:(\n {6}.*)+\n/m.exec(before) ?? [];
  repository.edit(DEV, services, "");
  repository.edit(DEV, "  services:\n", `  services:   # a comment\n${services}\n`);
  repository.edit(DEV, "namespace: shop", "namespace:    'shop'");
  const { status, stdout } = project.review();
  expect(stdout).toMatch(/nothing to approve/i);
  expect(status).toBe(0);
});

test("a grant asks for approval, whose digest accepts it and nothing else", () => {
  repository.edit(DEV, "shop.billing: read-only }", "shop.billing: read-write }");
  const asked = project.review(["dev"]);
  expect(asked.status).toBe(2);
  const digest = /--approve ([0-9a-f]{40})/.exec(asked.stdout)?.[1] ?? "";
  expect(project.review(["dev", "--approve", digest]).status).toBe(0);
  repository.edit(
    DEV,
    "grants: { shop.billing: read-write }",
    "grants: { shop.billing: read-write, shop.orders: read-only }",
  );
  expect(project.review(["dev", "--approve", digest]).status).toBe(2);
});

test("the base is made by its own code: what the change's code makes of the same files is seen", () => {
  repository.edit("constructs/database/cluster-parameters.ts", /"rds\.force_ssl", "1"|"1"/, '"0"');
  const { status, stdout } = project.review(["dev", "--format", "json"]);
  expect(status).toBe(2);
  const { environments, findings } = JSON.parse(stdout);
  expect(JSON.stringify(environments)).toContain("dev-database");
  expect(findings[0].text).toBe(
    "code: changed constructs/database/cluster-parameters.ts; what it does beyond these stacks is not seen here",
  );
});

test("a mistake in the change is told as by any command, and is no result", () => {
  repository.edit(DEV, "natGateways: single", "natGateways: doubel");
  const { status, stdout, stderr } = project.review();
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^environments\/dev\.yaml:\d+:\d+: /m);
  expect(stderr).not.toMatch(/^\s+at /m);
});

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

test("reports are written where --out says, each in its form, and the text is printed beside them", () => {
  const out = join(mkdtempSync(join(tmpdir(), "out-")), "new");
  const { status, stdout } = project.review(["--format", "markdown,json", "--out", out]);
  expect([status, readdirSync(out).sort()]).toEqual([0, ["review.json", "review.md"]]);
  expect(stdout).toMatch(/nothing to approve/i);
  rmSync(join(out, ".."), { recursive: true });
});

describe("what it is not called with", () => {
  test.each<[readonly string[], string]>([
    [["--format", "jsn"], 'There is no format "jsn". Did you mean "json"?'],
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
