import type { Socket } from "node:net";
import { UserError } from "../../lib/user-error";
import type { Route } from "./destinations";
import { Forward } from "./forward";
import { startForwardSession } from "./forward-session";
import { listen, relay } from "./listener";
import { type LoginEndpoint, type LoginPorts, openLoginPorts, type PortLogin } from "./login-port";
import { serveSocks } from "./socks-server";

/**
 * Ports on 127.0.0.1, counted from that of the SOCKS5 proxy. Each is the same whatever else is open, so that what a tool has
 * saved stays right.
 */
export const PORTS = { proxy: 0, database: 1, readers: 2, login: 3, readersLogin: 4 } as const;

/** Options for {@link openRoute}. */
export interface OpenRouteOptions {
  /** Port of the SOCKS5 proxy; the others are counted from it. @default no port but those that log in, if any, and these any free ones */
  readonly port?: number;
  /** Whom ports for tools log in. @default there are none */
  readonly login?: PortLogin;
  /** How long each destination may take to answer. */
  readonly timeoutMs: number;
  /** Says what happens, one line each. */
  readonly log: (line: string) => void;
  /** Ends what is open while the rest opens. */
  readonly cancelled: AbortSignal;
}

/** An open route. */
export interface OpenRoute {
  /** Where tools log in; undefined when nobody is to. */
  readonly login?: LoginPorts;
  /** A connection of this process to one of its destinations. @throws UserError when there is none in time */
  connect(destination: LoginEndpoint): Promise<Socket>;
  /** Ends every connection, session and process of it. */
  close(): Promise<void>;
}

/**
 * Opens a route: a session to each destination, and on this machine a SOCKS5 proxy for all of them, a port that is the
 * database, and one that logs in to it.
 * @throws UserError with one sentence for whatever is missing
 */
export async function openRoute(route: Route, options: OpenRouteOptions): Promise<OpenRoute> {
  const { port, login, timeoutMs, log } = options;
  const forwards = route.destinations.map(
    (destination) =>
      new Forward(destination, {
        start: (cancelled) => startForwardSession(route, destination, cancelled),
        log,
        timeoutMs,
      }),
  );
  const connect = async (to: LoginEndpoint) => forwardTo(forwards, to).connect();
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    await Promise.all(closers.map((end) => end()));
  };
  options.cancelled.addEventListener("abort", close);
  try {
    // The ports first: that they are taken is known at once, a session takes seconds.
    if (port !== undefined) {
      closers.push((await serveSocks({ port, forwards, log })).close);
      for (const forward of forwards) {
        const { name } = forward.destination;
        if (name === "kubernetes") continue;
        const direct = await listen(port + PORTS[name], async (socket) =>
          relay(socket, await forward.connect()),
        );
        closers.push(direct.close);
      }
    }
    const ports =
      login &&
      (await openLoginPorts(login, {
        ...(port !== undefined && { port: port + PORTS.login }),
        log,
        timeoutMs,
        connect,
      }));
    if (ports) closers.push(ports.close);
    closers.push(...forwards.map((forward) => () => forward.close()));
    options.cancelled.throwIfAborted();
    await Promise.all(forwards.map((forward) => forward.open()));
    options.cancelled.throwIfAborted();
    return { ...(ports && { login: ports }), connect, close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    options.cancelled.removeEventListener("abort", close);
  }
}

function forwardTo(forwards: readonly Forward[], { host, port }: LoginEndpoint): Forward {
  const found = forwards.find(({ destination }) => destination.host === host && destination.port === port);
  if (found) return found;
  throw new UserError([`this tunnel does not lead to ${host}:${port}`]);
}
