import { createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { type LoopbackServer, listenOnLoopback } from "../../lib/loopback";

/** Terraform opens tens of connections. Far more than that is a client gone wrong, which must not take every file handle. */
const MAX_CONNECTIONS = 256;

/**
 * Serves connections on a port of 127.0.0.1.
 * @param port 0 for a free one
 * @throws UserError when the port cannot be had
 */
export function listen(port: number, serve: (socket: Socket) => Promise<void>): Promise<LoopbackServer> {
  // A client that has sent all it wants may still be waiting for the answer.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    serve(socket).catch(() => socket.destroy());
  });
  server.maxConnections = MAX_CONNECTIONS;
  return listenOnLoopback(server, { port, chosen: "with --port" });
}

/** Passes bytes both ways until both sides have ended, or one of them breaks. */
export function relay(client: Socket, upstream: Socket): void {
  upstream.setNoDelay(true);
  pipeline(client, upstream, (error) => error && client.destroy());
  pipeline(upstream, client, (error) => error && upstream.destroy());
}
