import { describe, expect, test } from "@jest/globals";
import { reviewSides } from "../../../tools/review/review";
import { testEnvironment } from "../../helpers/environment";
import { readEnvironment } from "./consistency/sides";
import { kindsOfLeaves, WAYS, withLeaf } from "./leaves";

// The comparison of stacks leaves to that of plans what plans decide, and a check holds stacks against their plan: between
// them no leaf may fall.
describe.each(["dev", "everywhere"] as const)("of the whole review of %s", (name) => {
  const whole = readEnvironment(testEnvironment(name));

  test.each(
    [...whole.stacks].flatMap(([id, stack]) =>
      WAYS.map(([way, to]) => ({ id, stack, way, to, paths: kindsOfLeaves(stack) })),
    ),
  )(
    "no leaf of $id may be $way without a finding that is shown",
    ({ id, stack, to, paths }) => {
      expect(paths.length).toBeGreaterThan(10);
      const silent = paths.filter((path) => {
        const stacks = new Map([...whole.stacks, [id, withLeaf(stack, path, to)]]);
        const side = (of: typeof whole) => ({ name: "side", environments: new Map([[name, of]]) });
        const { environments } = reviewSides(side(whole), side({ ...whole, stacks }));
        return environments[0]?.findings.every(({ decision }) => decision === "allow");
      });
      expect(silent.map((path) => path.join("/"))).toEqual([]);
    },
    120_000,
  );
});
