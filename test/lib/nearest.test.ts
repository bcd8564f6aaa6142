import { expect, test } from "@jest/globals";
import { nearest, quote, shown, suggestion } from "../../lib/nearest";

test.each<[string, readonly string[], string | undefined]>([
  ["natGateway", ["natGateways", "cidr"], "natGateways"],
  ["Readers", ["readers"], "readers"],
  ["subnets", ["vpcId", "publicSubnetIds"], undefined],
  // Every letter would have to change.
  ["x", ["a", "no"], undefined],
  ["", ["a"], undefined],
  ["anything", [], undefined],
  ["z".repeat(1_000_000), ["z".repeat(999_999)], undefined],
])("a word is near another that it may be a slip of: %s in %j is %s", (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

test("without a near one the suggestion lists what there is, the first twenty", () => {
  const candidates = Array.from({ length: 30 }, (_, index) => `schema${String(index).padStart(2, "0")}`);
  expect(suggestion("x", ["b", "a"])).toBe(" Known: a, b.");
  expect(suggestion("x", candidates)).toMatch(/^ Known: schema00, .*schema19, …\.$/);
  expect(suggestion("schema1", candidates)).toBe(' Did you mean "schema01"?');
  expect(suggestion("x", [])).toBe("");
});

test("what is quoted is one line of at most eighty characters that a terminal does not obey", () => {
  expect(quote('a"b\nc')).toBe('"a\\"b\\nc"');
  expect(quote("\u202e\u009b")).toBe('"\\u{202e}\\u{9b}"');
  expect([...quote("😀".repeat(500))]).toHaveLength(78);
  expect(quote({ toJSON: 1, toString: 2 })).toBe('{"toJSON":1,"toString":2}');
  expect(quote(undefined)).toBe("undefined");
  expect(shown("1e400")).toBe("1e400");
});
