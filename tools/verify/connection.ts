import { Client, type QueryResultRow } from "pg";
import { errorCode, UserError } from "../../lib/user-error";
import { isCaBundle } from "../../model/aws/ca-bundle";
import { ADMIN_USER } from "../../model/postgresql/names";
import { connectProblem, queryProblem } from "./connection-problem";
import { connectThrough, proxyFor, type SocksProxy } from "./proxy";
import type { CatalogConnection } from "./read-catalog";

/** How to reach a server: always over TLS, with its certificate and host name verified. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Password or IAM token; undefined for a server that asks for none. */
  readonly password?: string;
  /** Database to connect to first. */
  readonly database: string;
  /** Trusted CA certificates, PEM; undefined for those of Node.js. */
  readonly ca?: string;
  /** How long connecting may take. */
  readonly timeoutSeconds: number;
  /** The way there. @default none: directly */
  readonly proxy?: SocksProxy;
}

/**
 * The address in the environment variables of libpq, and the proxy in ALL_PROXY.
 * @param caBundle certificates to trust when PGSSLROOTCERT is not set
 * @param readFile reads a text file
 * @throws UserError with everything that is missing or wrong
 * @see https://www.postgresql.org/docs/current/libpq-envars.html
 */
export function serverAddress(
  env: Readonly<Record<string, string | undefined>>,
  caBundle: string,
  readFile: (path: string) => string,
): ServerAddress {
  const problems: string[] = [];
  const host = env.PGHOST ?? "";
  if (host === "") problems.push("PGHOST is not set; set it to the cluster's writer endpoint");
  if (/[/,]/.test(host)) {
    problems.push(`PGHOST must be one host name, got: ${host}; TLS cannot be verified on anything else`);
  }
  const number = (name: string, fallback: number, most: number) => {
    const value = Number(env[name] || fallback);
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    problems.push(`${name} must be a whole number from 1 to ${most}, got: ${env[name]}`);
    return fallback;
  };
  const port = number("PGPORT", 5432, 65535);
  const timeoutSeconds = number("PGCONNECT_TIMEOUT", 15, 3600);
  const mode = env.PGSSLMODE || "verify-full";
  if (mode !== "verify-full") {
    problems.push(`PGSSLMODE=${mode} would not make sure who answers; unset it, or set it to verify-full`);
  }
  let ca: string | undefined = caBundle;
  const file = env.PGSSLROOTCERT;
  if (file === "system") ca = undefined;
  else if (file) {
    try {
      ca = readFile(file);
      if (!isCaBundle(ca)) problems.push(`PGSSLROOTCERT: ${file} holds no PEM certificates`);
    } catch (error) {
      problems.push(`PGSSLROOTCERT: ${file} cannot be read (${errorCode(error)})`);
    }
  } else if (caBundle === "") {
    problems.push("PGSSLROOTCERT is not set, and the environment's region has no known certificates; set it");
  }
  let proxy: SocksProxy | undefined;
  try {
    proxy = proxyFor(host, env);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.messages);
  }
  if (problems.length > 0) throw new UserError(problems);
  return {
    host,
    port,
    user: env.PGUSER || ADMIN_USER,
    ...(env.PGPASSWORD && { password: env.PGPASSWORD }),
    database: env.PGDATABASE || "postgres",
    ...(ca !== undefined && { ca }),
    timeoutSeconds,
    ...(proxy && { proxy }),
  };
}

/**
 * Connects to a database of a server.
 * @throws UserError for everything that may go wrong on the way
 */
export async function connect(
  address: ServerAddress,
  database: string = address.database,
): Promise<CatalogConnection> {
  const { host, port, user, password, ca, timeoutSeconds, proxy } = address;
  const socket = proxy && (await connectThrough(proxy, address));
  const client = new Client({
    ...(socket && { stream: () => socket }),
    host,
    port,
    user,
    database,
    application_name: "verify",
    connectionTimeoutMillis: timeoutSeconds * 1000,
    ssl: ca === undefined ? {} : { ca },
    // Called when the server asks for one.
    password: () => {
      if (password !== undefined) return password;
      throw new UserError([
        `${host} asks for the password of ${user}; set PGPASSWORD to it, or to an IAM token`,
      ]);
    },
  });
  // Without a listener, a connection that breaks would end the process with a stack trace.
  let broken: Error | undefined;
  client.on("error", (error) => {
    broken ??= error;
  });
  try {
    await client.connect();
  } catch (error) {
    // A server that still waits for a password would keep the process for a minute.
    client.end().catch(() => undefined);
    throw new UserError([connectProblem(error, address, database)]);
  }
  return {
    query: async <Row extends object>(sql: string, values?: readonly unknown[]) => {
      try {
        const { rows } = await client.query<Row & QueryResultRow>(sql, values && [...values]);
        return rows;
      } catch (error) {
        const problem = queryProblem(broken ?? error, address, database);
        throw problem === undefined ? error : new UserError([problem]);
      }
    },
    close: () => client.end().catch(() => undefined),
  };
}
