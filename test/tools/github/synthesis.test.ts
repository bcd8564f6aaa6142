import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { artifactName, fetchSynthesis } from "../../../tools/github/synthesis";
import { type ZipEntry, zip } from "../../helpers/zip";
import { FakeGitHub, HEAD, REPOSITORY } from "./fake-github";

const MERGE = "c".repeat(40);
const STACK = { name: "stacks/dev-access/cdk.tf.json", data: "{}" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "synthesis-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fetch(github: FakeGitHub, wait: () => Promise<unknown> = async () => undefined): Promise<void> {
  const synthesis = { repository: REPOSITORY, workflow: "review-synthesis.yml", head: HEAD, merge: MERGE };
  return fetchSynthesis(github.api, synthesis, folder, wait);
}

/** GitHub with a synthesis handed over, made of these entries. */
function handedOver(entries: readonly ZipEntry[], github = new FakeGitHub()): FakeGitHub {
  github.knows.artifacts[artifactName(MERGE)] = [{ id: 7, expired: false, workflow_run: { head_sha: HEAD } }];
  github.knows.archives[7] = zip(entries);
  return github;
}

const files = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();

test("what a review reads of a synthesis is written to the folder", async () => {
  await fetch(
    handedOver([
      STACK,
      { name: "review/dev/access-plan.json", data: '{"version":1}' },
      { name: "review/dev/shop.sql", data: "-- SQL" },
      { name: "manifest.json", data: "{}" },
    ]),
  );
  expect(readFileSync(join(folder, "review/dev/access-plan.json"), "utf8")).toBe('{"version":1}');
  expect(files().filter((name) => name.includes("."))).toEqual([
    "review/dev/access-plan.json",
    "review/dev/shop.sql",
    "stacks/dev-access/cdk.tf.json",
  ]);
});

test.each([
  "../stacks/dev-access/cdk.tf.json",
  "stacks/../../evil/cdk.tf.json",
  "stacks/dev-access/../../../evil",
  "/stacks/dev-access/cdk.tf.json",
  "stacks\\dev\\x.json",
  "stacks/dev-access/..",
  "stacks/dev-access/.npmrc",
  "stacks/dev-access/a/b.json",
  "review/dev/a\0.json",
  "review/dev/a\nb.json",
  "node_modules/x/index.js",
])("an entry named %j is written nowhere", async (name) => {
  await fetch(handedOver([STACK, { name, data: "evil" }]));
  expect(files()).toEqual(["stacks", "stacks/dev-access", "stacks/dev-access/cdk.tf.json"]);
});

test.each<[string, readonly ZipEntry[], string]>([
  ["with nothing to review in it", [{ name: "manifest.json", data: "{}" }], "holds no stack and no review"],
  ["with a name twice", [STACK, STACK], "cannot be read: stacks/dev-access/cdk.tf.json is in it twice"],
])("a synthesis %s is an error", async (_, entries, message) => {
  await expect(fetch(handedOver(entries))).rejects.toThrow(message);
});

test("what is no archive is an error", async () => {
  const github = handedOver([]);
  github.knows.archives[7] = Buffer.from("<html>");
  await expect(fetch(github)).rejects.toThrow("cannot be read: it is no ZIP archive");
});

test("a synthesis that is still being made is waited for", async () => {
  const github = new FakeGitHub();
  // That of an earlier event.
  github.knows.runs = [{ status: "completed", conclusion: "success" }];
  let waits = 0;
  await fetch(github, async () => {
    waits += 1;
    if (waits === 2) {
      github.knows.runs = [
        { status: "in_progress", conclusion: null },
        { status: "completed", conclusion: "cancelled" },
      ];
    }
    if (waits === 20) handedOver([STACK], github);
  });
  expect(waits).toBe(20);
  expect(files()).toContain("stacks/dev-access/cdk.tf.json");
});

test("one that is of another merge, of another commit or expired is not taken", async () => {
  const github = handedOver([STACK]);
  const good = { id: 7, expired: false, workflow_run: { head_sha: HEAD } };
  github.knows.artifacts = {
    [artifactName("d".repeat(40))]: [good],
    [artifactName(MERGE)]: [
      { ...good, expired: true },
      { ...good, workflow_run: { head_sha: "d".repeat(40) } },
    ],
  };
  await expect(fetch(github)).rejects.toThrow("has not synthesised ccccccc in ten minutes");
});

test("one that was not made is not waited for long, and what became of it is said", async () => {
  const github = new FakeGitHub();
  github.knows.runs = [
    { status: "completed", conclusion: "failure" },
    { status: "completed", conclusion: "action_required" },
  ];
  let waits = 0;
  const waiting = fetch(github, async () => {
    waits += 1;
  });
  await expect(waiting).rejects.toThrow(
    "review-synthesis.yml has made no synthesis of ccccccc (failure, action_required)",
  );
  expect(waits).toBeLessThan(10);
});

test("a workflow that is not there is an error that names it", async () => {
  const github = new FakeGitHub();
  github.broken.push({
    path: /workflows/,
    answer: () => Response.json({ message: "Not Found" }, { status: 404 }),
  });
  await expect(fetch(github)).rejects.toThrow("workflows/review-synthesis.yml/runs");
});
