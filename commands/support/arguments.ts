import { parseArgs } from "node:util";
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

/** Further options of {@link commandLine}. */
export interface CommandLineOptions {
  /** Options that take a value, such as `port` for `--port 1080`. @default none */
  readonly values?: readonly string[];
  /** @default what the process was given */
  readonly args?: readonly string[];
}

/**
 * Reads the command line; undefined when help was asked for and printed.
 * @param flags options the command knows besides --help
 * @throws UserError for an option that does not exist
 */
export function commandLine(
  usage: string,
  flags: readonly string[] = [],
  { values = [], args = process.argv.slice(2) }: CommandLineOptions = {},
): CommandLine | undefined {
  try {
    const options = Object.fromEntries([
      ...flags.map((flag) => [flag, { type: "boolean" as const }]),
      ...values.map((name) => [name, { type: "string" as const }]),
    ]);
    const parsed = parseArgs({
      args: [...args],
      options: { ...options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    const found: Readonly<Record<string, unknown>> = parsed.values;
    if (found.help !== true) {
      const given = Object.entries(found).flatMap(([name, value]): [string, string][] =>
        typeof value === "string" ? [[name, value]] : [],
      );
      return {
        names: parsed.positionals,
        flags: new Set(Object.keys(found)),
        values: Object.fromEntries(given),
      };
    }
    process.stdout.write(`${usage}\n`);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error);
    throw new UserError([`${reason}.`], usage);
  }
}
