import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { ROOT, run } from "../helpers/run";
import { testUnless } from "../helpers/skip";

const actionlint = run("actionlint", ["--version"]).status === 0 ? undefined : "actionlint is not installed";
const FOLDERS = [".github/workflows", "examples/github"];

testUnless(actionlint, "actionlint finds nothing in the workflows, those to copy among them", () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => join(folder, name)),
  );
  expect(files.length).toBeGreaterThan(4);
  expect(lint(files)).toEqual(["", "", 0]);
});

testUnless(
  actionlint,
  "actionlint finds nothing in them with versions of the actions, whose inputs it knows",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "workflows-"));
    try {
      const files = readdirSync(join(ROOT, "examples/github")).map((name) => {
        const text = readFileSync(join(ROOT, "examples/github", name), "utf8");
        writeFileSync(join(folder, name), text.replaceAll("COMMIT_OF_", ""));
        return join(folder, name);
      });
      expect(lint(files)).toEqual(["", "", 0]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

function lint(files: readonly string[]): unknown[] {
  const { status, stdout, stderr } = run("actionlint", ["-no-color", ...files]);
  return [stdout, stderr, status];
}
