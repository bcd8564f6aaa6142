import { spawnSync } from "node:child_process";
import { exitOnUserError } from "../lib/user-error";
import { commandLine } from "./support/arguments";

const USAGE = `Usage: npm run snapshots
Records in test/snapshots what the files of environments/ become: stacks, reports, SQL, Terraform addresses. Look at what
changed: it is what the next deployment does.`;

void exitOnUserError(() => {
  if (!commandLine(USAGE)) return;
  const jest = ["node_modules/jest/bin/jest.js", "--update-snapshot", "test/snapshots"];
  process.exitCode = spawnSync(process.execPath, jest, { stdio: "inherit" }).status ?? 1;
});
