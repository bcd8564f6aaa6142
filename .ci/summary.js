// node .ci/summary.js <Jest's results as JSON> <exit status of npm ci and npm run test:all>
// Prints the one line that CI ends with, and exits with 0 only when everything that ran passed and something did.
const { existsSync, readFileSync } = require("node:fs");

const [file, status] = process.argv.slice(2);
const results = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const { numPassedTests: passed = 0, numPendingTests = 0, numTodoTests = 0 } = results;
// A test file that does not load has no tests that could fail.
const failures = (results.numFailedTests ?? 0) + (results.numRuntimeErrorTestSuites ?? 0);
// npm ci, types, lint and snapshots that belong to nothing fail without a test; and a run of nothing is no success.
const failed = failures === 0 && (Number(status) !== 0 || passed === 0) ? 1 : failures;
console.log(`${passed} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
