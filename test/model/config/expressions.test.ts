import { describe, expect, test } from "@jest/globals";
import { parse as parseYaml, stringify } from "yaml";
import { z } from "zod";
import { options, unwrap } from "../../../model/config/reading/schema-walk";
import { environmentSchema } from "../../../model/config/schema";
import { MINIMAL, problemsOf } from "../../helpers/environment";
import { oneIn } from "../../helpers/extent";

/** A place in the file that takes a text, or might: a value, or a name in a map. */
interface Place {
  readonly path: readonly (string | number)[];
  readonly isName: boolean;
}

/** Every place of the schema; what a map calls its entries is `a` here, and a list has one item. */
function places(schema: z.ZodType, path: Place["path"] = []): Place[] {
  return options(schema).flatMap((option): Place[] => {
    const plain = unwrap(option);
    const below = (inner: unknown, key: string | number): Place[] =>
      inner instanceof z.ZodType ? places(inner, [...path, key]) : [];
    if (plain instanceof z.ZodObject) {
      return Object.entries(plain.shape).flatMap(([key, inner]) => below(inner, key));
    }
    if (plain instanceof z.ZodRecord) {
      return [{ path: [...path, "a"], isName: true }, ...below(plain.valueType, "a")];
    }
    if (plain instanceof z.ZodArray) return below(plain.element, 0);
    return [{ path, isName: false }];
  });
}

const PLACES = [
  ...new Map(
    places(environmentSchema).map((place) => [
      `${place.path.join(".")}${place.isName ? " (name)" : ""}`,
      place,
    ]),
  ),
];

/** The data with a text or number at a place: maps and lists on the way to it are made. */
function withText(data: unknown, { path: [key, ...rest], isName }: Place, text: string | number): unknown {
  if (key === undefined) return text;
  if (typeof key === "number") return [withText(undefined, { path: rest, isName }, text)];
  const map: Readonly<Record<string, unknown>> = typeof data === "object" && data !== null ? { ...data } : {};
  if (isName && rest.length === 0) return { ...map, [text]: {} };
  return { ...map, [key]: withText(map[key], { path: rest, isName }, text) };
}

describe("a text that Terraform would evaluate", () => {
  test("is looked for everywhere: in over sixty places that the schema has", () => {
    const names = PLACES.map(([name]) => name);
    expect(names.length).toBeGreaterThan(60);
    expect(names).toEqual(
      expect.arrayContaining(["tags.a", "tags.a (name)", "access.services.a.grants.a (name)", "demo.image"]),
    );
  });

  const evaluated = [
    ["${file('/etc/hostname')}", "${"],
    ["a $${escaped}", "${"],
    ["%{ if true }x%{ endif }", "%{"],
    ["#{TfToken[TOKEN.0]}", "TfToken["],
  ] as const;
  test.each(oneIn(3, PLACES))("is refused with its place, in one message: %s", (_, place) => {
    for (const [text, mark] of evaluated) {
      const yaml = stringify(withText(parseYaml(MINIMAL), place, text), { lineWidth: 0 });
      const before = yaml.slice(0, yaml.indexOf(text)).replace(/["']$/, "");
      const at = `${before.split("\n").length}:${before.length - before.lastIndexOf("\n")}`;
      const message = `${at}: ${JSON.stringify(text)} holds ${mark}, which Terraform would evaluate; write the value itself`;
      const found = problemsOf(yaml).filter((problem) => problem.startsWith(`${at}: `));
      expect(found.filter((problem) => problem.includes(JSON.stringify(text)))).toEqual([message]);
    }
  });

  test("hides nothing else that is wrong at the same place", () => {
    expect(problemsOf(`${MINIMAL}teams: "\${x}"\n`)).toEqual([
      '11:1: unknown key "teams". Did you mean "tags"?',
      '11:8: "${x}" holds ${, which Terraform would evaluate; write the value itself',
    ]);
  });

  test("is no number either: that by which cdktf marks a reference is out of every range", () => {
    for (const [, place] of oneIn(
      3,
      PLACES.filter(([, { isName }]) => !isName),
    )) {
      const yaml = stringify(withText(parseYaml(MINIMAL), place, -1.8881545897087503e289), { lineWidth: 0 });
      const line = yaml.slice(0, yaml.indexOf("-1.888")).split("\n").length;
      // What else its map must have is another mistake.
      const found = problemsOf(yaml).filter((problem) => !problem.includes(" is missing; "));
      expect(found.filter((problem) => problem.startsWith(`${line}:`))).toHaveLength(1);
    }
  });
});
