import { existsSync, rmSync } from "node:fs";
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
  repository.edit("environments/dev.yaml", "natGateways: single", "natGateways: doubel");
  repository.commit();
  const { status, stdout, stderr } = project.review(["--at", "HEAD"]);
  repository.git("reset", "--quiet", "--hard", "HEAD~1");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^[0-9a-f]{10} cannot be read: environments\/dev\.yaml:\d+:\d+: /m);
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
