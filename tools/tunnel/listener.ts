import { createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { errorCode, UserError } from "../../lib/user-error";

/** A server on this machine that others cannot reach. */
export interface Listener {
  readonly port: number;
  /** Ends it and every connection. */
  close(): Promise<void>;
}

/** Terraform opens tens of connections. Far more than that is a client gone wrong, which must not take every file handle. */
const MAX_CONNECTIONS = 256;

/**
 * Serves connections on a port of 127.0.0.1.
 * @param port 0 for a free one
 * @throws UserError when the port cannot be had
 */
export function listen(port: number, serve: (socket: Socket) => Promise<void>): Promise<Listener> {
  const sockets = new Set<Socket>();
  // A client that has sent all it wants may still be waiting for the answer.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    serve(socket).catch(() => socket.destroy());
  });
  server.maxConnections = MAX_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(portProblem(error, port)));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}

/** Passes bytes both ways until both sides have ended, or one of them breaks. */
export function relay(client: Socket, upstream: Socket): void {
  upstream.setNoDelay(true);
  pipeline(client, upstream, (error) => error && client.destroy());
  pipeline(upstream, client, (error) => error && upstream.destroy());
}

function portProblem(error: unknown, port: number): Error {
  const reason = errorCode(error);
  if (reason === "EADDRINUSE") {
    return new UserError([
      `port ${port} is in use, perhaps by another tunnel; end that, or choose another with --port`,
    ]);
  }
  if (reason === "EACCES") return new UserError([`port ${port} needs root; choose another with --port`]);
  return new UserError([`port ${port} cannot be listened on (${reason}); choose another with --port`]);
}
