import { describe, expect, test } from "@jest/globals";
import { MINIMAL, parse, problemsOf } from "../../../helpers/environment";

/** The problems of the minimal file with more YAML, whose first line is the eleventh. */
const problems = (yaml: string) => problemsOf(`${MINIMAL}${yaml}\n`);

const TAB = "a tab indents this line; replace it, and every other, by spaces";
const DEEP = "lists and maps are nested too deeply; an environment file needs no more than six levels";

describe("what the YAML got wrong is said in one message", () => {
  test.each<[string, string, string]>([
    ["a tab", "tags:\n\tteam: x", `12:1: ${TAB}`],
    ["many tabs", "network:\n\tcidr: a\n\tnatGateways: b\n\texisting:\n\t\tvpcId: c", `12:1: ${TAB}`],
    [
      "a key that is there twice",
      "network:\n  cidr: 10.0.0.0/16\n  cidr: 10.1.0.0/16",
      '13:3: the key "cidr" is there twice; remove one',
    ],
    [
      "an anchor that is not defined",
      "tags: { a: *nowhere }",
      "11:12: the anchor &nowhere is not defined above; define it, or write the value out",
    ],
    [
      "an anchor in itself",
      "tags: &a { x: *a }",
      "11:15: the anchor &a would contain itself; write the value out",
    ],
    [
      "an anchor in itself, by a list",
      "network: { interfaceEndpoints: &a [x, [*a]] }",
      "11:40: the anchor &a would contain itself; write the value out",
    ],
    [
      "an anchor in itself, by a merge key",
      "tags: &a { <<: *a }",
      "11:16: the anchor &a would contain itself; write the value out",
    ],
    [
      "a merge of what is no map",
      "tags: { <<: [a] }",
      "11:13: << takes a map or a list of maps, such as *anchor; write the keys out",
    ],
    ["deep nesting", `tags: ${"[".repeat(60)}${"]".repeat(60)}`, `11:56: ${DEEP}`],
    [
      "a second colon",
      "name: a: b",
      "11:7: nested mappings are not allowed in compact mappings; put a value that holds a colon in quotes, or start a map on the next line (YAML: BLOCK_AS_IMPLICIT_KEY)",
    ],
    [
      "a value that starts with @",
      "tags: { a: @b }",
      "11:12: plain value cannot start with reserved character @; put the value in quotes (YAML: BAD_SCALAR_START)",
    ],
    ["a map as a key", "? { a: b }\n: c", "11:3: this key is a list or a map; a key is text"],
    [
      "a carriage return alone",
      "tags: { a: b }\r# c",
      "11:15: this line ends with a carriage return alone; save the file with LF or CRLF line ends",
    ],
    [
      "a NUL byte",
      "tags: { a: b\0c }",
      "11:13: the control character U+0000 is here, which YAML does not allow; remove it, and save the file as UTF-8",
    ],
    [
      "a C1 control character in a comment",
      "# \u009b31m",
      "11:3: the control character U+009B is here, which YAML does not allow; remove it, and save the file as UTF-8",
    ],
    [
      "a comment that turns around",
      "# \u202edeifirev ton",
      "11:3: the invisible character U+202E turns the direction of the text around; remove it",
    ],
  ])("%s", (_, yaml, message) => {
    expect(problems(yaml)).toEqual([message]);
  });

  test.each(["[", "{ a: ", "- ", "? "])("%s nested a hundred thousand times", (opening) => {
    const [first = "", ...others] = problems(`tags:\n  ${opening.repeat(100_000)}`);
    expect(others).toEqual([]);
    expect(first).toMatch(/^1[12]:\d+: lists and maps are nested too deeply; /);
  });

  test("of every line that is wrong, not only of the first", () => {
    expect(problemsOf("name: @a\nregion: @b\n").map((problem) => problem.slice(0, 4))).toEqual([
      "1:7:",
      "2:9:",
    ]);
  });
});

describe("the same file", () => {
  test.each<[string, string]>([
    ["with CRLF line ends", MINIMAL.replaceAll("\n", "\r\n")],
    ["with a byte order mark", `\ufeff${MINIMAL}`],
    ["with a document start and end", `---\n${MINIMAL}...\n`],
  ])("%s is the same environment, with problems at the same places", (_, text) => {
    // Where in the text a warning is depends on its lines, which is what differs here.
    const { warnings: _warnings, ...same } = parse();
    expect(parse(text)).toMatchObject(same);
    const region = (file: string) => file.replace("eu-west-1", "nowhere");
    const column = (problem: string) => problem.replace(/^\d+/, "");
    expect(problemsOf(region(text)).map(column)).toEqual(problemsOf(region(MINIMAL)).map(column));
  });

  test("written with aliases is the same environment, however often they are used", () => {
    const services = Array.from({ length: 3000 }, (_, index) => `    s${index}: *service\n`).join("");
    const text = `${MINIMAL.replace("orders-api:", "orders-api: &service")}${services}`;
    const unique = new Set(
      problemsOf(text).map((problem) => problem.replace(/^\d+:\d+: .* is that of /, "")),
    );
    // One ServiceAccount each, by default; only the namespace is the same.
    expect(unique).toEqual(new Set());
    expect(Object.keys(parse(text).access.services)).toHaveLength(3001);
  });

  test("a key of a map's own wins over a merged one, and of several merged maps the first", () => {
    const { tags } = parse(`${MINIMAL}tags:\n  <<: [{ a: "1", b: "1" }, { b: "2", c: "2" }]\n  c: "3"\n`);
    expect(tags).toEqual({ a: "1", b: "1", c: "3" });
  });

  test("an anchor may be defined anew, and an alias means the last before it", () => {
    const { tags } = parse(`${MINIMAL}tags: { a: &x one, b: *x, c: &x two, d: *x }\n`);
    expect(tags).toEqual({ a: "one", b: "one", c: "two", d: "two" });
  });
});
