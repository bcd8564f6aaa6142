import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { run } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import { FOLDER, notOnPath } from "./programs";

/** What runs outside of EKS, or gives it what it connects with. Handlers of Lambda have a test of their own. */
const FILES = ["ci/connect.sh", "ec2/user-data.sh", "ecs/task-definition.json", "lambda/function.tf"];

test.each(FILES)("%s is in docs/clients.md as it is in its file", (file) => {
  expect(readFileSync("docs/clients.md", "utf8")).toContain(readFileSync(join(FOLDER, file), "utf8"));
});

testUnless(notOnPath("shellcheck"), "shell scripts have nothing that shellcheck warns of", () => {
  const scripts = ["ci/connect.sh", "ec2/user-data.sh", "psql/connect.sh"].map((file) => join(FOLDER, file));
  const { stdout, status } = run("shellcheck", scripts);
  expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
});
