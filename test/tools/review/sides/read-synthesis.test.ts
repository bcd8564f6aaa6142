import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { readSynthesis } from "../../../../tools/review/sides/read-synthesis";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "synthesis-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes what a synthesis would have; text as it is, anything else as JSON. */
function write(files: Readonly<Record<string, unknown>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}

const PLAN = { version: 1, environment: "dev" };
const DEV = {
  "review/dev/access-plan.json": PLAN,
  "review/dev/review-rules.json": { version: 1, findings: { "access-gained": "notify" } },
  "stacks/dev-access/cdk.tf.json": { resource: {} },
};

test("an environment has its plan, its rules, and the stacks that begin with its name", () => {
  write({
    ...DEV,
    "review/dev-two/access-plan.json": { version: 1, environment: "dev-two" },
    "stacks/dev-two-access/cdk.tf.json": { resource: { two: {} } },
  });
  const { environments, problem } = readSynthesis(folder, "here");
  expect(problem).toBeUndefined();
  expect(environments.get("dev")).toMatchObject({
    plan: PLAN,
    rules: { findings: { "access-gained": "notify" } },
    stacks: new Map([["dev-access", { resource: {} }]]),
  });
  expect(environments.get("dev-two")).toMatchObject({
    stacks: new Map([["dev-two-access", { resource: { two: {} } }]]),
  });
});

test("an environment has what else Terraform reads in the folders of its stacks, and nothing that it does not", () => {
  const read = ["more.tf", "more.tf.json", "x.tofu", "x.tofu.json", "terraform.tfvars", "a.auto.tfvars.json"];
  const other = ["rds-ca.pem", "plan", "errored.tfstate", ".terraform.lock.hcl", "notes.tf.md"];
  write({
    ...DEV,
    ...Object.fromEntries([...read, ...other].map((name) => [`stacks/dev-access/${name}`, name])),
    "stacks/dev-access/.terraform/modules/modules.json": "{}",
  });
  const { environments } = readSynthesis(folder, "here");
  expect(environments.get("dev")).toMatchObject({
    beside: new Map([...read].sort().map((name) => [`dev-access/${name}`, name])),
  });
});

test("a side from before there were rules has none: what that means depends on which side it is", () => {
  write({ "review/dev/access-plan.json": PLAN, "stacks/dev-access/cdk.tf.json": {} });
  const dev = readSynthesis(folder, "here").environments.get("dev");
  expect(dev).toHaveProperty("plan");
  expect(dev).not.toHaveProperty("rules");
});

describe("what cannot be read is a problem of its environment, which names no place on this machine:", () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      "a plan of another version",
      { "review/dev/access-plan.json": { ...PLAN, version: 2 } },
      "access-plan.json is of version 2; this review reads version 1",
    ],
    [
      "a plan that is null",
      { "review/dev/access-plan.json": null },
      "access-plan.json is of version undefined; this review reads version 1",
    ],
    [
      "a plan that is no JSON",
      { "review/dev/access-plan.json": "{" },
      "review/dev/access-plan.json: is not JSON",
    ],
    [
      "a plan of another environment",
      { "review/dev/access-plan.json": { ...PLAN, environment: "prod" } },
      "access-plan.json is of another environment",
    ],
    [
      "rules of another version",
      { "review/dev/review-rules.json": { version: 2 } },
      "review-rules.json is of version 2; this review reads version 1",
    ],
    [
      "rules of which it does not know one",
      { "review/dev/review-rules.json": { version: 1, findngs: { "access-gained": "allow" } } },
      'review-rules.json is not understood: unknown: "findngs"',
    ],
    [
      "a stack that is no JSON",
      { "stacks/dev-access/cdk.tf.json": "" },
      "stacks/dev-access/cdk.tf.json: is not JSON",
    ],
  ])("%s", (_, files, problem) => {
    write({ ...DEV, ...files });
    expect(readSynthesis(folder, "here").environments.get("dev")).toMatchObject({ problem });
  });

  test("a stack without its file", () => {
    write(DEV);
    mkdirSync(join(folder, "stacks/dev-eks"));
    expect(readSynthesis(folder, "here").environments.get("dev")).toMatchObject({
      problem: "stacks/dev-eks/cdk.tf.json: ENOENT",
    });
  });

  test("stacks of an environment that has no plan", () => {
    write({ ...DEV, "stacks/hidden-access/cdk.tf.json": {} });
    expect(readSynthesis(folder, "here").environments.get("hidden")).toMatchObject({
      problem: "review/hidden/access-plan.json: ENOENT",
    });
  });
});

test("what cannot be read is told apart by every byte of it, so that no approval is of another", () => {
  const unreadable = { ...DEV, "review/dev/access-plan.json": { ...PLAN, version: 2 } };
  const bytes = (files: Readonly<Record<string, unknown>>) => {
    write({ ...unreadable, ...files });
    const dev = readSynthesis(folder, "here").environments.get("dev");
    return dev && "problem" in dev ? dev.bytes : undefined;
  };
  const seen = [
    bytes({}),
    bytes({ "review/dev/access-plan.json": { ...PLAN, version: 2, identities: [] } }),
    bytes({ "review/dev/review-rules.json": { version: 1 } }),
    bytes({ "stacks/dev-access/cdk.tf.json": { resource: { more: {} } } }),
    bytes({ "stacks/dev-access/more.tf.json": {} }),
  ];
  expect(new Set([undefined, ...seen]).size).toBe(seen.length + 1);
  expect(bytes({ "stacks/prod-access/cdk.tf.json": {} })).toBe(bytes({}));
});

test("a folder that is no synthesis is a side with a problem", () => {
  expect(readSynthesis(folder, "here")).toEqual({
    name: "here",
    environments: new Map(),
    problem: "stacks: ENOENT",
  });
});
