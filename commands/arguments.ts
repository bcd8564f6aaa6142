import { parseArgs } from "node:util";
import { UserError } from "../config/problem";

/**
 * Environment names from the command line; undefined when help was asked for and printed.
 * @throws UserError for an option that does not exist
 */
export function environmentArguments(usage: string): readonly string[] | undefined {
  try {
    const { values, positionals } = parseArgs({
      options: { help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    if (!values.help) return positionals;
    process.stdout.write(`${usage}\n`);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error);
    throw new UserError([`${reason}.\n${usage}`]);
  }
}
