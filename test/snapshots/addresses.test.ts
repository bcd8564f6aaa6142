import { expect, test } from "@jest/globals";
import { addresses } from "../helpers/app";
import { EXAMPLES } from "./examples";

// Users have these in their state. One that goes is a resource that Terraform destroys: put its construct id back, or
// move the state with `moveFromId`.
test.each(EXAMPLES.flatMap(({ stacks }) => [...stacks]))(
  "%s keeps the addresses that users have in their state",
  (_, stack) => {
    expect(addresses(stack).join("\n")).toMatchSnapshot();
  },
);
