import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { LoopbackServer } from "../../lib/loopback";
import { blocks, page } from "../docs/pages";
import { GitProject } from "../helpers/git-project";
import { run } from "../helpers/run";
import { zipFolder } from "../helpers/zip";
import { APPROVER, FakeGitHub, TOKEN } from "../tools/github/fake-github";
import { startCommand } from "./running-command";

const DEV = "environments/dev.yaml";
const READ_WRITE = { [DEV]: ["shop.billing: read-only }", "shop.billing: read-write }"] } as const;

const project = new GitProject();
const { repository } = project;
const base = repository.git("rev-parse", "HEAD");
const out = mkdtempSync(join(tmpdir(), "pull-request-"));
let github: FakeGitHub;
let server: LoopbackServer;
beforeAll(() => {
  repository.git("remote", "add", "origin", project.folder);
});
beforeEach(async () => {
  github = new FakeGitHub();
  github.knows.members["acme/platform/Approver"] = "active";
  server = await github.serve();
});
afterEach(() => server.close());
afterAll(() => {
  project.remove();
  rmSync(out, { recursive: true, force: true });
});

/** Makes the pull request one with these replacements, and main what the job has checked out. */
function change(files: Readonly<Record<string, readonly [string, string]>>): { readonly merge: string } {
  repository.git("checkout", "--quiet", "-B", "change", base);
  for (const [file, [from, to]] of Object.entries(files)) repository.edit(file, from, to);
  const head = repository.commit();
  repository.git("checkout", "--quiet", "-B", "merged", base);
  repository.git("merge", "--quiet", "--no-ff", "--message=merge", head);
  const merge = repository.git("rev-parse", "HEAD");
  repository.git("update-ref", "refs/pull/12/merge", merge);
  repository.git("checkout", "--quiet", "main");
  github.knows.pull.head = { sha: head };
  return { merge };
}

/** Runs the command as a job does. */
async function judge(
  event: unknown = { pull_request: { number: 12 } },
): Promise<{ readonly status: number | null; readonly output: string }> {
  const eventFile = join(out, "event.json");
  const summary = join(out, "summary.md");
  writeFileSync(eventFile, JSON.stringify(event));
  writeFileSync(summary, "");
  const running = startCommand(project, "pull-request", ["--out", join(out, "review")], {
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: `http://127.0.0.1:${server.port}`,
    GITHUB_SERVER_URL: "https://github.test",
    GITHUB_REPOSITORY: "acme/passwordless",
    GITHUB_EVENT_PATH: eventFile,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_TOKEN: TOKEN,
    APPROVERS: "@acme/platform",
  });
  const status = await running.ended();
  await running.nothingLeft();
  running.remove();
  return { status, output: running.output() };
}

const states = () => github.knows.statuses.map(({ state }) => state);
const comment = () => github.knows.comments[0]?.body ?? "";
const digest = () => /approved:([\da-f]{40})/.exec(comment())?.[1] ?? "";

test("one grant is one line, held up until a member approves exactly it, and held up again by the next", async () => {
  change(READ_WRITE);
  const asked = await judge();
  expect(asked.status).toBe(2);
  expect(states()).toEqual(["pending", "failure"]);
  expect(comment().match(/^- .*read-only → read-write.*$/gm)).toHaveLength(1);
  expect(readFileSync(join(out, "summary.md"), "utf8")).toContain(digest());
  expect(readFileSync(join(out, "review/review.html"), "utf8")).toContain("<!doctype html>");

  github.label("labeled", `approved:${digest()}`, APPROVER, "2026-11-26T12:00:00Z");
  const approved = await judge();
  expect([approved.status, states().at(-1)]).toEqual([0, "success"]);
  expect(github.knows.comments).toHaveLength(1);
  expect(comment()).toContain("Approved by Approver.");

  change({ [DEV]: ["shop.billing: read-only }", "shop.billing: owner }"] });
  expect((await judge()).status).toBe(2);
  for (const { output } of [asked, approved]) expect(output).not.toContain(TOKEN);
  expect(asked.output).toMatch(/^::stop-commands::[\da-f-]{36}\n/);
}, 120_000);

