import type { Socket } from "node:net";
import type { LoopbackServer } from "../../lib/loopback";
import type { Forward } from "./forward";
import { listen, relay } from "./listener";
import { REPLY, readRequest, reply, SocksRefusal, type SocksRequest } from "./socks-request";

/** Options for {@link serveSocks}. */
export interface SocksOptions {
  /** Port on 127.0.0.1; 0 for a free one. */
  readonly port: number;
  /** Where clients may go, and nowhere else. */
  readonly forwards: readonly Forward[];
  /** Gets one line for each client that is refused. */
  readonly log: (line: string) => void;
  /** How long a client may take to say what it wants. @default 10,000 */
  readonly requestTimeoutMs?: number;
}

/**
 * A SOCKS5 proxy on loopback that connects to the forwarded destinations only, by name: the client keeps the real host
 * name, so TLS verifies it.
 * @throws UserError when the port cannot be had
 */
export function serveSocks(options: SocksOptions): Promise<LoopbackServer> {
  return listen(options.port, async (socket) => {
    const timer = setTimeout(() => socket.destroy(), options.requestTimeoutMs ?? 10_000);
    socket.once("close", () => clearTimeout(timer));
    try {
      const forward = destination(await readRequest(socket), options.forwards);
      clearTimeout(timer);
      await connectClient(socket, forward);
    } catch (error) {
      if (!(error instanceof SocksRefusal)) throw error;
      options.log(`refused a client: ${error.message}`);
      // Unread bytes would turn the end into a reset, which can overtake the answer. The timer ends who goes on sending.
      socket.resume().end(error.answer);
    }
  });
}

function destination({ host, port, isAddress }: SocksRequest, forwards: readonly Forward[]): Forward {
  const found = forwards.find(({ destination }) => destination.host === host && destination.port === port);
  if (found) return found;
  const hint = isAddress
    ? "; addresses are refused: let the client pass the name on (socks5h:// in curl)"
    : "";
  throw new SocksRefusal(`${host}:${port} is no destination of this tunnel${hint}`, reply(REPLY.notAllowed));
}

async function connectClient(socket: Socket, forward: Forward): Promise<void> {
  const { host, port } = forward.destination;
  let upstream: Socket;
  try {
    upstream = await forward.connect();
  } catch {
    throw new SocksRefusal(
      `${host}:${port} cannot be reached through the bastion now`,
      reply(REPLY.hostUnreachable),
    );
  }
  if (socket.destroyed) {
    upstream.destroy();
    return;
  }
  socket.write(reply(REPLY.succeeded));
  relay(socket, upstream);
}
