/** A message of PostgreSQL's protocol: its type, a letter, and the whole of its bytes. */
export interface Message {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Bytes before a message's body: a letter, and the length of all that follows the letter. */
export const MESSAGE_HEADER_BYTES = 5;

/** What an authentication message (`R`) asks for. @see https://www.postgresql.org/docs/current/protocol-message-formats.html */
export const AUTHENTICATION = {
  ok: 0,
  cleartextPassword: 3,
  sasl: 10,
  saslContinue: 11,
  saslFinal: 12,
} as const;

/** Asks for a password as plain text, which the client's TLS protects. */
export const PASSWORD_REQUEST = message("R", Buffer.from([0, 0, 0, AUTHENTICATION.cleartextPassword]));

/** The client is logged in. */
export const AUTHENTICATION_OK = message("R", Buffer.from([0, 0, 0, AUTHENTICATION.ok]));

/** A session waits for what it is asked, outside of a transaction. */
export const READY = message("Z", Buffer.from("I"));

/**
 * An error that ends the connection, with the fields every client reads: severity, the same untranslated, code, text.
 * @param code SQLSTATE, such as 28000
 */
export function fatalError(code: string, text: string): Buffer {
  // A field ends at its first zero byte.
  const fields = ["SFATAL", "VFATAL", `C${code}`, `M${text.replaceAll("\0", "")}`];
  return message("E", Buffer.from(`${fields.join("\0")}\0\0`));
}

/** The text of an error message from a server. */
export function errorText(error: Message): string {
  return errorField(error, "M") ?? "no reason given";
}

/** The code of an error message from a server, its SQLSTATE. */
export function errorCodeOf(error: Message): string {
  return errorField(error, "C") ?? "XX000";
}

function errorField({ bytes }: Message, name: string): string | undefined {
  const fields = bytes.subarray(MESSAGE_HEADER_BYTES).toString().split("\0");
  return fields.find((field) => field.startsWith(name))?.slice(name.length);
}

/** A startup packet with these parameters, in their order. */
export function startupPacket(parameters: Iterable<readonly [name: string, value: string]>): Buffer {
  const texts = [...parameters].flat();
  return withLength(Buffer.concat([Buffer.from([0, 3, 0, 0]), Buffer.from(`${texts.join("\0")}\0\0`)]));
}

/** A packet as clients send before they have logged in: its length, which counts itself, and the packet. */
export function withLength(packet: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(packet.length + 4);
  return Buffer.concat([length, packet]);
}

/** A message of this type. */
export function message(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(MESSAGE_HEADER_BYTES);
  header.write(type);
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}
