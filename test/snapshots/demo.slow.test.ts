import { expect, test } from "@jest/globals";
import { loadEnvironments } from "../../model/config/load";
import { runScript } from "../helpers/run";

test.each(loadEnvironments())(
  "npm run demo proves $name",
  ({ name }) => {
    const { status, stderr } = runScript("demo", [name], { env: { ENVIRONMENTS: "environments" } });
    expect([stderr, status]).toEqual(["", 0]);
  },
  120_000,
);
