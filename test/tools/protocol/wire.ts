import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { readBytes } from "../../../lib/read-bytes";
import type { Message } from "../../../tools/protocol/protocol-messages";
import { readMessage } from "../../../tools/protocol/read-message";
import { REQUEST } from "../../../tools/protocol/startup-packet";
import type { Fixture } from "../laptop/gateway/fixture";

/** Version 3.0 of the protocol, as every client of today starts with. */
export const PROTOCOL_3 = 3 << 16;

/** A packet as clients send before they have logged in. */
export function packet(
  code: number,
  body: Buffer | string = "",
  length = Buffer.byteLength(body) + 8,
): Buffer {
  const header = Buffer.alloc(8);
  header.writeInt32BE(length);
  header.writeInt32BE(code, 4);
  return Buffer.concat([header, Buffer.from(body)]);
}

/** A startup packet with these parameters, in this order. */
export function startup(...parameters: readonly string[]): Buffer {
  return packet(PROTOCOL_3, `${parameters.join("\0")}\0\0`);
}

/** That of orders_api, who logs in by token. */
export const ORDERS = startup("user", "orders_api", "database", "postgres");

/** A message of a client after its startup packet. */
export function message(type: string, body: Buffer | string, length = Buffer.byteLength(body) + 4): Buffer {
  const header = Buffer.alloc(5);
  header.write(type);
  header.writeInt32BE(length, 1);
  return Buffer.concat([header, Buffer.from(body)]);
}

/** A TCP connection to the gateway that says nothing yet. */
export async function tcp({ gateway }: { readonly gateway: { readonly port: number } }): Promise<Socket> {
  const socket = connect(gateway.port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** The same with TLS on top, as the protocol says: asked for before. */
export async function tls(fixture: Fixture): Promise<TLSSocket> {
  const socket = await tcp(fixture);
  socket.write(packet(REQUEST.tls));
  if ((await readBytes(socket, 1)).toString() !== "S") throw new Error("no TLS");
  return startTls(fixture, socket);
}

/** Starts TLS on a connection. */
export async function startTls(
  { ca }: Fixture,
  socket: Socket,
  ALPNProtocols: string[] = [],
): Promise<TLSSocket> {
  const encrypted = connectTls({ socket, ca, servername: "localhost", ALPNProtocols });
  encrypted.on("error", () => undefined);
  await once(encrypted, "secureConnect");
  return encrypted;
}

/** All that comes until the other side hangs up. */
export async function rest(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
  return Buffer.concat(chunks);
}

/** What a client hears that sends these bytes and then waits: an error, or nothing. */
export async function answer(socket: Socket, ...bytes: readonly Buffer[]): Promise<string> {
  socket.write(Buffer.concat(bytes));
  return errorOf(await rest(socket));
}

/** The code and the text of an error message, or what came in its place. */
export function errorOf(bytes: Buffer): string {
  if (bytes.toString("latin1", 0, 1) !== "E") return bytes.toString();
  const fields = bytes.subarray(5).toString().split("\0");
  const field = (name: string) => fields.find((each) => each.startsWith(name))?.slice(1);
  return `${field("S")} ${field("C")}: ${field("M")}`;
}

/** The next message of the server. */
export function next(socket: Socket): Promise<Message> {
  return readMessage(socket, 1 << 20);
}

/** Reads up to the next message of a type. */
export async function until(socket: Socket, type: string): Promise<Message[]> {
  const messages: Message[] = [];
  while (messages.at(-1)?.type !== type) messages.push(await next(socket));
  return messages;
}

/** Logs in by a token, up to the server's ReadyForQuery; what it said meanwhile. */
export async function logIn(fixture: Fixture, socket: Socket): Promise<Message[]> {
  socket.write(startup("user", "orders_api", "database", "postgres"));
  await until(socket, "R");
  const { password } = fixture.config();
  const token = typeof password === "function" ? await password() : "";
  socket.write(message("p", `${token}\0`));
  return until(socket, "Z");
}

/** Copies lines into a table, in pieces that end neither with lines nor with TLS records, and returns what is copied out of it. */
export async function copiedThereAndBack(socket: Socket, table: string, lines: Buffer): Promise<Buffer> {
  socket.write(message("Q", `COPY ${table} FROM STDIN\0`));
  await until(socket, "G");
  for (let start = 0; start < lines.length; start += 77_777) {
    socket.write(message("d", lines.subarray(start, start + 77_777)));
  }
  socket.write(message("c", ""));
  await until(socket, "Z");
  socket.write(message("Q", `COPY ${table} TO STDOUT\0`));
  const copied = (await until(socket, "Z")).filter(({ type }) => type === "d");
  return Buffer.concat(copied.map(({ bytes }) => bytes.subarray(5)));
}

/** Answers of a client to SCRAM-SHA-256, written from RFC 5802, and with which the server then has to prove itself. */
export function scramClient(password: string, gs2 = "n,,") {
  const hmac = (key: Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const bare = `n=,r=${randomBytes(12).toString("base64")}`;
  const length = Buffer.alloc(4);
  length.writeInt32BE(gs2.length + bare.length);
  return {
    first: message("p", Buffer.concat([Buffer.from("SCRAM-SHA-256\0"), length, Buffer.from(gs2 + bare)])),
    final: ({ bytes }: Message) => {
      const challenge = bytes.toString("latin1", 9);
      const [, nonce = "", salt = "", iterations] = /^r=(.*),s=(.*),i=(\d+)$/.exec(challenge) ?? [];
      const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(iterations), 32, "sha256");
      const withoutProof = `c=${Buffer.from(gs2).toString("base64")},r=${nonce}`;
      const said = `${bare},${challenge},${withoutProof}`;
      const key = hmac(salted, "Client Key");
      const signature = hmac(createHash("sha256").update(key).digest(), said);
      const proof = Buffer.from(key.map((byte, index) => byte ^ (signature[index] ?? 0)));
      return {
        message: message("p", `${withoutProof},p=${proof.toString("base64")}`),
        /** What the server has to answer. */
        expected: `v=${hmac(hmac(salted, "Server Key"), said).toString("base64")}`,
      };
    },
  };
}

/** Goes on, after the startup packet, with SCRAM-SHA-256 by this password; what the server says up to ReadyForQuery. */
export async function logInByScram(socket: Socket, password: string): Promise<Message[]> {
  const client = scramClient(password);
  await next(socket);
  socket.write(client.first);
  const final = client.final(await next(socket));
  socket.write(final.message);
  const proven = (await next(socket)).bytes.toString("latin1", 9);
  if (proven !== final.expected) throw new Error(`the server does not know the password: ${proven}`);
  return until(socket, "Z");
}
