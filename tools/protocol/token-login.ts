import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { Disconnected, readBytes } from "../../lib/read-bytes";
import { ALPN_PROTOCOL } from "./encryption";
import { AUTHENTICATION, MESSAGE_HEADER_BYTES, type Message, message, withLength } from "./protocol-messages";
import { readMessage } from "./read-message";
import type { Refusal } from "./refusal";
import { REQUEST } from "./startup-packet";

/** A server that is logged in to by a token. */
export interface TokenServer {
  /** The name that its certificate must have. */
  readonly host: string;
  readonly port: number;
  /** Certificates of the authorities that may have signed its own, PEM. */
  readonly ca: string;
  /** Opens a connection to it, which is then encrypted. @default straight to host and port */
  readonly connect?: () => Promise<Socket>;
}

/** How a client is told what went wrong behind whoever it talks to. */
export interface LoginWords {
  /** The server is not there, or is not the one it should be. */
  unreachable(reason: string): Refusal;
  /** The server's own error. */
  refused(error: Message): Refusal;
  /** There is nothing to log in with. */
  noToken(reason: string): Refusal;
}

/** One login to such a server. */
export interface TokenLogin {
  /** The startup packet, with its length. */
  readonly startup: Buffer;
  /** Signs a token for this login. */
  readonly token: () => Promise<string>;
  /** Gets all that the server says but for its request for the password, ReadyForQuery the last. */
  readonly tell: (said: Message) => void;
}

/** Longest message of a server before a session is ready. */
const MAX_SERVER_MESSAGE_BYTES = 64 * 1024;

const TLS_REQUEST = (() => {
  const code = Buffer.alloc(4);
  code.writeInt32BE(REQUEST.tls);
  return withLength(code);
})();

/**
 * Connects over TLS that is asked for, as every version of PostgreSQL knows it, and verified: the certificate's authority
 * and its host name.
 * @param holds gets the connection as soon as there is one, to end it with whoever it is for
 * @throws Refusal in these words
 */
export async function connectVerified(
  { host, port, ca, connect = () => straight(host, port) }: TokenServer,
  { unreachable }: Pick<LoginWords, "unreachable">,
  holds: (connection: Socket) => void = () => undefined,
): Promise<Socket> {
  const fails = (error: unknown) => unreachable(String(Object(error).message ?? error));
  const socket = await connect().catch((error) => {
    throw fails(error);
  });
  // What is lost shows when it is read.
  socket.on("error", () => undefined);
  holds(socket);
  socket.setNoDelay(true);
  socket.write(TLS_REQUEST);
  const answer = await readBytes(socket, 1).catch(() => undefined);
  // Bytes that come along with the answer are not encrypted, and would be taken for the server's (CVE-2021-23222).
  if (answer?.toString("latin1") !== "S" || socket.readableLength > 0) {
    socket.destroy();
    throw unreachable(answer ? "it does not speak PostgreSQL over TLS" : "it hung up");
  }
  return new Promise((resolve, reject) => {
    const name = isIP(host) ? { host } : { host, servername: host };
    const encrypted = connectTls({ socket, ca, ALPNProtocols: [ALPN_PROTOCOL], ...name }, () =>
      resolve(encrypted),
    );
    // Goes on listening: what is lost later shows when it is read.
    encrypted.on("error", (error) => reject(fails(error)));
    encrypted.once("close", () => reject(unreachable("it hung up during the TLS handshake")));
  });
}

/**
 * Logs in, with a token where the server asks for a password.
 * @param server a verified connection: whoever is at its other end gets the token
 * @throws Refusal in these words
 */
export async function logInByToken(server: Socket, login: TokenLogin, words: LoginWords): Promise<void> {
  server.write(login.startup);
  try {
    for (;;) {
      const said = await readMessage(server, MAX_SERVER_MESSAGE_BYTES);
      if (said.type === "E") throw words.refused(said);
      if (said.type === "R" && said.bytes.readInt32BE(MESSAGE_HEADER_BYTES) !== AUTHENTICATION.ok) {
        await answer(server, said, login, words);
      } else login.tell(said);
      if (said.type === "Z") return;
    }
  } catch (error) {
    throw error instanceof Disconnected ? words.unreachable("it hung up during the login") : error;
  }
}

async function answer(
  server: Socket,
  { bytes }: Message,
  { token }: TokenLogin,
  { noToken }: LoginWords,
): Promise<void> {
  if (bytes.readInt32BE(MESSAGE_HEADER_BYTES) !== AUTHENTICATION.cleartextPassword) {
    throw noToken("it asks for a password, not for a token");
  }
  const signed = await token().catch((error) => {
    throw noToken(String(Object(error).message ?? error));
  });
  server.write(message("p", Buffer.from(`${signed}\0`)));
}

function straight(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port }, () => resolve(socket));
    socket.on("error", reject);
  });
}
