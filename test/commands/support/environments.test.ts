import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  anyEnvironments,
  oneEnvironment,
  oneOrUsualEnvironment,
} from "../../../commands/support/environments";
import { MINIMAL } from "../../helpers/environment";

const USAGE = "Usage: npm run something";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "environments-"));
  process.env.ENVIRONMENTS = folder;
});
afterEach(() => {
  delete process.env.ENVIRONMENTS;
  rmSync(folder, { recursive: true, force: true });
});
const have = (...names: string[]) => {
  for (const name of names) writeFileSync(join(folder, `${name}.yaml`), MINIMAL.replace("test", name));
};

describe("a command that takes any number", () => {
  const names = (...named: string[]) => anyEnvironments(named).map(({ name }) => name);

  test("gets those that are named, each once, else all", () => {
    have("dev", "prod", "stage");
    expect(names("stage", "dev", "dev")).toEqual(["dev", "stage"]);
    expect(names()).toEqual(["dev", "prod", "stage"]);
  });
});

describe("a command that reaches a live system", () => {
  test("gets the one that is named", () => {
    have("dev", "prod");
    expect(oneEnvironment(["prod"], USAGE).name).toBe("prod");
  });

  test.each([[[]], [["dev", "prod"]]])("refuses %j, even when there is only one environment", (named) => {
    have("dev");
    expect(() => oneEnvironment(named, USAGE)).toThrow("Name one environment.");
  });
});

describe("a command that stays on this machine", () => {
  test("gets the one that is named", () => {
    have("dev", "prod");
    expect(oneOrUsualEnvironment(["prod"], USAGE).name).toBe("prod");
  });

  test.each([
    ["dev when there is one", ["alpha", "dev"], "dev"],
    ["else the first", ["stage", "prod"], "prod"],
  ])("gets %s", (_, there, chosen) => {
    have(...there);
    expect(oneOrUsualEnvironment([], USAGE).name).toBe(chosen);
  });

  test("refuses several", () => {
    have("dev", "prod");
    expect(() => oneOrUsualEnvironment(["dev", "prod"], USAGE)).toThrow("Name one environment, or none.");
  });
});

test.each([
  () => anyEnvironments(["prd"]),
  () => oneEnvironment(["prd"], USAGE),
  () => oneOrUsualEnvironment(["prd"], USAGE),
])("%s names the nearest environment", (choose) => {
  have("dev", "prod");
  expect(choose).toThrow('there is no environment prd. Did you mean "prod"?');
});
