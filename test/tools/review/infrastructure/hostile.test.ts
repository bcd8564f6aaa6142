import { describe, expect, test } from "@jest/globals";
import { compareStacks } from "../../../../tools/review/infrastructure/compare-stacks";
import { changed, type Json, kinds, lines, stacks } from "./stacks";

/** Names and values that something else than a text comparison might stumble over. */
const NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "a.b",
  "a b",
  "a\nb",
  "${local.a}",
  "",
  "ü",
  "[0]",
  "//",
];

describe.each(NAMES)("the name %j", (name) => {
  test("is a name like any other: of a resource, an attribute, a tag, a local, an output, a part", () => {
    const places: ((stack: Json, value: Json) => void)[] = [
      (stack, value) => define(stack.resource.aws_kms_alias, name, { name: value }),
      (stack, value) => define(stack.resource, name, { a: { name: value } }),
      (stack, value) => define(Object.values<Json>(stack.resource.aws_kms_key)[0].tags, name, value),
      (stack, value) => define(stack.locals ?? define(stack, "locals", {}), name, value),
      (stack, value) => define(stack.output, name, { value }),
      ...(name === "//" ? [] : [(stack: Json, value: Json) => define(stack, name, value)]),
      ...(name === "//"
        ? []
        : [
            (stack: Json, value: Json) =>
              define(Object.values<Json>(stack.resource.aws_kms_key)[0], name, value),
          ]),
    ];
    for (const place of places) {
      const [before, one, other] = [stacks("dev-eks"), stacks("dev-eks"), stacks("dev-eks")];
      place(one.get("dev-eks"), "a");
      place(other.get("dev-eks"), "b");
      for (const [left, right] of [
        [before, one],
        [one, before],
        [one, other],
      ] as const) {
        expect(compareStacks(left, right).findings.length).toBeGreaterThan(0);
      }
    }
  });
});

/** An own property, whatever its name. */
function define(object: Json, name: string, value: Json): Json {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  return value;
}

test("a form that cdktf does not write asks, and is none that passes", () => {
  const forms: ((stack: Json) => void)[] = [
    (stack) => Object.assign(stack, { resource: [stack.resource] }),
    (stack) => Object.assign(stack, { resource: "none" }),
    (stack) => Object.assign(stack.resource, { aws_kms_key: [stack.resource.aws_kms_key] }),
    (stack) => Object.assign(stack.resource.aws_kms_alias, { a: [{ name: "a" }] }),
    (stack) => Object.assign(stack.resource.aws_kms_alias, { a: null }),
    (stack) => Object.assign(stack, { moved: { from: "a.b", to: "a.c" } }),
    (stack) => Object.assign(stack, { moved: "a" }),
    (stack) => Object.assign(stack, { import: [1] }),
    (stack) => Object.assign(stack, { removed: [[]] }),
  ];
  for (const form of forms) {
    const found = changed("dev-eks", form);
    expect(found.findings.length).toBeGreaterThan(0);
  }
  expect(kinds(changed("dev-eks", (stack) => Object.assign(stack, { resource: "none" })))).toContain(
    "unexplained",
  );
});

test("nothing can call itself by another's name: a note that the address does not follow from is not believed", () => {
  const { findings } = changed("dev-database", (stack) => {
    stack.resource.aws_kms_alias.evil = {
      "//": { metadata: { path: "dev-database/aurora/encryption/alias", uniqueId: "evil" } },
      name: "alias/evil",
    };
  });
  expect(lines(findings)).toEqual(["resource-added dev-database aws_kms_alias.evil: is new"]);
});

test("two that differ in what is too long to show are two to an approval", () => {
  const found = (end: string) =>
    changed("dev-database", (stack) => {
      Object.values<Json>(stack.resource.aws_ssm_document)[0].content = `${"a".repeat(500)}${end}`;
    }).findings;
  expect(found("b")[0]?.text).toBe(found("c")[0]?.text);
  expect(found("b")).not.toEqual(found("c"));
});

test("every finding is one line that begins with its subject", () => {
  const { findings } = changed("dev-eks", (stack) => {
    for (const byName of Object.values<Json>(stack.resource)) {
      for (const body of Object.values<Json>(byName)) {
        body.name = "a\nb\r\n\u2028c";
        body.tags = { "a\nb": "c\nd" };
        body.description = "e\nf";
      }
    }
    stack.locals = { "a\nb": "c\nd" };
    stack.output["a\nb"] = { value: "c\nd" };
    stack.import = [{ to: "a\nb", id: "c\nd" }];
  });
  expect(findings.length).toBeGreaterThan(20);
  for (const { subject, text, details = [] } of findings) {
    expect(text.startsWith(`${subject}: `)).toBe(true);
    for (const line of [text, ...details]) expect(line).not.toMatch(/[\r\n\u2028\u2029]/);
  }
});
