import { createServer } from "node:net";
import { createSecureContext } from "node:tls";
import type { Certificate } from "../../../lib/certificates";
import { listenOnLoopback } from "../../../lib/loopback";
import type { LocalIam } from "../token-service/local-iam";
import type { DatabaseIdentity } from "./check-token";
import { ClientSession } from "./client-session";
import { loginMethods, type ServerSocket } from "./login-methods";
import { fatalError } from "./protocol-messages";
import { Refusal } from "./refusal";

/** Options of {@link startGateway}. */
export interface GatewayOptions {
  /** @default a free one */
  readonly port?: number;
  /** One of this machine's own. @default 127.0.0.1 */
  readonly address?: string;
  /** Host name that clients connect to and sign tokens for. @default "localhost" */
  readonly host?: string;
  /** Certificate of that host, and its key. */
  readonly certificate: Certificate;
  /** What IAM policies know the database as. */
  readonly database: DatabaseIdentity;
  /** The server behind; it should listen on this socket alone. */
  readonly upstream: ServerSocket;
  readonly iam: LocalIam;
  /** Gets a line for each refusal: who, from where, why; nothing secret. */
  readonly log: (line: string) => void;
  readonly limits?: Partial<GatewayLimits>;
}

/** What clients may use up before they have logged in. */
export interface GatewayLimits {
  /** Time for the login, in milliseconds. @default 60,000, as `authentication_timeout` of PostgreSQL */
  readonly authenticationTimeout: number;
  /** Connections that have not logged in yet; more are turned away. @default 200, what RDS makes in a second */
  readonly pendingConnections: number;
}

/** A running gateway. */
export interface Gateway {
  readonly host: string;
  readonly port: number;
  /** Cuts every connection off and frees the port. */
  stop(): Promise<void>;
}

const DEFAULT_LIMITS: GatewayLimits = { authenticationTimeout: 60_000, pendingConnections: 200 };

/** What PostgreSQL says when it has no connection left. */
const TOO_MANY = new Refusal(
  "too many others have not logged in yet",
  fatalError("53300", "sorry, too many clients already"),
);

/** A client that is gone without a word is found out by TCP keep-alive after this time. */
const KEEP_ALIVE_MS = 60_000;

/**
 * Starts what RDS has in front of PostgreSQL: members of rds_iam log in by a token, over TLS only. The role that signed
 * it is looked at for each connection, so one that has lost its grant fails at once.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host = "localhost", certificate, database, upstream, iam, log } = options;
  const { authenticationTimeout, pendingConnections } = { ...DEFAULT_LIMITS, ...options.limits };
  const secureContext = createSecureContext({
    cert: certificate.certificate,
    key: certificate.key,
    minVersion: "TLSv1.2",
  });
  const listener = createServer({
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
  const { port, close } = await listenOnLoopback(listener, { port: options.port, address: options.address });
  const methods = loginMethods(upstream, authenticationTimeout);
  const context = {
    endpoint: `${host}:${port}`,
    secureContext,
    database,
    upstream,
    iam,
    loginMethods: methods,
    log,
    authenticationTimeout,
  };

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
    await methods.stop();
  };
  let ended: Promise<void> | undefined;
  const stop = () => {
    ended ??= end();
    return ended;
  };
  return { host, port, stop };
}
