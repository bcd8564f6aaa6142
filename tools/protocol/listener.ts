import { createServer } from "node:net";
import { createSecureContext } from "node:tls";
import type { Certificate } from "../../lib/certificates";
import { listenOnLoopback } from "../../lib/loopback";
import { ClientSession, type Service } from "./client-session";
import { fatalError } from "./protocol-messages";
import { Refusal } from "./refusal";

/** Where clients connect, and what they may use up. */
export interface ListenerOptions {
  /** @default a free one */
  readonly port?: number;
  /** How the user chooses another port, such as `with --port`. @default not said */
  readonly chosen?: string;
  /** One of this machine's own. @default 127.0.0.1 */
  readonly address?: string;
  /** Host name that clients connect to and sign tokens for. @default "localhost" */
  readonly host?: string;
  /** Certificate of that host, and its key. @default none, and no TLS: for this machine alone */
  readonly certificate?: Certificate;
  /** Gets a line for each refusal: who, from where, why; nothing secret. */
  readonly log: (line: string) => void;
  readonly limits?: Partial<ListenerLimits>;
}

/** What clients may use up before they have logged in. */
export interface ListenerLimits {
  /** Time for the login, in milliseconds. @default 60,000, as `authentication_timeout` of PostgreSQL */
  readonly authenticationTimeout: number;
  /** Connections that have not logged in yet; more are turned away. @default 200, what RDS makes in a second */
  readonly pendingConnections: number;
}

/** Serves clients until it is stopped. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Cuts every connection off and frees the port. */
  stop(): Promise<void>;
}

/** How long a login may take, and how many may be under way, unless the options say otherwise. */
export const DEFAULT_LIMITS: ListenerLimits = { authenticationTimeout: 60_000, pendingConnections: 200 };

/** What PostgreSQL says when it has no connection left. */
const TOO_MANY = new Refusal(
  "too many others have not logged in yet",
  fatalError("53300", "sorry, too many clients already"),
);

/** A client that is gone without a word is found out by TCP keep-alive after this time. */
const KEEP_ALIVE_MS = 60_000;

/**
 * Lets clients in to a service.
 * @param behind what serves them; gets the `host:port` that their tokens must be signed for
 */
export async function startListener(
  { host = "localhost", certificate, log, ...options }: ListenerOptions,
  behind: (endpoint: string) => Service,
): Promise<Listener> {
  const { authenticationTimeout, pendingConnections } = { ...DEFAULT_LIMITS, ...options.limits };
  const secureContext =
    certificate &&
    createSecureContext({ cert: certificate.certificate, key: certificate.key, minVersion: "TLSv1.2" });
  const listener = createServer({
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
  const { port, close } = await listenOnLoopback(listener, options);
  const service = behind(`${host}:${port}`);
  const context = { secureContext, service, log, authenticationTimeout };

  const sessions = new Map<ClientSession, Promise<void>>();
  const pending = new Set<ClientSession>();
  listener.on("connection", (socket) => {
    const session = new ClientSession(socket, context);
    const full = pending.size >= pendingConnections;
    if (!full) pending.add(session);
    const over = full ? session.turnAway(TOO_MANY) : session.serve(() => pending.delete(session));
    sessions.set(
      session,
      over.finally(() => {
        pending.delete(session);
        sessions.delete(session);
      }),
    );
  });
  const end = async () => {
    for (const session of sessions.keys()) session.end();
    await Promise.all([close(), ...sessions.values()]);
    await service.stop();
  };
  let ended: Promise<void> | undefined;
  const stop = () => {
    ended ??= end();
    return ended;
  };
  return { host, port, stop };
}
