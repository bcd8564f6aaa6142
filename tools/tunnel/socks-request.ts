import type { Socket } from "node:net";
import { readBytes } from "../../lib/read-bytes";

/** Reply codes of SOCKS5. */
export const REPLY = {
  succeeded: 0,
  notAllowed: 2,
  hostUnreachable: 4,
  commandNotSupported: 7,
  addressTypeNotSupported: 8,
} as const;

/** What a client asks to be connected to. */
export interface SocksRequest {
  /** Host name in lower case without a final dot, or an address. */
  readonly host: string;
  readonly port: number;
  /** Whether the client gave an address, having looked the name up itself. */
  readonly isAddress: boolean;
}

/** A client that is sent away. */
export class SocksRefusal extends Error {
  /** @param answer bytes to send before hanging up; none for a client that does not speak SOCKS5 */
  constructor(
    message: string,
    readonly answer: Buffer = Buffer.alloc(0),
  ) {
    super(message);
  }
}

/** A reply; the address in it, which only other commands need, is 0.0.0.0:0. */
export function reply(code: number): Buffer {
  return Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
}

/**
 * Agrees with a client on no authentication, and reads what it asks for: CONNECT and nothing else. What it sends after
 * that stays in the socket. Every length is a single byte, so a client can make this hold 262 bytes at most.
 * @throws SocksRefusal
 * @see https://www.rfc-editor.org/rfc/rfc1928
 */
export function readRequest(socket: Socket): Promise<SocksRequest> {
  return converse(socket, (count) =>
    readBytes(socket, count).catch(() => {
      throw new SocksRefusal("it hung up, or took too long to say what it wants");
    }),
  );
}

/** Exactly so many bytes. */
type Take = (count: number) => Promise<Buffer>;

async function converse(socket: Socket, take: Take): Promise<SocksRequest> {
  const [version = 0] = await take(1);
  if (version === 4) throw new SocksRefusal("it speaks SOCKS4; use socks5://");
  if (version !== 5) throw new SocksRefusal("it does not speak SOCKS5; use socks5://, not http://");
  const [count = 0] = await take(1);
  const methods = count === 0 ? Buffer.alloc(0) : await take(count);
  if (!methods.includes(0)) {
    throw new SocksRefusal("it insists on authentication, which there is none of", Buffer.from([5, 0xff]));
  }
  socket.write(Buffer.from([5, 0]));

  const [requestVersion, command, reserved, addressType = 0] = await take(4);
  if (requestVersion !== 5 || reserved !== 0) throw new SocksRefusal("its request is malformed");
  const host = await readHost(take, addressType);
  const port = (await take(2)).readUInt16BE();
  if (command !== 1) {
    throw new SocksRefusal("it asks for something else than CONNECT", reply(REPLY.commandNotSupported));
  }
  return { host, port, isAddress: addressType !== 3 };
}

async function readHost(take: Take, addressType: number): Promise<string> {
  switch (addressType) {
    case 1:
      return (await take(4)).join(".");
    case 3: {
      const [length = 0] = await take(1);
      const name = length === 0 ? "" : (await take(length)).toString("latin1");
      // The name goes to the log, where control characters could steer the terminal.
      if (!/^[\w.-]+$/.test(name)) throw new SocksRefusal("it names no valid host", reply(REPLY.notAllowed));
      return name.toLowerCase().replace(/\.$/, "");
    }
    case 4:
      return ((await take(16)).toString("hex").match(/.{4}/g) ?? []).join(":");
    default:
      throw new SocksRefusal("it gives an address of an unknown type", reply(REPLY.addressTypeNotSupported));
  }
}
