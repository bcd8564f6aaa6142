import { quote } from "../../lib/nearest";
import { asciiText } from "../../lib/terminal-text";
import { fatalError } from "./protocol-messages";

/** Why a client gets no further, and what it is told. */
export class Refusal extends Error {
  /**
   * @param reason for the log; never a token, a signature or a password
   * @param answer for the client, a message of the protocol; without one it is just cut off
   */
  constructor(
    readonly reason: string,
    readonly answer?: Buffer,
  ) {
    super(reason);
    this.name = "Refusal";
  }
}

/** A packet or message that is not what the protocol says, answered as PostgreSQL does. */
export function protocolViolation(text: string): Refusal {
  return new Refusal(text, fatalError("08P01", text));
}

/** The server behind is down or just starting. */
export function unavailable(reason: string): Refusal {
  return new Refusal(
    `the server behind: ${reason}`,
    fatalError("57P03", "the database system is not yet accepting connections"),
  );
}

/** Whatever went wrong; anything but a refusal is a mistake of ours, which must not cost the other clients. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal(`internal error: ${error}`, fatalError("XX000", "internal error"));
}

/** Text from outside for a log line: short, on one line, and in ASCII, where nothing looks like something else. */
export function shown(text: string): string {
  return /^[\w.:/-]{1,150}$/.test(text) ? text : asciiText(quote(text));
}
