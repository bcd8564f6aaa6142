// The job that verifies: node verify.js. What it needs to know is in its environment and in the file beside it (docs/verifying.md).
import { readFileSync } from "node:fs";
import { runJob } from "./job";

async function main(): Promise<void> {
  process.exitCode = await runJob({
    env: process.env,
    readFile: (path) => readFileSync(path, "utf8"),
    write: (line) => process.stdout.write(line),
  });
}

void main();
