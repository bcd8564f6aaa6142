import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { readBytes } from "../../lib/read-bytes";
import { readPacket } from "./read-message";
import { Refusal } from "./refusal";
import { REQUEST, requestCode } from "./startup-packet";

/** A client once it is settled whether its connection is encrypted. */
export interface OpenedConnection {
  /** The connection to go on with. */
  readonly client: Socket;
  readonly encrypted: boolean;
  /** Its startup packet, without the length. */
  readonly packet: Buffer;
}

/** First byte of a TLS handshake; that of a packet is the high byte of a small length. */
const TLS_HANDSHAKE = 0x16;

/** Name of PostgreSQL's protocol in TLS, without which a client may not start with TLS. */
export const ALPN_PROTOCOL = "postgresql";

/**
 * Does what a client asks for before its startup packet: no to GSSAPI encryption, yes to TLS where there is a certificate.
 * It may start that without asking, as from PostgreSQL 17 on.
 * @param context certificate and key; without one there is no TLS
 * @throws Refusal without an answer
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
 */
export async function openConnection(socket: Socket, context?: SecureContext): Promise<OpenedConnection> {
  const [first] = await readBytes(socket, 1);
  socket.unshift(Buffer.from([first ?? 0]));
  if (first === TLS_HANDSHAKE) {
    if (!context) throw new Refusal("TLS was started, and this port speaks none");
    const client = await startTls(socket, context);
    if (client.alpnProtocol !== ALPN_PROTOCOL) {
      throw new Refusal("TLS was started without asking, and not for the protocol postgresql (ALPN)");
    }
    return { client, encrypted: true, packet: await readPacket(client) };
  }

  let packet = await readPacket(socket);
  if (requestCode(packet) === REQUEST.gss) {
    rejectEarlyBytes(socket);
    socket.write("N");
    packet = await readPacket(socket);
  }
  if (requestCode(packet) !== REQUEST.tls) return { client: socket, encrypted: false, packet };
  rejectEarlyBytes(socket);
  if (!context) {
    socket.write("N");
    return { client: socket, encrypted: false, packet: await readPacket(socket) };
  }
  socket.write("S");
  const client = await startTls(socket, context);
  return { client, encrypted: true, packet: await readPacket(client) };
}

/**
 * Bytes that came along with the request are not encrypted, and somebody in between may have put them there to be taken
 * for what the client says later (CVE-2021-23214). What comes after this goes to the TLS handshake.
 */
function rejectEarlyBytes(socket: Socket): void {
  if (socket.readableLength > 0) throw new Refusal("received unencrypted data after the request to encrypt");
}

function startTls(socket: Socket, secureContext: SecureContext): Promise<TLSSocket> {
  const client = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: [ALPN_PROTOCOL] });
  return new Promise((resolve, reject) => {
    client.once("secure", () => resolve(client));
    client.on("error", ({ message }) => reject(new Refusal(`the TLS handshake failed: ${message}`)));
    client.once("close", () => reject(new Refusal("the client left during the TLS handshake")));
  });
}
