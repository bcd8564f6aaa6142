import { describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { quote, suggestion } from "../../lib/nearest";
import { textTable } from "../../lib/table";
import { asciiText, terminalJson, terminalLines, terminalText } from "../../lib/terminal-text";
import { exitOnUserError, UserError } from "../../lib/user-error";
import { OBEYED_BY_CI } from "../helpers/nasty";

/** Code points that a terminal obeys or hides, by range. Stated here once more, apart from Unicode's properties. */
const HOSTILE: readonly (readonly [what: string, from: number, to: number])[] = [
  ["C0 controls", 0x00, 0x1f],
  ["DEL and C1 controls, CSI among them", 0x7f, 0x9f],
  ["the soft hyphen", 0xad, 0xad],
  ["the combining grapheme joiner", 0x34f, 0x34f],
  ["the Arabic letter mark", 0x61c, 0x61c],
  ["zero-width spaces, joiners and marks of direction", 0x200b, 0x200f],
  ["line and paragraph separators, embeddings and overrides", 0x2028, 0x202e],
  ["the word joiner, invisible operators and isolates", 0x2060, 0x206f],
  ["a Hangul filler", 0x3164, 0x3164],
  ["halves of surrogate pairs", 0xd800, 0xdfff],
  ["private use", 0xe000, 0xf8ff],
  ["variation selectors", 0xfe00, 0xfe0f],
  ["the byte order mark", 0xfeff, 0xfeff],
  ["annotations", 0xfff9, 0xfffb],
  ["what is no character", 0xfffe, 0xffff],
  ["tags, by which text can be hidden", 0xe0000, 0xe007f],
  ["private use of the last plane", 0x10fffe, 0x10ffff],
];

const anyText = fc.string({ unit: "binary" });
const hostile = fc
  .constantFrom(...HOSTILE)
  .chain(([, from, to]) => fc.integer({ min: from, max: to }))
  .map((codePoint) => String.fromCodePoint(codePoint));
const mixed = fc.array(fc.oneof(hostile, anyText, fc.string())).map((parts) => parts.join(""));
const isHostile = (text: string) =>
  [...text].some((character) => {
    const at = character.codePointAt(0) ?? 0;
    return HOSTILE.some(([, from, to]) => at >= from && at <= to);
  });

const commands = fc
  .array(fc.oneof(fc.constantFrom("::", ":", "##", "#", "[", "vso", "add-mask", " ", "\u3000"), mixed))
  .map((parts) => parts.join(""));

describe("text that a terminal shows", () => {
  test.each(HOSTILE)("%s are written, not obeyed", (_, from, to) => {
    for (let at = from; at <= to; at++) {
      expect(terminalText(`a${String.fromCodePoint(at)}b`)).toBe(`a\\u{${at.toString(16)}}b`);
    }
  });

  test("is one line without anything hostile, whatever comes in", () => {
    fc.assert(fc.property(mixed, (text) => !isHostile(terminalText(text))));
  });

  test.each([
    ["::add-mask::a", "\\u{3a}:add-mask::a"],
    [" \u3000::stop-commands::x", " \u3000\\u{3a}:stop-commands::x"],
    ["a ##[set-output name=b]c", "a \\u{23}#[set-output name=b]c"],
    ["a ##vso[task.complete]", "a \\u{23}#vso[task.complete]"],
    ["a ##VSO[task.complete]", "a \\u{23}#VSO[task.complete]"],
    ["a::b # ## [c]", "a::b # ## [c]"],
  ])("%j is no command to a CI that reads along", (text, shown) => {
    expect(terminalText(text)).toBe(shown);
  });

  test("is no command to a CI, whatever comes in, nor are lines and JSON", () => {
    fc.assert(
      fc.property(commands, (text) => {
        for (const line of [terminalText(text), ...terminalLines(text).split("\n")]) {
          expect(line).not.toMatch(OBEYED_BY_CI);
        }
        for (const line of terminalJson({ [text]: [text] }).split("\n"))
          expect(line).not.toMatch(OBEYED_BY_CI);
        expect(JSON.parse(terminalJson(text))).toBe(JSON.parse(JSON.stringify(text)));
      }),
    );
  });

  test("is what came in when there is nothing hostile in it", () => {
    const plain = 'Grüße, 日本語, עברית, é, "quotes" \\ and 🎉';
    expect(terminalText(plain)).toBe(plain);
    fc.assert(fc.property(fc.string(), (text) => OBEYED_BY_CI.test(text) || terminalText(text) === text));
  });

  test("does not change when it is made so again", () => {
    fc.assert(fc.property(mixed, (text) => terminalText(terminalText(text)) === terminalText(text)));
  });

  test("is ASCII where names must not look alike", () => {
    expect(asciiText("\u0430dmin \u202e🎉")).toBe("\\u{430}dmin \\u{202e}\\u{1f389}");
    fc.assert(fc.property(mixed, (text) => /^[ -~]*$/.test(asciiText(text))));
  });

  test("keeps lines, and nothing else, where the writer may start new ones", () => {
    expect(terminalLines("a\r\n\tb\u001b[2J\n")).toBe("a\n  b\\u{1b}[2J\n");
    fc.assert(fc.property(mixed, (text) => !isHostile(terminalLines(text).replaceAll("\n", ""))));
  });

  test("stays the same JSON to a program", () => {
    fc.assert(
      fc.property(fc.dictionary(mixed, fc.oneof(mixed, fc.integer())), (value) => {
        const json = terminalJson(value);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(isHostile(json.replaceAll("\n", ""))).toBe(false);
      }),
    );
  });
});

describe("what is printed for people", () => {
  test("a quoted text is on one line, without anything hostile and without half a character", () => {
    fc.assert(fc.property(mixed, (text) => !isHostile(quote(text))));
    expect(quote(`\u202e${"🎉".repeat(100)}`)).toBe(`"\\u{202e}${"🎉".repeat(74)} …`);
    expect(suggestion("a\u009b", ["a\u009b"])).toBe(' Did you mean "a\\u{9b}"?');
  });

  test("a table's columns are as wide as what is shown in them", () => {
    const table = textTable({
      header: ["name", "kind"],
      rows: [
        ["a\nb", "x"],
        ["a", "y"],
      ],
    });
    expect(table.split("\n")).toEqual(["name     kind", "───────  ────", "a\\u{a}b  x", "a        y"]);
  });

  test("a mistake's messages are a line each, and the usage keeps its own", async () => {
    const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      await exitOnUserError(() => {
        throw new UserError(["no \u001b[2J\nroot:x", "second"], "Usage: this\n  --that");
      });
      expect(write.mock.calls.join("")).toBe("no \\u{1b}[2J\\u{a}root:x\nsecond\nUsage: this\n  --that\n");
      expect(process.exitCode).toBe(1);
    } finally {
      write.mockRestore();
      process.exitCode = undefined;
    }
  });

  test("a bug's stack trace is shown by Node.js, with what a server said written out", async () => {
    const error = new Error("said \u001b[2J");
    await expect(exitOnUserError(() => Promise.reject(error))).rejects.toBe(error);
    expect(error.stack).toMatch(/^Error: said \\u\{1b\}\[2J\n {4}at /);
  });
});
