import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { cdktfMissing } from "../helpers/cdktf";
import { MINIMAL } from "../helpers/environment";
import { ProjectCopy, run } from "../helpers/run";
import { testUnless } from "../helpers/skip";

const missing = cdktfMissing();

let project: ProjectCopy;
const inProject = (path: string) => join(project.folder, path);
beforeAll(() => {
  project = new ProjectCopy();
});
afterAll(() => project.remove());

describe("npx cdktf synth", () => {
  testUnless(
    missing,
    "writes every stack and review, and what was there before is gone",
    () => {
      mkdirSync(inProject("elsewhere"), { recursive: true });
      writeFileSync(inProject("elsewhere/a.yaml"), MINIMAL);
      project.npm("synth", [], { ENVIRONMENTS: "elsewhere" });
      const { status, stdout } = run("npx", ["cdktf", "synth"], { cwd: project.folder });
      expect(status).toBe(0);
      expect(stdout).toContain("Generated Terraform code for the stacks");
      const names = ["company", "dev", "everywhere", "prod"];
      const layers = ["access", "database", "eks", "network"];
      const stacks = names.flatMap((name) => layers.map((layer) => `${name}-${layer}`));
      expect(readdirSync(inProject("cdktf.out/stacks")).sort()).toEqual(
        [...stacks, "dev-demo", "everywhere-verify"].sort(),
      );
      expect(readdirSync(inProject("cdktf.out/review")).sort()).toEqual(names);
    },
    60_000,
  );

  testUnless(
    missing,
    "shows a user's mistake with its line, and fails",
    () => {
      mkdirSync(inProject("broken"), { recursive: true });
      writeFileSync(inProject("broken/a.yaml"), MINIMAL.replace("eu-west-1", "x"));
      const { status, stdout, stderr } = run("npx", ["cdktf", "synth"], {
        cwd: project.folder,
        env: { ENVIRONMENTS: "broken" },
      });
      expect(status).not.toBe(0);
      expect(`${stdout}${stderr}`).toContain('broken/a.yaml:3:9: must be an AWS region, got: "x"');
    },
    60_000,
  );
});
