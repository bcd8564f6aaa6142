import { describe, expect, test } from "@jest/globals";
import { compareCode } from "../../../../tools/review/sides/compare-code";
import type { OpenedSide } from "../../../../tools/review/sides/side";

/** A side whose code is these files, of these contents; one that says what it is, is no plain file. */
function side(files: Readonly<Record<string, string>> | undefined, environment = "dev"): OpenedSide {
  return {
    side: { name: "side", environments: new Map([[environment, { problem: "" }]]) },
    code:
      files &&
      (() =>
        new Map(
          Object.entries(files).map(([path, text]) => [path, text.includes(" ") ? text : `file ${text}`]),
        )),
  };
}
const changed = (file: string) =>
  compareCode(side({}), side({ [file]: "new" }, "prod"), ["environments"]).map(({ kind }) => kind);

test.each([
  "environments/dev.yaml",
  "environments/new.yml",
  "docs/reviewing.md",
  "docs/picture.png",
  "test/commands/review.test.ts",
  "examples/clients/go/main.go",
  "board/README.md",
  "CHANGELOG.md",
  "environments/review/dev/access-plan.json",
  "environments/some/where/prod/shop.sql",
])("a change of %s is not one of code", (file) => {
  expect(changed(file)).toEqual([]);
});

test.each([
  "main.ts",
  "package-lock.json",
  ".npmrc",
  ".github/workflows/review.yml",
  "environments/.terraform.lock.hcl",
  "environments/nested/dev.yaml",
  "environments/ca.pem",
  "other/dev.yaml",
  "tools/docs/x.ts",
  "docs",
  "model/test/x.ts",
  "README.md.ts",
  "environments/review/dev/evil.js",
  "environments/review/other/shop.sql",
  "environments/review/dev/deeper/shop.sql",
  "elsewhere/dev/shop.sql",
])("a change of %s is one of code", (file) => {
  expect(changed(file)).toEqual(["code-changed"]);
});

test.each(["link 1", "program 1", "repository", "0123456789abcdef"])(
  "what is no plain file is code wherever it is, before as after: %s",
  (mark) => {
    for (const file of ["environments/dev.yaml", "docs/a.md", "environments/review/dev/shop.sql"]) {
      const odd: OpenedSide = { ...side({}), code: () => new Map([[file, mark]]) };
      for (const [base, head] of [
        [side({ [file]: "1" }), odd],
        [odd, side({ [file]: "1" })],
        [side({}), odd],
      ] as const) {
        expect(compareCode(base, head, ["environments"]).map(({ kind }) => kind)).toEqual(["code-changed"]);
      }
    }
  },
);

describe("a change of code", () => {
  const found = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) =>
    compareCode(side(before), side(after), ["environments"])[0];

  test("names the files, of many the first three, and all in the details", () => {
    expect(found({ a: "1", b: "1", same: "1" }, { b: "2", c: "1", same: "1" })).toMatchObject({
      subject: "code",
      text: "code: removed a, changed b, added c; what it does beyond these stacks is not seen here",
      details: ["removed a", "changed b", "added c"],
    });
    expect(found({}, { e: "1", d: "1", c: "1", b: "1", a: "1" })?.text).toBe(
      "code: added a, added b, added c, 2 more; what it does beyond these stacks is not seen here",
    );
  });

  test("is another for each content on either side, and for nothing else", () => {
    const first = found({ a: "1", same: "1" }, { a: "2", same: "1" });
    expect(found({ same: "2", a: "1", more: "1" }, { more: "1", a: "2", same: "2" })).toEqual(first);
    expect(found({ a: "1" }, { a: "3" })).not.toEqual(first);
    expect(found({ a: "0" }, { a: "2" })).not.toEqual(first);
  });
});

test("that code was not compared is said, and not that it changed", () => {
  for (const [base, head] of [
    [side(undefined), side({ a: "1" })],
    [side({ a: "1" }), side(undefined)],
    [side(undefined), side(undefined)],
  ] as const) {
    expect(compareCode(base, head, ["environments"]).map(({ kind }) => kind)).toEqual(["code-not-compared"]);
  }
});
