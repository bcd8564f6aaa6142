import { expect } from "@jest/globals";
import { run } from "../helpers/run";
import { testUnless } from "../helpers/skip";

const actionlint = run("actionlint", ["--version"]).status === 0 ? undefined : "actionlint is not installed";

testUnless(actionlint, "actionlint finds nothing in the workflows", () => {
  const { status, stdout, stderr } = run("actionlint", ["-no-color"]);
  expect([stdout, stderr, status]).toEqual(["", "", 0]);
});
