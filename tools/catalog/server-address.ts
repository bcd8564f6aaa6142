import type { Socket } from "node:net";
import { errorCode, UserError } from "../../lib/user-error";
import { isCaBundle } from "../../model/aws/ca-bundle";
import { ADMIN_USER } from "../../model/postgresql/names";
import { proxyFor, type SocksProxy } from "./proxy";

/** How somebody logs in whose address nobody wrote into variables. */
export interface Signed {
  /** Signs an IAM token. It is asked for at each connection, since one is good for 15 minutes. */
  token(): Promise<string>;
  /** What to do when the server is not reached, or not believed, in place of what is said of variables. */
  readonly advice: string;
  /** Opens a way to it. @default by the network, or the proxy in ALL_PROXY */
  open?(): Promise<Socket>;
}

/** How to reach a server: always over TLS, with its certificate and host name verified. */
export interface ServerAddress extends Partial<Signed> {
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
