import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { compareAccess } from "../../../../tools/review/access/compare-access";
import { altered, type Json, planOf } from "./plans";

/** True in `npm run test:all`, false in `npm test`: the configuration of Jest says it. */
declare const EVERYTHING: boolean;

/** Every text, number and truth anywhere in a value, with what it is in. */
function leaves(value: Json): { of: Json; key: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === "object" ? leaves(item) : [{ of: value, key }],
  );
}

/** Every array and object anywhere in a value. */
function branches(value: Json): Json[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(branches)];
}

const ENVIRONMENTS = ["dev", "everywhere", ...(EVERYTHING ? ["prod" as const] : [])] as const;

describe.each(ENVIRONMENTS)("whatever is changed in the plan of %s", (name) => {
  const plan = planOf(name);
  const values = leaves(plan).map(({ of, key }) => of[key]);
  // Every place in test:all, and some of them in `npm test`.
  const isTried = (at: number) => EVERYTHING || at % 19 === 3;

  test("no other value of any leaf is silent, and none makes it throw", () => {
    const silent = values.flatMap((was, at) => {
      if (!isTried(at)) return [];
      return [`${was}x`, values[(at * 31) % values.length], ""].flatMap((value) => {
        const after = altered(plan, (copy) => {
          const { of, key } = leaves(copy)[at] ?? { of: {}, key: "" };
          of[key] =
            typeof of[key] === "number" ? of[key] + 1 : typeof of[key] === "boolean" ? !of[key] : value;
        });
        if (isDeepStrictEqual({ ...plan, file: "" }, { ...after, file: "" })) return [];
        const isFound = compareAccess(plan, after).length > 0 && compareAccess(after, plan).length > 0;
        return isFound ? [] : [JSON.stringify([at, was, value])];
      });
    });
    expect(silent).toEqual([]);
  });

  test("nothing that is taken out is silent", () => {
    const inside = branches(plan).flatMap((of, branch) => Object.keys(of).map((key) => ({ branch, key })));
    const silent = inside.flatMap(({ branch, key }, at) => {
      if (key === "file" || !isTried(at)) return [];
      const after = altered(plan, (copy) => {
        const there = branches(copy)[branch];
        if (Array.isArray(there)) there.splice(Number(key), 1);
        else delete there[key];
      });
      return compareAccess(plan, after).length > 0 && compareAccess(after, plan).length > 0
        ? []
        : [`${branch} ${key}`];
    });
    expect(silent).toEqual([]);
  });
});
