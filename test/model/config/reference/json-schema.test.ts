import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  annotatedSchema,
  type JsonSchema,
  jsonSchemaText,
} from "../../../../model/config/reference/json-schema";
import { ROOT } from "../../../helpers/run";

const EDITORS: JsonSchema = JSON.parse(jsonSchemaText());

/** A part of the schema and its path. */
interface Part {
  readonly path: string;
  readonly schema: JsonSchema;
}

/** Every part of a schema: keys, values and names of maps, items, alternatives. */
function parts(schema: JsonSchema, path = ""): Part[] {
  const children = [
    ...Object.entries(schema.properties ?? {}).map(([key, part]) => [`${path}.${key}`, part] as const),
    [`${path}.*`, schema.additionalProperties] as const,
    [`${path}.<name>`, schema.propertyNames] as const,
    [`${path}[]`, schema.items] as const,
    ...(schema.anyOf ?? []).map((part, index) => [`${path}|${index}`, part] as const),
  ];
  return [{ path, schema }, ...children.flatMap(([at, part]) => (isSchema(part) ? parts(part, at) : []))];
}

function isSchema(part: unknown): part is JsonSchema {
  return typeof part === "object" && part !== null && !Array.isArray(part);
}

const PARTS = parts(EDITORS);
/** Keys, and values and names of maps. */
const KEYS = PARTS.filter(({ path }) => /\.[^.|[\]]+$/.test(path));

test("the JSON Schema for editors is what the schema says (npm run schema)", () => {
  expect(readFileSync(join(ROOT, "environments/environment.schema.json"), "utf8")).toBe(jsonSchemaText());
});

describe("an editor", () => {
  test("describes every key, every entry of a map and every name", () => {
    expect(KEYS.length).toBeGreaterThan(60);
    expect(KEYS.filter(({ schema }) => !schema.description).map(({ path }) => path)).toEqual([]);
  });

  test("says what leaving a key out means, of every key that may be", () => {
    const optional = parts(annotatedSchema()).flatMap(({ path, schema }) =>
      Object.keys(schema.properties ?? {})
        .filter((key) => !schema.required?.includes(key))
        .map((key) => `${path}.${key}`),
    );
    const sections = [".network", ".cluster", ".database"];
    const silent = KEYS.filter(({ schema }) => !schema.description?.includes("Default: "));
    expect(optional.length).toBeGreaterThan(30);
    expect(silent.map(({ path }) => path).filter((path) => optional.includes(path))).toEqual(sections);
  });

  test("shows a sentence of ours for whatever a pattern refuses, never the pattern", () => {
    const patterns = PARTS.flatMap(({ path, schema }) =>
      [schema, ...(schema.allOf ?? [])].flatMap((part) => (part.pattern ? [{ path, part }] : [])),
    );
    expect(patterns.length).toBeGreaterThan(25);
    expect(patterns.filter(({ part }) => !/^must /.test(String(part.patternErrorMessage)))).toEqual([]);
  });

  test("inserts no value that nobody chose: an example or a snippet, no default and no zero", () => {
    expect(PARTS.filter(({ schema }) => "default" in schema)).toEqual([]);
    const numbers = PARTS.filter(({ schema }) => schema.type === "integer" || schema.type === "number");
    const bare = numbers.filter(({ schema }) => !schema.examples && !schema.enum);
    // One of two ways to say availabilityZones, which has an example itself.
    expect(bare.map(({ path }) => path)).toEqual([".network.availabilityZones|0"]);
    const capacity = PARTS.filter(({ path }) => path.startsWith(".database.capacity"));
    expect(
      JSON.stringify(capacity.map(({ schema }) => [schema.examples, schema.defaultSnippets])),
    ).not.toMatch(/\b0\b(?!\.)/);
  });

  test("offers the add-ons that the project knows, and takes others", () => {
    const items = PARTS.find(({ path }) => path === ".cluster.addons[]")?.schema;
    expect(items?.examples).toEqual(expect.arrayContaining(["aws-ebs-csi-driver", "coredns", "vpc-cni"]));
    expect(items?.enum).toBeUndefined();
  });

  test.each([
    ".access.databases",
    ".access.services",
    ".access.people",
    ".access.services.*.grants",
    ".access.people.*.grants",
    ".cluster.nodeGroups",
    ".database.capacity",
  ])("inserts a whole entry of %s by a snippet", (path) => {
    const snippets = PARTS.find((part) => part.path === path)?.schema.defaultSnippets;
    expect(snippets).toEqual([
      expect.objectContaining({ label: expect.any(String), body: expect.any(Object) }),
    ]);
  });

  test("is told nothing that only this project understands", () => {
    const known = new Set([
      ...["$schema", "title", "type", "properties", "required", "additionalProperties", "propertyNames"],
      ...["items", "minItems", "maxItems", "uniqueItems", "anyOf", "allOf", "enum", "pattern", "format"],
      ...["minimum", "maximum", "multipleOf", "minLength", "maxLength", "description", "examples"],
      ...["errorMessage", "patternErrorMessage", "enumDescriptions", "defaultSnippets", "doNotSuggest"],
    ]);
    const others = PARTS.flatMap(({ path, schema }) =>
      Object.keys(schema).flatMap((key) => (known.has(key) ? [] : [`${path}: ${key}`])),
    );
    expect(others).toEqual([]);
  });
});
