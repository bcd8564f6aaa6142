import { parseArgs } from "node:util";
import { UserError } from "../config/problem";

/** What a command was given. */
export interface CommandLine {
  /** Names, such as those of environments. */
  readonly names: readonly string[];
  /** The options that were there, without their dashes. */
  readonly flags: ReadonlySet<string>;
}

/**
 * Reads the command line; undefined when help was asked for and printed.
 * @param flags options the command knows besides --help
 * @throws UserError for an option that does not exist
 */
export function commandLine(usage: string, flags: readonly string[] = []): CommandLine | undefined {
  try {
    const options = Object.fromEntries(flags.map((flag) => [flag, { type: "boolean" as const }]));
    const { values, positionals } = parseArgs({
      options: { ...options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    if (!values.help) return { names: positionals, flags: new Set(Object.keys(values)) };
    process.stdout.write(`${usage}\n`);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error);
    throw new UserError([`${reason}.\n${usage}`]);
  }
}
