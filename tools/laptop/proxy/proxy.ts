import { randomBytes } from "node:crypto";
import type { Client, Service } from "../../protocol/client-session";
import {
  type Listener,
  type ListenerLimits,
  type ListenerOptions,
  startListener,
} from "../../protocol/listener";
import { passwordText, readPasswordMessage } from "../../protocol/password";
import {
  AUTHENTICATION_OK,
  fatalError,
  message,
  PASSWORD_REQUEST,
  READY,
} from "../../protocol/protocol-messages";
import { Refusal } from "../../protocol/refusal";
import { parseStartupPacket, type SessionStart } from "../../protocol/startup-packet";
import { checkToken, type DatabaseIdentity } from "../gateway/check-token";
import type { LocalIam } from "../token-service/local-iam";
import { type Cluster, ClusterSession } from "./cluster-session";
import { relaySession } from "./relay-session";
import { type PoolLimits, SessionPool } from "./session-pool";
import { refuseUnsupported } from "./startup-rules";

/** What a proxy may use up. */
export interface ProxyLimits extends ListenerLimits, PoolLimits {
  /** A client that asks nothing for so long is cut off, in milliseconds. */
  readonly idleClientTimeout: number;
}

/** Options of {@link startProxy}. */
export interface ProxyOptions extends ListenerOptions {
  /** What IAM policies know the proxy as: its resource id is `prx-…`. */
  readonly database: DatabaseIdentity;
  readonly iam: LocalIam;
  /** The endpoint that it logs in to. */
  readonly cluster: Omit<Cluster, "region">;
  readonly limits?: Partial<ProxyLimits>;
}

/** Those of AWS, and half of the connections that a laptop's server has. */
const DEFAULTS = {
  sessions: 50,
  borrowTimeout: 120_000,
  idleTimeout: 300_000,
  idleClientTimeout: 1_800_000,
};

/**
 * Starts what plays RDS Proxy with IAM from end to end: clients log in by a token for the proxy, and it logs in to the
 * cluster as the same user by a token of its own, or has a session left that an earlier client of that user is done with.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.howitworks.html
 */
export function startProxy(options: ProxyOptions): Promise<Listener> {
  return startListener(options, (endpoint) => new RdsProxy(endpoint, options));
}

class RdsProxy implements Service {
  private readonly pool: SessionPool<ClusterSession>;
  private readonly limits: typeof DEFAULTS;

  constructor(
    private readonly endpoint: string,
    private readonly options: ProxyOptions,
  ) {
    this.limits = { ...DEFAULTS, ...options.limits };
    const cluster = { ...options.cluster, region: options.database.region };
    this.pool = new SessionPool((start) => ClusterSession.open(cluster, start), this.limits);
  }

  async logIn(from: Client): Promise<() => Promise<void>> {
    const start = parseStartupPacket(from.packet);
    // It does not know which session that would be for, either: clients have no session of their own at the cluster.
    if (start.kind === "cancel") throw new Refusal("RDS Proxy takes no requests to cancel a query");
    from.claims(start.user);
    if (!from.encrypted) {
      throw new Refusal(
        "the connection is not encrypted",
        fatalError("28000", "This RDS Proxy requires TLS connections"),
      );
    }
    refuseUnsupported(from.packet, start);
    await this.authenticate(from, start);
    return () => this.serve(from, start);
  }

  stop(): Promise<void> {
    return this.pool.stop();
  }

  private async authenticate({ client }: Client, { user }: SessionStart): Promise<void> {
    client.write(PASSWORD_REQUEST);
    const password = passwordText(await readPasswordMessage(client));
    const { database, iam } = this.options;
    const verdict = checkToken(password, { user, endpoint: this.endpoint, database, now: new Date() }, iam);
    if (verdict.accepted) return;
    const text = `The IAM authentication failed for the role ${user}. Check the IAM token for this role and try again.`;
    throw new Refusal(verdict.reason, fatalError("28P01", text));
  }

  private async serve({ client }: Client, start: SessionStart): Promise<void> {
    const gone = new AbortController();
    client.once("close", () => gone.abort());
    const session = await this.pool.borrow(start, gone.signal);
    client.write(welcome(session));
    const atRest = await relaySession(client, session, this.limits.idleClientTimeout);
    this.pool.giveBack(session, start, atRest);
  }
}

/**
 * What a client hears once it is logged in. The key to cancel its queries with is nobody's: that of the session would
 * still cancel the next client's.
 */
function welcome({ reported }: ClusterSession): Buffer {
  const settings = [...reported].map(([name, value]) => message("S", Buffer.from(`${name}\0${value}\0`)));
  return Buffer.concat([AUTHENTICATION_OK, ...settings, message("K", randomBytes(8)), READY]);
}
