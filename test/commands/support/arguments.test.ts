import { afterEach, expect, jest, test } from "@jest/globals";
import { type CommandLineOptions, commandLine, wholeNumber } from "../../../commands/support/arguments";
import { UserError } from "../../../lib/user-error";

const USAGE = "Usage: npm run something";
const refusal = (run: () => unknown): UserError => {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("it was taken");
};
afterEach(() => {
  jest.restoreAllMocks();
});

test("a command gets the names, options and values that it takes", () => {
  const args = ["dev", "--json", "--port", "1080", "prod"];
  const given = commandLine(USAGE, { names: true, flags: ["json"], values: ["port"], args });
  expect(given).toEqual({
    names: ["dev", "prod"],
    flags: new Set(["json", "port"]),
    values: { port: "1080" },
  });
});

test.each<[string, CommandLineOptions, string[]]>([
  ["a name where none is taken", { args: ["dev"] }, ['This command takes no name, got: "dev".']],
  ["an unknown option", { args: ["--fast"] }, ['There is no option "--fast". Known: --help.']],
  ["an unknown letter", { args: ["-x"], names: true }, ['There is no option "-x". Known: --help.']],
  [
    "an option that is nearly one",
    { args: ["--jsn"], flags: ["json"] },
    ['There is no option "--jsn". Did you mean "--json"?'],
  ],
  ["an option without its value", { args: ["--port"], values: ["port"] }, ["--port needs a value."]],
  ["an empty value", { args: ["--port="], values: ["port"] }, ["--port needs a value."]],
  [
    "a value for an option that takes none",
    { args: ["--json=1"], flags: ["json"] },
    ["--json takes no value."],
  ],
  [
    "whatever is wrong, together,",
    { args: ["dev", "--fast", "--\u009b2J"] },
    [
      'There is no option "--fast". Known: --help.',
      'There is no option "--\\u{9b}2J". Known: --help.',
      'This command takes no name, got: "dev".',
    ],
  ],
])("%s is refused, with the usage", (_, takes, messages) => {
  const { messages: said, usage } = refusal(() => commandLine(USAGE, takes));
  expect([said, usage]).toEqual([messages, USAGE]);
});

test.each([["--help"], ["-h"], ["dev", "--help"]])("%s prints the usage and runs nothing", (...args) => {
  const write = jest.spyOn(process.stdout, "write").mockReturnValue(true);
  expect(commandLine(USAGE, { args })).toBeUndefined();
  expect(write.mock.calls).toEqual([[`${USAGE}\n`]]);
});

test.each(["", "x", "-1", "1.5", "1e3", "0x10", " 7", "65536", "99999999999999999999"])(
  "%j is no whole number of the range",
  (value) => {
    expect(refusal(() => wholeNumber("PORT", value, 0, 65535)).messages).toEqual([
      `PORT must be a whole number from 0 to 65535, got: ${value}`,
    ]);
  },
);

test.each([
  ["0", 0],
  ["8080", 8080],
  ["65535", 65535],
])("%s is one", (value, number) => {
  expect(wholeNumber("PORT", value, 0, 65535)).toBe(number);
});
