import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { ROOT } from "../helpers/run";
import { FILES, page } from "./pages";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const CI: {
  permissions: unknown;
  jobs: Record<
    string,
    { strategy: { matrix: { node: string[] } }; steps: { run?: string; uses?: string }[] }
  >;
} = parse(read(".github/workflows/ci.yml"));
test("the workflow may read the code and nothing else, and runs what .ci/run does", () => {
  expect(CI.permissions).toEqual({ contents: "read" });
  for (const { steps } of Object.values(CI.jobs)) expect(steps.at(-1)?.run).toBe(".ci/run");
});

test("the workflow runs on the Node.js versions that the docs name, from the oldest supported one", () => {
  const versions = Object.values(CI.jobs).flatMap(({ strategy }) => strategy.matrix.node);
  const needs = page("docs/deploying.md").text.match(
    /Node\.js (\d+) or (\d+) for the cdktf CLI[\s\S]*?Node\.js (\d+), the CLI does not/,
  );
  expect(needs?.slice(1)).toEqual(versions);
  const { engines }: { engines: { node: string } } = JSON.parse(read("package.json"));
  expect(engines.node).toMatch(new RegExp(`^>=${versions[0]}\\.`));
  expect(page("README.md").text).toContain(`Node.js ${versions[0]} or ${versions[1]}`);
  expect(read(".nvmrc").trim()).toBe(versions[1]);
});

test("Renovate looks for versions in files that are there, and finds some", () => {
  const { customManagers }: { customManagers: { managerFilePatterns: string[]; matchStrings: string[] }[] } =
    JSON.parse(read("renovate.json"));
  for (const { managerFilePatterns, matchStrings } of customManagers) {
    const patterns = managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
    const found = FILES.filter((path) => patterns.some((pattern) => pattern.test(path)));
    expect(found).toHaveLength(patterns.length);
    for (const path of found) {
      for (const match of matchStrings) expect(read(path)).toMatch(new RegExp(match));
    }
  }
});
