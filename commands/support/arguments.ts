import { parseArgs } from "node:util";
import { quote, suggestion } from "../../lib/nearest";
import { UserError } from "../../lib/user-error";

/** What a command was given. */
export interface CommandLine {
  /** Names, such as those of environments. */
  readonly names: readonly string[];
  /** The options that were there, without their dashes. */
  readonly flags: ReadonlySet<string>;
  /** The values of those options that take one. */
  readonly values: Readonly<Record<string, string>>;
}

/** What a command takes besides --help. Anything else is refused. */
export interface CommandLineOptions {
  /** Whether it takes names. @default false */
  readonly names?: boolean;
  /** Options without a value, such as `json` for `--json`. @default none */
  readonly flags?: readonly string[];
  /** Options that take a value, such as `port` for `--port 1080`. @default none */
  readonly values?: readonly string[];
  /** @default what the process was given */
  readonly args?: readonly string[];
}

/**
 * Reads the command line; undefined when help was asked for and printed.
 * @param usage what --help prints; also shown with each refusal
 * @throws UserError with everything that the command does not take
 */
export function commandLine(usage: string, takes: CommandLineOptions = {}): CommandLine | undefined {
  const { names = false, flags = [], values = [], args = process.argv.slice(2) } = takes;
  const { positionals, tokens } = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", short: "h" },
      ...Object.fromEntries(values.map((name) => [name, { type: "string" as const }])),
    },
    allowPositionals: true,
    tokens: true,
    // What is wrong is said below: all of it, and in words that do not change with Node.js.
    strict: false,
  });
  const options = tokens.filter((token) => token.kind === "option");
  if (options.some(({ name }) => name === "help")) {
    process.stdout.write(`${usage}\n`);
    return undefined;
  }
  const problems = options.flatMap(({ name, rawName, value }): string[] => {
    if (values.includes(name)) return value ? [] : [`${rawName} needs a value.`];
    if (flags.includes(name)) return value === undefined ? [] : [`${rawName} takes no value.`];
    const known = ["help", ...flags, ...values].map((each) => `--${each}`);
    return [`There is no option ${quote(rawName)}.${suggestion(rawName, known)}`];
  });
  if (!names && positionals.length > 0) {
    problems.push(`This command takes no name, got: ${positionals.map(quote).join(", ")}.`);
  }
  if (problems.length > 0) throw new UserError(problems, usage);
  return {
    names: positionals,
    flags: new Set(options.map(({ name }) => name)),
    values: Object.fromEntries(
      options.flatMap(({ name, value }): [string, string][] => (value === undefined ? [] : [[name, value]])),
    ),
  };
}

/** @throws UserError when `value` is not a whole number of the range; `name` says whose it is, such as `--port`. */
export function wholeNumber(name: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new UserError([`${name} must be a whole number from ${least} to ${most}, got: ${value}`]);
}
