import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { testEnvironments } from "../helpers/environment";
import { runScript } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import { ACCEPTED, type Accepted } from "./accepted";
import { checkov, checkovMissing, type Result, type Scan } from "./checkov";

jest.setTimeout(300_000);
const missing = checkovMissing();
const ENVIRONMENTS = testEnvironments().map(({ name }) => name);

const out = mkdtempSync(join(tmpdir(), "checkov-"));
const stacks = join(out, "stacks");
let found: Scan;
beforeAll(() => {
  if (missing) return;
  const { status, stderr } = runScript("synth", [], { env: { CDKTF_OUTDIR: out } });
  if (status !== 0) throw new Error(stderr);
  for (const stack of readdirSync(stacks)) withoutStateBlocks(join(stacks, stack, "cdk.tf.json"));
  found = checkov(stacks);
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Takes out what checkov cannot read: it gives up on a file with one of these lists, which say where state goes and no more. */
function withoutStateBlocks(file: string): void {
  const { moved, removed, import: imported, ...rest } = JSON.parse(readFileSync(file, "utf8"));
  if (moved ?? removed ?? imported) writeFileSync(file, JSON.stringify(rest, null, 2));
}

const covers = ({ check, where }: Accepted, result: Result) =>
  check === result.check && where.test(`${result.stack}/${result.resource}`);
const unexplained = ({ failed }: Scan) =>
  failed.filter((result) => !ACCEPTED.some((accepted) => covers(accepted, result)));
const of = (environment: string, results: readonly Result[]) =>
  results.filter(({ stack }) => stack.startsWith(`${environment}-`));

/** Scans a copy of one stack with this change in its Terraform JSON. */
function scanWith(stack: string, change: (text: string) => string): Scan {
  const changed = join(out, "changed");
  cpSync(join(stacks, stack), join(changed, stack), { recursive: true });
  const file = join(changed, stack, "cdk.tf.json");
  const text = readFileSync(file, "utf8");
  if (change(text) === text) throw new Error(`nothing to change in ${stack}`);
  writeFileSync(file, change(text));
  try {
    return checkov(changed);
  } finally {
    rmSync(changed, { recursive: true });
  }
}

describe("checkov", () => {
  testUnless(
    missing,
    "can read every file but for blocks about state, and checks something in every stack",
    () => {
      expect(found.unreadable).toEqual([]);
      expect([...new Set(found.passed.map(({ stack }) => stack))].sort()).toEqual(readdirSync(stacks).sort());
    },
  );

  for (const environment of ENVIRONMENTS) {
    testUnless(missing, `really checks ${environment}: over a hundred checks pass`, () => {
      expect(of(environment, found.passed).length).toBeGreaterThan(100);
    });

    testUnless(missing, `finds nothing in ${environment} but what is accepted, with the reason`, () => {
      expect(of(environment, unexplained(found))).toEqual([]);
    });
  }

  testUnless(missing, "still finds what is accepted: what is mended leaves the list", () => {
    const idle = ACCEPTED.filter((accepted) => !found.failed.some((result) => covers(accepted, result)));
    expect(idle.map(({ check }) => check)).toEqual([]);
  });

  testUnless(missing, "gives up on Terraform JSON with a required_version, and that is noticed", () => {
    const scan = scanWith("dev-network", (text) =>
      text.replace('"required_providers"', '"required_version": ">= 1.11.0", "required_providers"'),
    );
    expect(scan).toEqual({
      unreadable: [join(out, "changed/dev-network/cdk.tf.json")],
      passed: [],
      failed: [],
    });
  });

  // Once it can read them, they need not be taken out.
  testUnless(missing, "gives up on Terraform JSON with blocks about state, and that is noticed", () => {
    const removed =
      '"removed": [{ "from": "aws_vpc.old", "lifecycle": { "destroy": false } }], "resource": {';
    const scan = scanWith("dev-network", (text) => text.replace('"resource": {', removed));
    expect(scan.unreadable).toEqual([join(out, "changed/dev-network/cdk.tf.json")]);
  });

  testUnless(missing, "finds a database that is not encrypted", () => {
    const scan = scanWith("prod-database", (text) =>
      text.replace('"storage_encrypted": true', '"storage_encrypted": false'),
    );
    expect(unexplained(scan).map(({ check, stack }) => [stack, check])).toContainEqual([
      "prod-database",
      "CKV_AWS_96",
    ]);
  });
});
