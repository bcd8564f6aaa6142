import { connect, type Socket } from "node:net";
import type { AllowedMethod } from "./login-methods";
import {
  AUTHENTICATION,
  errorText,
  fatalError,
  MESSAGE_HEADER_BYTES,
  type Message,
} from "./protocol-messages";
import { readMessage } from "./read-message";
import { protocolViolation, Refusal, unavailable } from "./refusal";

/** Longest password message: a token has one to two KiB, most of it the session token. */
const MAX_PASSWORD_BYTES = 8 * 1024;

/** Longest message of a server before a login is done. */
const MAX_SERVER_MESSAGE_BYTES = 64 * 1024;

/**
 * Connects to the server behind.
 * @param path its Unix socket
 */
export function connectToServer(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const server = connect(path, () => resolve(server));
    server.on("error", ({ message }) => reject(unavailable(message)));
  });
}

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

/**
 * Hands the messages of a login on, one by one, until the server has let the client in.
 * @param server has got the startup packet
 * @param method a password the server has to ask for; a token was checked before
 * @throws Refusal when it is refused
 */
export async function logInToServer(
  client: Socket,
  server: Socket,
  user: string,
  method: AllowedMethod,
): Promise<void> {
  for (let asked = false; ; ) {
    const message = await readMessage(server, MAX_SERVER_MESSAGE_BYTES);
    if (message.type === "E") throw new Refusal(`the server behind: ${errorText(message)}`, message.bytes);
    const code = message.type === "R" ? message.bytes.readInt32BE(MESSAGE_HEADER_BYTES) : undefined;
    if (code === AUTHENTICATION.ok && method === "password" && !asked) {
      // Such as a user just made a member of rds_iam: the server trusts the gateway to have checked a token.
      throw new Refusal("the server behind let it in without a password", passwordFailure(user));
    }
    if (code !== undefined && code !== AUTHENTICATION.ok && method === "token") {
      throw unavailable("it asks for a password where the gateway has checked a token");
    }
    client.write(message.bytes);
    if (code === AUTHENTICATION.ok) return;
    if (code === undefined || code === AUTHENTICATION.saslFinal) continue;
    asked = true;
    server.write((await readPasswordMessage(client)).bytes);
  }
}

/** What PostgreSQL says of a wrong password, and of a user that it does not know. */
export function passwordFailure(user: string): Buffer {
  return fatalError("28P01", `password authentication failed for user "${user}"`);
}
