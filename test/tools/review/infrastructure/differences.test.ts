import { expect, test } from "@jest/globals";
import { change, differences, valuesAt } from "../../../../tools/review/infrastructure/differences";

test("of two equal members of a list one may be gone", () => {
  const one = { name: "a" };
  expect(differences([one, one], [one])).toEqual([{ path: [], before: one, after: undefined }]);
  expect(differences([one], [one, one])).toEqual([{ path: [], before: undefined, after: one }]);
});

test("another order of members is one difference, of the whole list", () => {
  expect(differences({ a: ["x", "y"] }, { a: ["y", "x"] })).toEqual([
    { path: ["a"], before: ["x", "y"], after: ["y", "x"] },
  ]);
  expect(change(["x", "y"], ["y", "x"])).toBe("has another order");
});

test("an empty block is there, and nothing is not", () => {
  expect(differences({ a: {} }, {})).toEqual([{ path: ["a"], before: {}, after: undefined }]);
  expect(differences({ a: null }, {})).toEqual([{ path: ["a"], before: null, after: undefined }]);
  expect(differences({ a: [] }, {})).toEqual([{ path: ["a"], before: [], after: undefined }]);
});

test("values are found through lists, and a list of texts is one value", () => {
  expect(valuesAt({ a: [{ b: 1 }, { b: [2] }] }, ["a", "b"])).toEqual([1, [2]]);
  expect(valuesAt({ a: ["x", "y"] }, ["a"])).toEqual([["x", "y"]]);
  expect(valuesAt({ a: 1 }, ["a", "b"])).toEqual([]);
});

test("long texts that begin alike are shown from where they differ", () => {
  const start = "a".repeat(100);
  expect(change(`${start}b`, `${start}c`)).toBe(`…${"a".repeat(20)}b → …${"a".repeat(20)}c`);
});
