// How a service connects to Aurora PostgreSQL without a password. Copy this file and login-tokens.ts: they need `pg`,
// `@aws-sdk/rds-signer` and `@aws-sdk/credential-providers`.
import { Client, Pool, type PoolClient, type PoolConfig } from "pg";
import { type LoginTarget, loginTokens } from "./login-tokens";

/** Where the database is and whom to connect as: what the service's ConfigMap holds. */
export interface DatabaseSettings extends LoginTarget {
  readonly database: string;
  /** CA certificates to trust, PEM: the content of the file that PGSSLROOTCERT names. */
  readonly ca: string;
}

/** Options of {@link createPool}: those of `pg`, which replace the ones below, and where lost connections are told. */
export interface DatabasePoolOptions extends PoolConfig {
  /** Told of idle connections that broke, as in a failover. The pool has dropped them already. @default ignored */
  readonly onIdleError?: (error: Error) => void;
}

/** Seconds a connection lives at least; up to half as much is added, so that pods do not all renew theirs at once. */
const LIFETIME_SECONDS = 600;

/** Milliseconds without a login after one was refused; doubled with each refusal, up to {@link LONGEST_PAUSE}. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/**
 * A pool whose connections log in by IAM, over TLS, to the server that may be written to. Credentials come from the
 * AWS SDK's default chain: on EKS, the ServiceAccount's IAM role.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 */
export function createPool(
  { host, port, database, user, region, ca }: DatabaseSettings,
  { onIdleError, statement_timeout = 5_000, ...options }: DatabasePoolOptions = {},
): Pool {
  const tokens = loginTokens({ host, port, user, region });
  const pool = new Pool({
    // Separate fields: with a connectionString, `pg` drops the password function.
    host,
    port,
    database,
    user,
    // Asked for each connection. A token serves to log in only: the connection outlives it.
    password: tokens.get,
    // verify-full: the certificate and its host name. Said aloud, or NODE_TLS_REJECT_UNAUTHORIZED=0 would win.
    ssl: { ca, rejectUnauthorized: true },
    // Times the pods of a deployment, this must stay well below max_connections.
    max: 5,
    idleTimeoutMillis: 60_000,
    maxLifetimeSeconds: LIFETIME_SECONDS * (1 + Math.random() / 2),
    // For connecting, and for waiting until one of the pool is free.
    connectionTimeoutMillis: 5_000,
    // The server ends a statement before. A server that vanished ends nothing, so the client gives up by itself.
    query_timeout: 6_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    onConnect: (client) => prepare(client, statement_timeout),
    Client: clientThatPausesAfterRefusal(tokens.drop),
    ...options,
  });
  // Without a listener, an idle connection that breaks would end the process.
  pool.on("error", (error) => onIdleError?.(error));
  return pool;
}

/**
 * Runs work on a connection of the pool. One on which anything failed is not used again: it may be broken, in the
 * middle of a transaction, or on a server that a failover has made read-only (SQLSTATE 25006). `pool.query` does the same.
 */
export async function withConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failed = true;
  try {
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    client.release(failed);
  }
}

/**
 * Sets how long a statement may run, in milliseconds; with 0 it stays as it is. Not when the connection starts, as `pg` does
 * with `statement_timeout`: RDS Proxy refuses that. And refuses a server that is read-only: during a failover the writer's
 * name may still lead to one that is a reader by now, and none is better than that one.
 */
async function prepare(client: Pick<Client, "query">, statementTimeout: unknown): Promise<void> {
  const milliseconds = Number(statementTimeout);
  const timeout = milliseconds > 0 ? `, set_config('statement_timeout', '${milliseconds}', false)` : "";
  const { rows } = await client.query(
    `SELECT current_setting('transaction_read_only') AS read_only${timeout}`,
  );
  if (rows[0]?.read_only !== "on") return;
  throw Object.assign(new Error("the server is read-only; a failover may be under way"), { code: "25006" });
}

/**
 * A client that does not try to log in for a while after a login was refused (SQLSTATE class 28): a missing permission
 * does not come back within milliseconds.
 * @param onRefusal told of each refused login
 */
function clientThatPausesAfterRefusal(onRefusal: () => void): typeof Client {
  let refusal: unknown;
  let pause = FIRST_PAUSE;
  let until = 0;

  return class extends Client {
    constructor(config?: PoolConfig) {
      super(config);
      // The pool does not listen while a connection is in use, and an error nobody listens to ends the process. The
      // query that was running fails with the same error, so nothing is lost here.
      this.on("error", () => {});
    }

    override connect(): Promise<Client>;
    override connect(callback: (error: Error | null) => void): void;
    override connect(callback?: (error: Error | null) => void): Promise<Client> | undefined {
      const attempt = this.logIn();
      if (!callback) return attempt;
      attempt.then(
        () => callback(null),
        (error) => callback(error),
      );
      return undefined;
    }

    private async logIn(): Promise<Client> {
      if (refusal !== undefined && Date.now() < until) throw refusal;
      try {
        await super.connect();
        refusal = undefined;
        pause = FIRST_PAUSE;
      } catch (error) {
        if (isRefusal(error)) onRefusal();
        if (isRefusal(error) && Date.now() >= until) {
          if (refusal !== undefined) pause = Math.min(pause * 2, LONGEST_PAUSE);
          until = Date.now() + pause;
          refusal = error;
        }
        throw error;
      }
      return this;
    }
  };
}

function isRefusal(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && /^28/.test(String(error.code));
}
