import { terminalLines, terminalText } from "./terminal-text";

/**
 * A mistake of the user's: every message names its place, what is wrong and what to do.
 * Commands print the messages alone, without a stack trace, and exit 1.
 */
export class UserError extends Error {
  /**
   * @param messages each is one line when it is printed
   * @param usage how the command is called, for a mistake in its arguments. @default not said
   */
  constructor(
    readonly messages: readonly string[],
    readonly usage?: string,
  ) {
    super(messages.join("\n"));
    this.name = "UserError";
  }
}

/** The code of a system error, such as ENOENT; the error as text when it has none. */
export function errorCode(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : String(error);
}

/** Writes messages to stderr, a line each, so that stdout is what a command was asked for. */
export function printMessages(messages: readonly string[]): void {
  process.stderr.write(messages.map((message) => `${terminalText(message)}\n`).join(""));
}

/** Runs a command; a mistake of the user's ends it with its messages and exit code 1, anything else is a bug. */
export async function exitOnUserError(run: () => void | Promise<void>): Promise<void> {
  // Whoever reads the output may stop early (`| head`): no reason to write a stack trace.
  process.stdout.once("error", () => process.exit());
  try {
    await run();
  } catch (error) {
    if (!(error instanceof UserError)) throw withShowableStack(error);
    printMessages(error.messages);
    if (error.usage !== undefined) process.stderr.write(`${error.usage}\n`);
    process.exitCode = 1;
  }
}

/** Node.js prints the stack of what nobody catches as it is, and its first line may be a server's message. */
function withShowableStack(error: unknown): unknown {
  if (error instanceof Error && error.stack !== undefined) error.stack = terminalLines(error.stack);
  return error;
}
