import { expect, test } from "@jest/globals";
import { groupBy } from "../../lib/group-by";

test("items are with those that have the same key, and groups in the order of their first items", () => {
  const groups = groupBy(["b1", "a1", "b2", "__proto__"], (item) => item.charAt(0));
  expect([...groups]).toEqual([
    ["b", ["b1", "b2"]],
    ["a", ["a1"]],
    ["_", ["__proto__"]],
  ]);
});
