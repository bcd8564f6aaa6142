import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { run } from "./helpers/run";

const folder = mkdtempSync(join(tmpdir(), "ci-"));
const file = join(folder, "results.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The last line of CI after these results of Jest's and this exit status. */
function summary(
  results: Readonly<Record<string, number>> | undefined,
  status: number,
): [string, number | null] {
  if (results) writeFileSync(file, JSON.stringify(results));
  const { stdout, status: exit } = run("node", [
    ".ci/summary.js",
    results ? file : `${file}.missing`,
    `${status}`,
  ]);
  return [stdout, exit];
}

test("CI ends with one line that counts every test, and succeeds when none failed", () => {
  const results = { numPassedTests: 1800, numFailedTests: 0, numPendingTests: 12, numTodoTests: 0 };
  expect(summary(results, 0)).toEqual(["1800 passed, 0 failed, 12 skipped\n", 0]);
  expect(summary({ ...results, numFailedTests: 3 }, 1)).toEqual(["1800 passed, 3 failed, 12 skipped\n", 1]);
});

test("a test file that does not load is a failure in CI, whatever else passed", () => {
  const results = {
    numPassedTests: 1800,
    numFailedTests: 2,
    numRuntimeErrorTestSuites: 1,
    numPendingTests: 12,
  };
  expect(summary(results, 1)).toEqual(["1800 passed, 3 failed, 12 skipped\n", 1]);
});

test("types, lint and obsolete snapshots are a failure in CI, though no test failed", () => {
  expect(summary(undefined, 2)).toEqual(["0 passed, 1 failed, 0 skipped\n", 1]);
  expect(summary({ numPassedTests: 1800 }, 1)).toEqual(["1800 passed, 1 failed, 0 skipped\n", 1]);
});

test("a run of no test at all is a failure in CI", () => {
  expect(summary({ numPassedTests: 0, numPendingTests: 40 }, 0)).toEqual([
    "0 passed, 1 failed, 40 skipped\n",
    1,
  ]);
});
