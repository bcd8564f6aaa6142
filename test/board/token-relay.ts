import { connect as connectSocket, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { createAuthority, issueCertificate } from "../../lib/certificates";
import { type LoopbackServer, listenOnLoopback } from "../../lib/loopback";
import { readBytes } from "../../lib/read-bytes";
import type { EmbeddedServer } from "../../tools/postgres/embedded-server";

/** A login that came to a {@link TokenRelay}. */
export interface Login {
  readonly user: string;
  /** What the client gave as its password. */
  readonly token: string;
}

/**
 * Stands in front of a server as RDS does, for tests of clients: it speaks TLS, asks for a token, and leads those that
 * are accepted to the server. The tokens are not verified: that is the gateway's work.
 */
export class TokenRelay {
  /** Every login that was tried, refused ones included. */
  readonly logins: Login[] = [];
  /** Whether logins are accepted from now on. */
  accepts = true;
  /** Whether it leads to a server that is read-only, as the writer's name does for a while in a failover. */
  readOnly = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly listener: LoopbackServer,
    /** Certificate of the authority that signed its own, PEM. */
    readonly ca: string,
  ) {}

  static async before(server: EmbeddedServer): Promise<TokenRelay> {
    const authority = await createAuthority();
    const { certificate, key } = await issueCertificate(authority, ["localhost"]);
    const listener = createServer();
    const relay = new TokenRelay(await listenOnLoopback(listener), authority.certificate);
    listener.on("connection", (socket) => {
      relay.keep(socket);
      relay.serve(socket, { cert: certificate, key }, server).catch(() => socket.destroy());
    });
    return relay;
  }

  get port(): number {
    return this.listener.port;
  }

  /** Cuts every connection, without a word, as when a machine is lost. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await this.listener.close();
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sockets.delete(socket));
  }

  private async serve(raw: Socket, identity: { cert: string; key: string }, server: EmbeddedServer) {
    await readBytes(raw, 8);
    raw.write("S");
    const socket = new TLSSocket(raw, { isServer: true, ...identity });
    this.keep(socket);
    const startup = await readBytes(socket, (await readBytes(socket, 4)).readInt32BE() - 4);
    socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
    const header = await readBytes(socket, 5);
    const token = (await readBytes(socket, header.readInt32BE(1) - 4)).toString().replace(/\0$/, "");
    const parameters = startup.subarray(4).toString().split("\0");
    const user = parameters[parameters.indexOf("user") + 1] ?? "";
    this.logins.push({ user, token });
    if (!this.accepts) {
      const message = `SFATAL\0C28000\0MPAM authentication failed for user "${user}"\0\0`;
      socket.end(Buffer.concat([Buffer.from("E"), withLength(Buffer.from(message))]));
      return;
    }
    const upstream = connectSocket(join(server.socketFolder, `.s.PGSQL.${server.port}`));
    this.keep(upstream);
    const options = this.readOnly ? "options\0-c default_transaction_read_only=on\0" : "";
    upstream.write(withLength(Buffer.concat([startup.subarray(0, -1), Buffer.from(`${options}\0`)])));
    socket.pipe(upstream).pipe(socket);
    upstream.on("close", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  }
}

/** A message with its length in front, which counts itself. */
function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(message.length + 4);
  return Buffer.concat([length, message]);
}
