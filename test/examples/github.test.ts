import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { parseApprovers } from "../../tools/github/approvers";
import { artifactName } from "../../tools/github/synthesis";
import { blocks, page } from "../docs/pages";
import { ROOT } from "../helpers/run";

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly environment?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, { readonly branches?: string[]; readonly types?: string[] } | null>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency: { readonly group: string; readonly "cancel-in-progress"?: boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(ROOT, "examples/github");
const WORKFLOWS = readdirSync(FOLDER).map((file): [string, Workflow, string] => {
  const text = readFileSync(join(FOLDER, file), "utf8");
  return [file, parse(text), text];
});
const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(ROOT, "package.json"), "utf8"),
);

function workflow(name: string): Workflow {
  const found = WORKFLOWS.find(([file]) => file === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found[1];
}

const jobs = ({ jobs: all }: Workflow) => Object.values(all);
const runs = (of: Workflow) => jobs(of).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

test("there are workflows for a review, for what it needs, for deploying and for the night", () => {
  const names = WORKFLOWS.map(([file]) => file);
  expect(names).toEqual(["deploy.yml", "review-synthesis.yml", "review.yml", "verify.yml"]);
});

describe.each(WORKFLOWS)("%s", (_file, each, text) => {
  test("gives every job what it needs and nothing else, and an end", () => {
    expect(each.permissions).toEqual({});
    for (const job of jobs(each)) {
      expect(Object.keys(job.permissions ?? {}).length).toBeGreaterThan(0);
      expect(job.permissions?.contents).toBe("read");
      expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
    }
    expect(each.concurrency.group).not.toBe("");
  });

  test("has no shell of more than three lines, and puts nothing into it that somebody else wrote", () => {
    for (const run of runs(each)) {
      expect(run.trimEnd().split("\n").length).toBeLessThanOrEqual(3);
      expect(run).not.toContain("${{");
    }
  });

  test("runs commands that the project has", () => {
    const named = runs(each).flatMap((run) =>
      [...run.matchAll(/npm run (?:--silent )?([a-z-]+)/g)].map(([, name = ""]) => name),
    );
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test("names actions by commits that are still to be filled in, and says so by their names", () => {
    const used = jobs(each).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    expect(used.length).toBeGreaterThan(1);
    for (const uses of used) expect(uses).toMatch(/^[\w-]+\/[\w-]+@COMMIT_OF_v\d+$/);
  });

  test("leaves no credentials in a checkout, and nothing in a cache", () => {
    for (const { uses, with: given } of jobs(each).flatMap(({ steps }) => steps)) {
      if (uses?.startsWith("actions/checkout@")) expect(given).toEqual({ "persist-credentials": false });
      if (uses?.startsWith("actions/setup-node@")) expect(given?.["package-manager-cache"]).toBe(false);
      expect(uses ?? "").not.toMatch(/^actions\/cache/);
      expect(Object.keys(given ?? {})).not.toContain("cache");
    }
  });

  test("says what it is for", () => {
    expect(text).toMatch(/^# /);
  });
});

test("where main's secrets and cache are, nothing of a pull request is checked out or run", () => {
  const privileged = WORKFLOWS.filter(([, { on }]) => "pull_request_target" in on || "workflow_run" in on);
  expect(privileged.map(([file]) => file)).toEqual(["review.yml"]);
  for (const [, each] of privileged) {
    for (const { uses, run, with: given } of jobs(each).flatMap(({ steps }) => steps)) {
      if (uses?.startsWith("actions/checkout@")) expect(Object.keys(given ?? {})).not.toContain("ref");
      expect(JSON.stringify(given ?? {})).not.toMatch(/head|merge|refs\/pull/);
      if (run) expect(["npm ci", "npm run --silent pull-request -- --out review"]).toContain(run.trim());
    }
  }
});

test("who may approve is said in the judge's own file, which nobody changes without an approval", () => {
  const [step] = jobs(workflow("review.yml"))
    .flatMap(({ steps }) => steps)
    .filter(({ env }) => env?.APPROVERS);
  expect(parseApprovers(step?.env?.APPROVERS).teams).toHaveLength(1);
});

test("where code of a pull request runs there is no secret and nothing to write", () => {
  const each = workflow("review-synthesis.yml");
  expect(Object.keys(each.on)).toEqual(["pull_request"]);
  for (const job of jobs(each)) {
    expect(job.permissions).toEqual({ contents: "read" });
    expect(job.environment).toBeUndefined();
    expect(JSON.stringify(job)).not.toMatch(/secrets\.|vars\.|github\.token/);
  }
});

test("no other workflow than the review's judges runs on pull requests, which could be a fork's", () => {
  for (const name of ["deploy.yml", "verify.yml"]) {
    expect(Object.keys(workflow(name).on).filter((event) => event.startsWith("pull_request"))).toEqual([]);
  }
});

test("each run of the judge finds a synthesis: both run on the same, and agree on its name", () => {
  const judge = workflow("review.yml");
  const synthesis = workflow("review-synthesis.yml");
  expect(synthesis.on.pull_request).toEqual(judge.on.pull_request_target);
  expect(judge.on.pull_request_target?.branches).toEqual(["main"]);
  expect(judge.on.pull_request_target?.types).toEqual(
    expect.arrayContaining(["opened", "synchronize", "reopened", "edited", "labeled", "unlabeled"]),
  );
  const upload = jobs(synthesis)
    .flatMap(({ steps }) => steps)
    .find(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
  expect(upload?.with?.name).toBe(artifactName("${{ github.sha }}"));
  expect(readFileSync(join(ROOT, "commands/pull-request.ts"), "utf8")).toContain('"review-synthesis.yml"');
});

test("pull requests wait for none but their own earlier review", () => {
  for (const name of ["review.yml", "review-synthesis.yml"]) {
    const { group, ...rest } = workflow(name).concurrency;
    expect(group).toMatch(/\$\{\{ github\.event\.pull_request\.number \}\}$/);
    expect(rest).toEqual({ "cancel-in-progress": true });
  }
});

test("a deployment is never cut off, waits for somebody, and takes its role by OIDC", () => {
  const deploy = workflow("deploy.yml");
  expect(deploy.concurrency["cancel-in-progress"]).toBe(false);
  for (const name of ["deploy.yml", "verify.yml"]) {
    for (const job of jobs(workflow(name))) {
      expect(job.permissions).toEqual({ contents: "read", "id-token": "write" });
      expect(job.environment).toMatch(/^dev/);
      expect(JSON.stringify(job)).not.toContain("secrets.");
    }
  }
  const order = runs(deploy).flatMap((run) => [...run.matchAll(/dev-(\w+)/g)].map(([, stack]) => stack));
  expect(order).toEqual(["network", "eks", "database", "access"]);
});

test("the shell of docs/reviewing.md fills in the commits of all actions, with their versions beside them", () => {
  const filling = blocks(page("docs/reviewing.md")).find(({ text }) => text.includes("COMMIT_OF_"));
  const folder = mkdtempSync(join(tmpdir(), "workflows-"));
  try {
    mkdirSync(join(folder, ".github"));
    cpSync(FOLDER, join(folder, ".github/workflows"), { recursive: true });
    const gh = join(folder, "gh");
    writeFileSync(gh, '#!/bin/sh\n[ "$1 $3" = "api --jq" ] && echo "$2" | sha1sum | cut -c1-40\n');
    chmodSync(gh, 0o755);
    execFileSync("sh", ["-ec", filling?.text ?? "exit 1"], {
      cwd: folder,
      env: { PATH: `${folder}:${process.env.PATH}` },
    });
    const texts = readdirSync(join(folder, ".github/workflows")).map((file) =>
      readFileSync(join(folder, ".github/workflows", file), "utf8"),
    );
    const uses = texts.join("\n").match(/\buses: .*@.*/g) ?? [];
    expect(uses.length).toBeGreaterThan(10);
    for (const line of uses) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[\da-f]{40} # v\d+$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
