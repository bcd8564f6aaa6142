import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { DEFAULT_LIMITS, type Listener, type ListenerLimits, startListener } from "../protocol/listener";
import { LoginService } from "./login-service";

/** Where a database listens. */
export interface LoginEndpoint {
  readonly host: string;
  readonly port: number;
}

/** One identity's way in, of which a tunnel makes ports for tools. */
export interface PortLogin {
  readonly databaseUser: string;
  /** Database that its sessions start in unless a client names another. */
  readonly database: string;
  readonly endpoint: LoginEndpoint;
  /** Where its readers listen, for a port of their own. @default none is wanted */
  readonly reader?: LoginEndpoint;
  /** Certificates to verify both by, PEM. */
  readonly ca: string;
  /** A token for one login there. */
  token(endpoint: LoginEndpoint): Promise<string>;
}

/** Options for {@link openLoginPorts}. */
export interface LoginPortsOptions {
  /** Port on 127.0.0.1, the next one being that of readers. @default any free ones */
  readonly port?: number;
  /** Gets a line for each refusal; nothing secret. */
  readonly log: (line: string) => void;
  /** Opens a connection to an endpoint. @default straight */
  readonly connect?: (endpoint: LoginEndpoint) => Promise<Socket>;
  /** How long `connect` may take, in milliseconds. @default 0 */
  readonly timeoutMs?: number;
  /** What clients may use up before they have logged in. @default a minute, and 200 at a time */
  readonly limits?: Partial<ListenerLimits>;
}

/** Ports of this machine that are the database for whoever knows the secret. */
export interface LoginPorts {
  readonly port: number;
  /** That of readers, where the login has some. */
  readonly readersPort?: number;
  /** Password for both, new each time. */
  readonly secret: string;
  close(): Promise<void>;
}

/** How long a client may take to log in, without what `connect` takes. */
const LOGIN_MS = DEFAULT_LIMITS.authenticationTimeout;

/**
 * Listens on 127.0.0.1 for clients that cannot sign tokens: each login is passed on over verified TLS with a fresh one. Clients
 * are not encrypted, since nobody else on this machine can listen in on loopback, and know the secret, since anybody can connect.
 * @throws UserError when a port cannot be had
 */
export async function openLoginPorts(
  login: PortLogin,
  { port, log, connect, timeoutMs = 0, limits }: LoginPortsOptions,
): Promise<LoginPorts> {
  const secret = randomBytes(16).toString("hex");
  const open = (endpoint: LoginEndpoint, at: number | undefined): Promise<Listener> => {
    const service = new LoginService({
      databaseUser: login.databaseUser,
      server: { ...endpoint, ca: login.ca, ...(connect && { connect: () => connect(endpoint) }) },
      token: () => login.token(endpoint),
      secret,
    });
    const all = { authenticationTimeout: LOGIN_MS + timeoutMs, ...limits };
    return startListener({ port: at, chosen: "with --port", log, limits: all }, () => service);
  };
  const first = await open(login.endpoint, port);
  try {
    const second = login.reader && (await open(login.reader, port && port + 1));
    return {
      port: first.port,
      ...(second && { readersPort: second.port }),
      secret,
      close: async () => {
        await Promise.all([first.stop(), second?.stop()]);
      },
    };
  } catch (error) {
    await first.stop();
    throw error;
  }
}
