import { describe, expect, test } from "@jest/globals";
import { explainedByPlan } from "../../../../tools/review/infrastructure/explained";
import { changed, type Json, lines, resource, take } from "./stacks";

const CUBE = ["postgresql_extension", "database-warehouse/extension-cube"] as const;
const told = explainedByPlan("company");
const found = (change: (stack: Json) => void, explained?: typeof told) =>
  lines(changed("company-access", change, explained).findings);

describe("an extension in the stack", () => {
  test("that goes is told by the plan, and where nobody tells it, with what is lost", () => {
    expect(found((stack) => take(stack, ...CUBE), told)).toEqual([]);
    expect(found((stack) => take(stack, ...CUBE))).toContainEqual(
      expect.stringMatching(/^data-destroyed .*extension-cube .*its tables, and columns of its types/),
    );
  });

  test("that would go with all that needs it is told in any case", () => {
    const cascade = (stack: Json) => {
      resource(stack, ...CUBE).drop_cascade = true;
    };
    expect(found(cascade, told)).toEqual([expect.stringMatching(/^protection-off .*extension-cube/)]);
  });

  test("that may be destroyed, or is made anew in another database, is told", () => {
    expect(
      found((stack) => {
        resource(stack, ...CUBE).lifecycle.prevent_destroy = false;
      }, told),
    ).toEqual([expect.stringMatching(/^protection-off .*extension-cube/)]);
    expect(
      found((stack) => {
        resource(stack, ...CUBE).database = "shop";
      }, told),
    ).toEqual([expect.stringMatching(/^data-destroyed .*extension-cube/)]);
  });
});
