import { fatalError } from "./protocol-messages";
import { protocolViolation, Refusal } from "./refusal";

/** Codes in place of a protocol version, by which a client asks for something else than a session. */
export const REQUEST = { cancel: 80877102, tls: 80877103, gss: 80877104 } as const;

/** Secret keys have 4 bytes, and up to 256 from protocol 3.2 on. */
const CANCEL_PACKET_BYTES = { min: 12, max: 8 + 256 };

/** What a client starts with, once it is settled whether the connection is encrypted. */
export type StartupPacket = CancelRequest | SessionStart;

/** Wants the query of another session cancelled; the server knows whose by its secret key. */
export interface CancelRequest {
  readonly kind: "cancel";
}

/** Wants a session. */
export interface SessionStart {
  readonly kind: "session";
  readonly user: string;
  /** By default named as the user. */
  readonly database: string;
  /** All others, by name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** What a packet is, by its first four bytes. */
export function requestCode(packet: Buffer): number {
  return packet.readInt32BE();
}

/**
 * Reads a startup packet as PostgreSQL does, only stricter: a parameter that comes twice is refused, so that there is no
 * doubt which user is meant.
 * @param packet without its length
 * @throws Refusal with PostgreSQL's answer
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-STARTUPMESSAGE
 */
export function parseStartupPacket(packet: Buffer): StartupPacket {
  if (requestCode(packet) === REQUEST.cancel) {
    const { min, max } = CANCEL_PACKET_BYTES;
    if (packet.length >= min && packet.length <= max) return { kind: "cancel" };
    throw new Refusal(`invalid length of cancel request: ${packet.length}`);
  }
  const [major, minor] = [packet.readUInt16BE(0), packet.readUInt16BE(2)];
  if (major !== 3) {
    const text = `unsupported frontend protocol ${major}.${minor}: server supports 3.0 to 3.0`;
    throw new Refusal(text, fatalError("0A000", text));
  }
  const parameters = parseParameters(packet.subarray(4));
  const user = parameters.get("user") ?? "";
  if (user === "") {
    const text = "no PostgreSQL user name specified in startup packet";
    throw new Refusal(text, fatalError("28000", text));
  }
  const database = parameters.get("database") || user;
  for (const name of ["user", "database"]) parameters.delete(name);
  return { kind: "session", user, database, parameters };
}

/** Names and values, each ended by a zero byte, and one more at the end. */
function parseParameters(bytes: Buffer): Map<string, string> {
  const parts = decode(bytes).split("\0");
  // Split at each zero byte, the last two leave two empty parts.
  if (parts.length % 2 !== 0 || parts.pop() !== "" || parts.pop() !== "") {
    throw invalidLayout("expected terminator as last byte");
  }
  const parameters = new Map<string, string>();
  for (let index = 0; index < parts.length; index += 2) {
    const [name = "", value = ""] = parts.slice(index, index + 2);
    if (name === "") throw invalidLayout("expected terminator as last byte");
    if (parameters.has(name)) throw invalidLayout("a parameter comes twice");
    parameters.set(name, value);
  }
  return parameters;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalidLayout("not UTF-8");
  }
}

function invalidLayout(what: string): Refusal {
  return protocolViolation(`invalid startup packet layout: ${what}`);
}
