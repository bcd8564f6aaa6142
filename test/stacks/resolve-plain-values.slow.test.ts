import { afterAll, beforeEach, expect, test } from "@jest/globals";
import {
  App,
  DefaultTokenResolver,
  Fn,
  Lazy,
  StringConcat,
  TerraformStack,
  Token,
  Tokenization,
} from "cdktf";
import fc from "fast-check";
import { resolvePlainValues } from "../../stacks/resolve-plain-values";
import { synthApp } from "../helpers/app";
import { testEnvironments } from "../helpers/environment";
import { synthByCdktf } from "../helpers/synth-by-cdktf";

const byCdktf = Tokenization.resolve;
beforeEach(() => {
  Tokenization.resolve = byCdktf;
});
afterAll(() => {
  Tokenization.resolve = byCdktf;
});

/** Every way in which cdktf lets a token stand for a value. */
const TOKENS: readonly unknown[] = [
  Token.asString({ resolve: () => "a string" }),
  `before ${Token.asString("x")} and after`,
  Token.asNumber({ resolve: () => 42 }),
  `port ${Token.asNumber({ resolve: () => 5432 })}`,
  Token.asList({ resolve: () => ["a", "list"] }),
  Token.asNumberList({ resolve: () => [1, 2] }),
  Token.asStringMap({ resolve: () => ({ a: "map" }) }),
  Token.asAny({ resolve: () => ({ nested: [Token.asString("y"), undefined, null] }) }),
  Lazy.stringValue({ produce: () => "late" }),
  Lazy.anyValue({ produce: () => undefined }),
  Fn.join(",", ["a", Token.asString("z")]),
  { [Token.asString("key")]: "value" },
  { resolve: () => "no token of cdktf's own" },
];
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(...TOKENS),
    fc.constantFrom("", "${local.name}", "1e+5", "-1.8e+289x", "TfToken[", "}", "$${x}", "a-e-1"),
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constantFrom(null, undefined, new Date(0)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }),
  ),
})).value;

test("values resolve to what cdktf makes of them, with tokens of every kind and without", () => {
  const scope = new TerraformStack(new App({ outdir: "cdktf.out" }), "stack");
  const options = { scope, resolver: new DefaultTokenResolver(new StringConcat()) };
  const outcome = (given: unknown) => {
    try {
      return { resolved: Tokenization.resolve(given, options) };
    } catch (error) {
      return { refused: error instanceof Error };
    }
  };
  fc.assert(
    fc.property(value, fc.boolean(), (given, preparing) => {
      Object.assign(options, { preparing });
      Tokenization.resolve = byCdktf;
      const expected = outcome(given);
      resolvePlainValues();
      expect(outcome(given)).toStrictEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

test("every stack is the same as without it", () => {
  Tokenization.resolve = byCdktf;
  const before = synthByCdktf(...testEnvironments());
  expect(synthApp(...testEnvironments())).toEqual(before);
});
