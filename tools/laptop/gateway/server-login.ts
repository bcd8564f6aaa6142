import { connect, type Socket } from "node:net";
import { passwordFailure, readPasswordMessage } from "../../protocol/password";
import { AUTHENTICATION, errorText, MESSAGE_HEADER_BYTES } from "../../protocol/protocol-messages";
import { readMessage } from "../../protocol/read-message";
import { Refusal, unavailable } from "../../protocol/refusal";
import type { AllowedMethod } from "./login-methods";

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
