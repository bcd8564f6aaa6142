import type { Socket } from "node:net";
import { fatalError, MESSAGE_HEADER_BYTES, type Message } from "./protocol-messages";
import { readMessage } from "./read-message";
import { protocolViolation } from "./refusal";

/** Longest password message: a token has one to two KiB, most of it the session token. */
const MAX_PASSWORD_BYTES = 8 * 1024;

/** Reads a client's answer to a request for a password, whatever the method. */
export async function readPasswordMessage(client: Socket): Promise<Message> {
  const message = await readMessage(client, MAX_PASSWORD_BYTES);
  if (message.type === "p") return message;
  throw protocolViolation(`expected password response, got message type ${message.type.charCodeAt(0)}`);
}

/** The password in a message, byte by byte as Latin-1: all that a token may hold is ASCII. */
export function passwordText({ bytes }: Message): string {
  const end = bytes.length - 1;
  const password = bytes.subarray(MESSAGE_HEADER_BYTES, end).toString("latin1");
  if (end < MESSAGE_HEADER_BYTES || bytes[end] !== 0 || password.includes("\0")) {
    throw protocolViolation("invalid password packet size");
  }
  return password;
}

/** What PostgreSQL says of a wrong password, and of a user that it does not know. */
export function passwordFailure(user: string): Buffer {
  return fatalError("28P01", `password authentication failed for user "${user}"`);
}
