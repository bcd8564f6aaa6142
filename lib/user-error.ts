/**
 * A mistake of the user's: every message names its place, what is wrong and what to do.
 * Commands print the messages alone, without a stack trace, and exit 1.
 */
export class UserError extends Error {
  constructor(readonly messages: readonly string[]) {
    super(messages.join("\n"));
    this.name = "UserError";
  }
}

/** The code of a system error, such as ENOENT; the error as text when it has none. */
export function errorCode(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : String(error);
}

/** Runs a command; a mistake of the user's ends it with its messages and exit code 1, anything else is a bug. */
export async function exitOnUserError(run: () => void | Promise<void>): Promise<void> {
  // Whoever reads the output may stop early (`| head`): no reason to write a stack trace.
  process.stdout.once("error", () => process.exit());
  try {
    await run();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.messages.join("\n")}\n`);
    process.exitCode = 1;
  }
}
