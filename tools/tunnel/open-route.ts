import type { Route } from "./destinations";
import { Forward } from "./forward";
import { startForwardSession } from "./forward-session";
import { listen, relay } from "./listener";
import { serveSocks } from "./socks-server";

/** Options for {@link openRoute}. */
export interface OpenRouteOptions {
  /** Port of the SOCKS5 proxy on 127.0.0.1. The next one leads straight to the database, the one after that to readers. */
  readonly port: number;
  /** How long each destination may take to answer. */
  readonly timeoutMs: number;
  /** Says what happens, one line each. */
  readonly log: (line: string) => void;
  /** Ends what is open while the rest opens. */
  readonly cancelled: AbortSignal;
}

/**
 * Opens a route: a session to each destination, and on this machine a SOCKS5 proxy for all of them and a port that is the
 * database.
 * @returns ends every connection, session and process of it
 * @throws UserError with one sentence for whatever is missing
 */
export async function openRoute(route: Route, options: OpenRouteOptions): Promise<() => Promise<void>> {
  const { port, timeoutMs, log } = options;
  const forwards = route.destinations.map(
    (destination) =>
      new Forward(destination, {
        start: (cancelled) => startForwardSession(route, destination, cancelled),
        log,
        timeoutMs,
      }),
  );
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    await Promise.all(closers.map((end) => end()));
  };
  options.cancelled.addEventListener("abort", close);
  try {
    // The ports first: that they are taken is known at once, a session takes seconds.
    closers.push((await serveSocks({ port, forwards, log })).close);
    const databases = forwards.filter(({ destination }) => destination.name !== "kubernetes");
    for (const [index, database] of databases.entries()) {
      const direct = await listen(port + 1 + index, async (socket) =>
        relay(socket, await database.connect()),
      );
      closers.push(direct.close);
    }
    closers.push(...forwards.map((forward) => () => forward.close()));
    options.cancelled.throwIfAborted();
    await Promise.all(forwards.map((forward) => forward.open()));
    options.cancelled.throwIfAborted();
    return close;
  } catch (error) {
    await close();
    throw error;
  } finally {
    options.cancelled.removeEventListener("abort", close);
  }
}
