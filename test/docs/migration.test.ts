import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "../helpers/run";
import { page } from "./pages";

test("a failed migration is found by what Terraform says, and docs/deploying.md explains it in the words of the migration", () => {
  const runbook = page("docs/runbook.md").text;
  expect(runbook.slice(runbook.indexOf("### `is in failed state`"))).toMatch(
    /^.*\n[^#]*\(deploying\.md#a-migration-that-fails\)/,
  );
  const { text } = page("docs/deploying.md");
  const section = text.slice(text.indexOf("### A migration that fails"));
  const board = ["database-problem.ts", "migrate.ts"].map((file) =>
    readFileSync(join(ROOT, "board", file), "utf8"),
  );
  const said = [...section.matchAll(/^\| `([^`]+)`/gm)].flatMap(([, words = ""]) => words);
  const ofKubernetes = ["DeadlineExceeded"];
  expect(said.length).toBeGreaterThan(3);
  expect(said.filter((words) => !ofKubernetes.includes(words) && !board.join("").includes(words))).toEqual(
    [],
  );
});
