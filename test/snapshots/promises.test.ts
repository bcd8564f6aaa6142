import { describe } from "@jest/globals";
import { referencePromises } from "../stacks/reference-promises";
import { securityPromises } from "../stacks/security-promises";
import { EXAMPLES } from "./examples";

describe.each(EXAMPLES)("$name:", ({ environment, stacks }) => {
  referencePromises(stacks);
  securityPromises(environment, stacks);
});
