import { expect, test } from "@jest/globals";
import { addresses, stackOf, synthApp } from "../helpers/app";
import { testEnvironment } from "../helpers/environment";

// No example has the job: this is the file that uses every key.
const stack = stackOf(synthApp(testEnvironment("everywhere")), "everywhere-verify");

test("the stack of the job that verifies is what the last review saw", () => {
  // The plan is the access stack's to show.
  const shown = JSON.stringify(stack.resource, (key, value) =>
    key === "access-plan.json" ? "the access plan" : value,
  );
  expect(JSON.parse(shown)).toMatchSnapshot();
});

test("it keeps the addresses that users have in their state", () => {
  expect(addresses(stack).join("\n")).toMatchSnapshot();
});
