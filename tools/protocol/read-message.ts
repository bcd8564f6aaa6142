import type { Readable } from "node:stream";
import { readBytes } from "../../lib/read-bytes";
import { MESSAGE_HEADER_BYTES, type Message } from "./protocol-messages";
import { protocolViolation, Refusal } from "./refusal";

/** Longest packet before a login: MAX_STARTUP_PACKET_LENGTH of PostgreSQL, without the length itself. */
const MAX_STARTUP_PACKET_BYTES = 10_000;

/**
 * Reads a packet as clients send before they have logged in: a length, which counts itself, and a body.
 * @throws Refusal when the length is none that PostgreSQL takes; it gives no answer then, since who sends that may
 *   speak another protocol
 */
export async function readPacket(stream: Readable): Promise<Buffer> {
  const length = (await readBytes(stream, 4)).readInt32BE();
  if (length < 8 || length - 4 > MAX_STARTUP_PACKET_BYTES) {
    throw new Refusal(`invalid length of startup packet: ${length}`);
  }
  return readBytes(stream, length - 4);
}

/** Reads a message of at most so many bytes after its type. */
export async function readMessage(stream: Readable, maxBytes: number): Promise<Message> {
  const header = await readBytes(stream, MESSAGE_HEADER_BYTES);
  const length = header.readInt32BE(1);
  if (length < 4 || length > maxBytes) throw protocolViolation(`invalid message length: ${length}`);
  const body = length === 4 ? Buffer.alloc(0) : await readBytes(stream, length - 4);
  return { type: header.toString("latin1", 0, 1), bytes: Buffer.concat([header, body]) };
}
