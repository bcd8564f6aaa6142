import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse as parseYaml, stringify } from "yaml";
import { parse, testFile } from "../helpers/environment";
import { randomCases } from "../helpers/extent";
import { synthNow } from "../helpers/synth-by-cdktf";

const dev = testFile("dev");
const synth = (text: string) => JSON.stringify(synthNow(parse(text)));

/** The same data with the keys of every map in another order. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, random));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [number, [string, unknown]] => [random(), [key, shuffled(item, random)]])
      .sort(([left], [right]) => left - right)
      .map(([, entry]) => entry),
  );
}

describe("synthesis", () => {
  test("gives the same bytes each time, whatever the order of keys in the file", () => {
    const expected = synth(dev);
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (stream) => {
        const random = () => Number(stream.next().value);
        const text = stringify(shuffled(parseYaml(dev), random));
        expect(synth(text)).toBe(expected);
      }),
      randomCases(8),
    );
  });

  test("does not depend on warnings, nor on whether the file accepts them", () => {
    const quoted = dev
      .replace("[billing, orders]", "[Billing, orders]")
      .replaceAll("shop.billing", "shop.Billing");
    expect(quoted).not.toBe(dev);
    const accepted = `${quoted}acceptedWarnings: { name-in-quotes: meant }\n`;
    expect(parse(quoted).warnings.filter(({ days }) => !days)).not.toEqual([]);
    expect(synth(accepted)).toBe(synth(quoted));
  });

  test("depends on the file: another CIDR gives other bytes", () => {
    expect(synth(dev.replace("10.40.0.0/16", "10.41.0.0/16"))).not.toBe(synth(dev));
  });
});
