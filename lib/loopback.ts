import { createServer, type Server, type Socket } from "node:net";
import { errorCode, UserError } from "./user-error";

/** A server on this machine that others cannot reach. */
export interface LoopbackServer {
  readonly port: number;
  /** Frees the port and ends every connection. */
  close(): Promise<void>;
}

/** Options of {@link listenOnLoopback}. */
export interface LoopbackOptions {
  /** @default any free one */
  readonly port?: number;
  /** Another of this machine's own addresses, such as 127.0.0.2; not every machine has more than one. @default 127.0.0.1 */
  readonly address?: string;
  /** How the user chooses another port, such as `with --port`. @default not said */
  readonly chosen?: string;
}

/**
 * Lets a server, such as one of node:net, node:http or node:https, listen on this machine alone.
 * @throws UserError when the port cannot be had
 */
export function listenOnLoopback(
  server: Server,
  { port = 0, address: host = "127.0.0.1", chosen }: LoopbackOptions = {},
): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.on("error", (error) => reject(portProblem(error, port, chosen)));
    server.listen(port, host, () => {
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

/** A port that nothing listens on just now. */
export async function freePort(): Promise<number> {
  const { port, close } = await listenOnLoopback(createServer());
  await close();
  return port;
}

function portProblem(error: unknown, port: number, chosen: string | undefined): Error {
  const reason = errorCode(error);
  const another = `choose another${chosen === undefined ? "" : ` ${chosen}`}`;
  if (reason === "EADDRINUSE") {
    return new UserError([
      `port ${port} is in use, perhaps by another run of this command; end that, or ${another}`,
    ]);
  }
  if (reason === "EACCES") return new UserError([`port ${port} needs root; ${another}`]);
  return new UserError([`port ${port} cannot be listened on (${reason}); ${another}`]);
}
