import { expect, test } from "@jest/globals";
import { loadEnvironments } from "../../model/config/load";
import { synthApp } from "../helpers/app";

const stacks = synthApp(...loadEnvironments());

test.each([...stacks.keys()])("%s is what the last review saw", (id) => {
  expect(stacks.get(id)).toMatchSnapshot();
});
