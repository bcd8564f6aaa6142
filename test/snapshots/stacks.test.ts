import { expect, test } from "@jest/globals";
import { EXAMPLES } from "./examples";

test.each(EXAMPLES.flatMap(({ stacks }) => [...stacks]))("%s is what the last review saw", (_, stack) => {
  expect(stack).toMatchSnapshot();
});
