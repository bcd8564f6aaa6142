import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "../helpers/run";
import { page } from "./pages";

test("docs/deploying.md explains what Terraform says of a failed migration, in the words of the migration", () => {
  const { text } = page("docs/deploying.md");
  expect(text).toContain("is in failed state");
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
