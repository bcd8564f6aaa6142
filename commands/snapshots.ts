import { spawnSync } from "node:child_process";
import { exitOnUserError } from "../lib/user-error";
import { loadEnvironments } from "../model/config/load";
import { writableChanges, writeCommitted } from "../stacks/committed-files";
import { commandLine } from "./support/arguments";

const USAGE = `Usage: npm run snapshots
Records what the files of environments/ become: stacks and Terraform addresses in test/snapshots, reports, plans and SQL in the
folders that the files name in review.folder. Look at what changed: it is what the next deployment does.`;

void exitOnUserError(() => {
  if (!commandLine(USAGE)) return;
  writeCommitted(writableChanges(loadEnvironments()));
  const jest = ["node_modules/jest/bin/jest.js", "--update-snapshot", "test/snapshots"];
  process.exitCode = spawnSync(process.execPath, jest, { stdio: "inherit" }).status ?? 1;
});
