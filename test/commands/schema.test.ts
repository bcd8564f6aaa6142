import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { ProjectCopy, ROOT } from "../helpers/run";

const WHOLE = ["environments/environment.schema.json", "docs/environment-file.md"];
const FILES = [...WHOLE, "docs/access-model.md"];

describe("npm run schema", () => {
  const project = new ProjectCopy();
  afterAll(() => project.remove());
  const read = (folder: string) => FILES.map((file) => readFileSync(join(folder, file), "utf8"));

  test("writes the schema for editors and the reference, and names them", () => {
    for (const file of WHOLE) rmSync(join(project.folder, file));
    const model = join(project.folder, "docs/access-model.md");
    writeFileSync(model, readFileSync(model, "utf8").replace(/^\| read-only.*\n/m, ""));
    const { status, stdout, stderr } = project.npm("schema");
    expect([status, stdout, stderr]).toEqual([0, `${FILES.join("\n")}\n`, ""]);
    expect(read(project.folder)).toEqual(read(ROOT));
  });

  test.each([
    [["dev"], 1],
    [["--write"], 1],
    [["--help"], 0],
  ])("writes nothing with %j", (args, exit) => {
    for (const file of FILES) rmSync(join(project.folder, file), { force: true });
    const { status, stdout, stderr } = project.npm("schema", args);
    expect([status, stdout + stderr]).toEqual([exit, expect.stringContaining("Usage: npm run schema")]);
    expect(() => read(project.folder)).toThrow("ENOENT");
  });
});