test("what changes nothing passes by itself", async () => {
  change({ [DEV]: ["name: dev\n", "name:   dev   # the first\n"] });
  expect(await judge()).toMatchObject({ status: 0 });
  expect(states()).toEqual(["pending", "success"]);
}, 60_000);

test("outside of a job, and in one of another event, it says what is missing", async () => {
  const { status, stderr } = project.npm("pull-request", [], { GITHUB_ACTIONS: "" });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^GITHUB_API_URL is not set: .*\nUsage: /)]);
  change(READ_WRITE);
  const { output, ...ended } = await judge({ push: {} });
  expect(ended.status).toBe(1);
  expect(output).toMatch(/^The event is none of a pull request/m);
  expect(github.requests).toEqual([]);
}, 60_000);

test("changed code is not run, and neither it nor what it wrote passes without an approval", async () => {
  const evil = 'require("node:fs").writeFileSync("/tmp/ran", "x");\n';
  const { merge } = change({
    ...READ_WRITE,
    "commands/synth.ts": ["\n", `\n${evil.replace("/tmp/ran", join(out, "ran"))}`],
  });
  // A forged synthesis: that of main, in which the grant is not to be seen.
  project.npm("synth");
  github.knows.archives[7] = zipFolder(join(project.folder, "cdktf.out"));
  github.knows.artifacts[`synthesis-${merge}`] = [
    { id: 7, expired: false, workflow_run: { head_sha: github.knows.pull.head.sha } },
  ];
  expect((await judge()).status).toBe(2);
  expect(comment()).toMatch(/changed commands\/synth\.ts/);
  expect(() => readFileSync(join(out, "ran"))).toThrow("ENOENT");
}, 60_000);

test("an environment file that is a link is no way to have a forged synthesis believed", async () => {
  const { merge } = changeToLink();
  project.npm("synth");
  github.knows.archives[7] = zipFolder(join(project.folder, "cdktf.out"));
  github.knows.artifacts[`synthesis-${merge}`] = [
    { id: 7, expired: false, workflow_run: { head_sha: github.knows.pull.head.sha } },
  ];
  expect((await judge()).status).toBe(2);
  expect(comment()).toMatch(/changed `environments\/dev\.yaml`/);
}, 60_000);

test("the shell of docs/reviewing.md for another CI passes with what is approved, and with nothing else", async () => {
  const [shell = ""] = blocks(page("docs/reviewing.md"))
    .map(({ text }) => text)
    .filter((text) => text.includes("who-approved"));
  expect(shell.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
  const bin = mkdtempSync(join(out, "bin-"));
  const approver = join(project.folder, "who-approved");
  // npm ci would replace the packages, which are a link here.
  program(
    join(bin, "npm"),
    `[ "$1" = ci ] || exec ${execFileSync("which", ["npm"], { encoding: "utf8" }).trim()} "$@"`,
  );
  project.npm("synth");
  const { merge } = change(READ_WRITE);
  const ci = (approves: string) => {
    program(approver, approves);
    return run("sh", ["-c", shell], {
      cwd: project.folder,
      env: { PATH: `${bin}:${process.env.PATH}`, MERGE: merge, SYNTHESISED: "cdktf.out" },
    });
  };
  const asked = ci("exit 1");
  expect(asked.stderr).not.toContain("fatal");
  expect([asked.status, asked.stdout.match(/read-only → read-write/g)?.length]).toEqual([1, 1]);
  expect(ci(`[ $1 = ${/--approve ([\da-f]{40})/.exec(asked.stdout)?.[1]} ]`).status).toBe(0);
  rmSync(approver);
}, 120_000);

function program(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}`);
  chmodSync(path, 0o755);
}

/** Makes the pull request one in which an environment file is a link, as a commit has it on any machine. */
function changeToLink(): { readonly merge: string } {
  repository.git("checkout", "--quiet", "--detach", base);
  rmSync(join(project.folder, DEV));
  symlinkSync("../package.json", join(project.folder, DEV));
  const head = repository.commit();
  const tree = repository.git("rev-parse", "HEAD^{tree}");
  const merge = repository.git("commit-tree", tree, "-p", base, "-p", head, "-m", "merge");
  repository.git("update-ref", "refs/pull/12/merge", merge);
  repository.git("checkout", "--quiet", "main");
  github.knows.pull.head = { sha: head };
  return { merge };
}
