import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { about } from "../../../model/config/reading/schema-walk";
import { environmentSchema } from "../../../model/config/schema";
import { MINIMAL, parse, problemsOf } from "../../helpers/environment";
import { oneIn, randomCases } from "../../helpers/extent";
import { withAccess, withServices } from "./mistakes";

/** The minimal file with further top-level YAML. */
const withYaml = (yaml: string) => `${MINIMAL}${yaml}`;

describe("a file that nobody means well", () => {
  test("names that are special to JavaScript are names like any other", () => {
    const { access } = parse(
      withAccess(`access:
  databases: { constructor: [toString, valueOf], hasOwnProperty: [__proto__] }
  namespaces: { constructor: {} }
  services:
    constructor: { namespace: constructor, grants: { constructor.toString: owner } }
    hasownproperty: { namespace: constructor, grants: { hasOwnProperty.__proto__: read-only } }
`),
    );
    expect(Object.keys(access.databases)).toEqual(["constructor", "hasOwnProperty"]);
    expect(Object.keys(access.services)).toEqual(["constructor", "hasownproperty"]);
  });

  test("keys that are special to JavaScript are unknown keys like any other", () => {
    expect(problemsOf(withYaml("constructor: x\n"))[0]).toMatch(/^11:1: unknown key "constructor"/);
    expect(problemsOf(withYaml("__proto__: { name: x }\n"))[0]).toMatch(
      /^11:1: the name "__proto__" cannot be used/,
    );
    expect(problemsOf(withServices("x: { namespace: a, grants: { constructor.x: owner } }"))[0]).toMatch(
      /^7:\d+: "constructor.x" is not declared/,
    );
  });

  test("whatever the text, the answer is an environment or problems with a place, never a crash", () => {
    const pieces = MINIMAL.split(/(?<=[\s:{},[\]"])/);
    const mutated = fc
      .array(fc.tuple(fc.nat(pieces.length - 1), fc.string({ unit: "binary", maxLength: 12 })), {
        maxLength: 4,
      })
      .map((edits) => {
        const copy = [...pieces];
        for (const [index, text] of edits) copy[index] = text;
        return copy.join("");
      });
    fc.assert(
      fc.property(mutated, (text) => {
        for (const problem of problemsOf(text)) expect(problem).toMatch(/^\d+:\d+: \S/);
      }),
      randomCases(300),
    );
  });

  test("whatever is put in the place of any value: problems with a place, or an environment", () => {
    const file = Object.fromEntries(
      Object.entries(environmentSchema.shape).map(([key, schema]) => [key, about(schema).examples?.at(-1)]),
    );
    const wrong = [null, "", Number.NaN, [], {}, [null], { "": {} }];
    const hostile: readonly unknown[] = [
      { toString: 1 },
      { constructor: { prototype: null } },
      { existing: null },
    ];
    const everywhere = pathsOf(file).flatMap((path) =>
      [...wrong, ...hostile].map((value) => ({ path, value })),
    );
    // A number that the ten values do not divide: each path and each value has its turn.
    for (const { path, value } of oneIn(7, everywhere)) {
      const problems = problemsOf(stringify(replaced(file, path, value)));
      for (const problem of problems) expect(problem).toMatch(/^\d+:\d+: \S/);
    }
  });
});

describe("text that is hostile", () => {
  const hostile = [
    'a"b',
    "a'b",
    "$" + "{var.x}",
    "%" + "{if true}",
    "a\nb",
    "a\u0000b",
    "‮evil",
    "a`b",
    "a\\b",
    "<b>",
    "a;b",
  ];
  test.each(hostile)("the hostile text %j is refused in every field that takes text", (text) => {
    // Escaped, so that it gets as far as the schema: as it is, some of it is no YAML.
    const yaml = JSON.stringify(text).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
    for (const line of [
      `tags: { a: ${yaml} }`,
      `tags: { ${yaml}: a }`,
      `backend: { bucket: ${yaml}, region: eu-west-1 }`,
      `network: { interfaceEndpoints: [${yaml}] }`,
      `network: { availabilityZones: [${yaml}, eu-west-1a] }`,
      `cluster: { administrators: [${yaml}] }`,
      `cluster: { addons: [${yaml}] }`,
      `cluster: { nodeGroups: { ${yaml}: {} } }`,
      `cluster: { nodeGroups: { a: { instanceTypes: [${yaml}] } } }`,
      `database: { alarmTopicArn: ${yaml} }`,
      `database: { capacity: { instanceClass: ${yaml} } }`,
      `database: { caBundle: ${yaml} }`,
      `demo: { image: ${yaml}, service: a, migrations: b }`,
    ]) {
      const problems = problemsOf(withYaml(`${line}\n`));
      expect(problems.length).toBeGreaterThan(0);
      for (const problem of problems) expect(problem).toMatch(/^11:\d+: [^\n]*$/);
    }
    for (const services of [
      `${yaml}: { namespace: a, grants: { shop.orders: owner } }`,
      `a: { namespace: ${yaml}, grants: { shop.orders: owner } }`,
      `a: { namespace: a, serviceAccount: ${yaml}, grants: { shop.orders: owner } }`,
      `a: { namespace: a, grants: { ${yaml}: owner } }`,
      `a: { namespace: a, grants: { shop.orders: ${yaml} } }`,
    ]) {
      expect(problemsOf(withServices(services))[0]).toMatch(/^7:\d+: /);
    }
    expect(
      problemsOf(
        withServices("a: { namespace: a, grants: { shop.orders: owner } }", `{ shop: [orders, ${yaml}] }`),
      )[0],
    ).toMatch(/^5:/);
  });

  test("tags may be in any script, as AWS allows", () => {
    expect(parse(withYaml('tags: { "équipe": "プラットフォーム 1/2" }\n')).tags).toEqual({
      équipe: "プラットフォーム 1/2",
    });
  });
});

/** The path of every value in some data. */
function pathsOf(data: unknown, path: readonly string[] = []): string[][] {
  if (typeof data !== "object" || data === null) return [[...path]];
  return Object.entries(data).flatMap(([key, value]) => [[...path, key], ...pathsOf(value, [...path, key])]);
}

/** A copy of some data with another value at a path. */
function replaced(data: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined || typeof data !== "object" || data === null) return value;
  const entries = Object.entries(data).map(([name, item]) => [
    name,
    name === key ? replaced(item, rest, value) : item,
  ]);
  return Array.isArray(data) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}
