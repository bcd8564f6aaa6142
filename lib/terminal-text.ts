/**
 * What a terminal obeys or hides instead of showing it: control characters (C0 and C1), marks of the writing direction
 * and whatever else formats, line and paragraph separators, halves of surrogate pairs, private use, code points that are
 * nobody's, and characters that take no place.
 * @see https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const NOT_SHOWN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/**
 * What a CI obeys when a program prints it: GitHub Actions `::add-mask::` at the beginning of a line, after any space, and
 * `##[add-mask]` anywhere in one; Azure Pipelines `##vso[`.
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
const COMMAND_OF_LINE = /(?<=^\s*):(?=:)/u;
const COMMAND_ANYWHERE = /#(?=#[a-zA-Z]*\[)/u;

const NOT_IN_TEXT = anyOf(NOT_SHOWN, COMMAND_OF_LINE, COMMAND_ANYWHERE);
const NOT_IN_JSON = anyOf(NOT_SHOWN, COMMAND_ANYWHERE);

/**
 * Text as one line that a terminal shows and does not obey, nor a CI that reads along: what comes from outside, such as a
 * name, a server's message or a program's output, could otherwise move the cursor, forge a line or turn one around. What
 * is not shown is written as `\u{…}`; done twice, it changes nothing more.
 */
export function terminalText(text: string): string {
  return text.replace(NOT_IN_TEXT, escaped);
}

/** The same in ASCII: names in a log of who was refused must not be taken for others that look like them. */
export function asciiText(text: string): string {
  return text.replace(/[^ -~]/gu, escaped);
}

/** The same for several lines, where whoever wrote them may start new ones: a stack trace, a report. */
export function terminalLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => terminalText(line.replaceAll("\t", "  ")))
    .join("\n");
}

/** JSON for programs that a terminal shows as well: the same characters as JSON writes them, `\uXXXX`. */
export function terminalJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(NOT_IN_JSON, (character) =>
    character === "\n"
      ? character
      : character
          .split("")
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
          .join(""),
  );
}

function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join("|"), "gu");
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
