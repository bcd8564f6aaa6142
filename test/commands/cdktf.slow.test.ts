import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { MINIMAL } from "../helpers/environment";
import { ProjectCopy, run } from "../helpers/run";

let project: ProjectCopy;
const inProject = (path: string) => join(project.folder, path);
beforeAll(() => {
  project = new ProjectCopy();
});
afterAll(() => project.remove());

describe("npx cdktf synth", () => {
  test("writes every stack and review, and what was there before is gone", () => {
    mkdirSync(inProject("elsewhere"), { recursive: true });
    writeFileSync(inProject("elsewhere/a.yaml"), MINIMAL);
    project.npm("synth", [], { ENVIRONMENTS: "elsewhere" });
    const { status, stdout } = run("npx", ["cdktf", "synth"], { cwd: project.folder });
    expect(status).toBe(0);
    expect(stdout).toContain("Generated Terraform code for the stacks");
    const layers = ["access", "database", "demo", "eks", "network"].map((layer) => `dev-${layer}`);
    expect(readdirSync(inProject("cdktf.out/stacks")).sort()).toEqual([
      ...layers,
      "prod-access",
      "prod-database",
      "prod-eks",
      "prod-network",
    ]);
    expect(readdirSync(inProject("cdktf.out/review")).sort()).toEqual(["dev", "prod"]);
  }, 60_000);

  test("shows a user's mistake with its line, and fails", () => {
    mkdirSync(inProject("broken"), { recursive: true });
    writeFileSync(inProject("broken/a.yaml"), MINIMAL.replace("eu-west-1", "x"));
    const { status, stdout, stderr } = run("npx", ["cdktf", "synth"], {
      cwd: project.folder,
      env: { ENVIRONMENTS: "broken" },
    });
    expect(status).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain('broken/a.yaml:3:9: must be an AWS region, got: "x"');
  }, 60_000);
});
