import { expect, test } from "@jest/globals";
import { loadEnvironments } from "../../model/config/load";
import { committedChanges } from "../../stacks/committed-files";

// To write them: npm run snapshots, or npm run synth.
test("the committed review files are what the synthesis writes", () => {
  expect(committedChanges(loadEnvironments()).map(({ path, reason }) => `${path} ${reason}`)).toEqual([]);
});
