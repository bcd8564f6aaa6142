import { expect, test } from "@jest/globals";
import { lastWords } from "../../../../tools/review/sides/last-words";

test("what a program said last is one line, without what Node.js says around an error", () => {
  const said =
    "/tmp/x/a.ts:3\n  throw new TypeError('b');\n        ^\n\nTypeError: b\n    at c (/tmp/x/a.ts:3:9)\n\nNode.js v20.20.2\n";
  expect(lastWords(said, {})).toBe("throw new TypeError('b');; TypeError: b");
  expect(lastWords("one\ntwo\nthree\nfour\n", {})).toBe("two; three; four");
  expect(lastWords("\n", {})).toBe("it said nothing");
});

test("no place on this machine is in it, and nothing else is taken for one", () => {
  const folders = { "/tmp/x/": "", "/tmp/x/node_modules/": "packages/" };
  expect(lastWords("/tmp/x/dev.yaml:1:2: no", folders)).toBe("dev.yaml:1:2: no");
  expect(lastWords("open '/tmp/x/node_modules/a.js'", folders)).toBe("open 'packages/a.js'");
  expect(lastWords("open '/home/ann/secret/a.js'", folders)).toBe("open '…/a.js'");
  const arn = "arn:aws:iam::123456789012:role/a/b at https://example.com/a/b and a/b/c";
  expect(lastWords(arn, folders)).toBe(arn);
});
