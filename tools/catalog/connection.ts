import type { Socket } from "node:net";
import { Client, type QueryResultRow } from "pg";
import { UserError } from "../../lib/user-error";
import { ADMIN_OPTIONS } from "../../model/postgresql/admin-settings";
import { connectProblem, queryProblem } from "./connection-problem";
import { connectedAlready, connectThrough } from "./proxy";
import type { CatalogConnection } from "./read-only";
import type { ServerAddress } from "./server-address";

/**
 * Connects to a database of a server.
 * @param tool who connects, as pg_stat_activity shows it. @default "verify"
 * @throws UserError for everything that may go wrong on the way
 */
export async function connect(
  address: ServerAddress,
  database: string = address.database,
  tool = "verify",
): Promise<CatalogConnection> {
  const { host, port, user, password, token, ca, timeoutSeconds } = address;
  const socket = await wayTo(address);
  const client = new Client({
    ...(socket && { stream: () => socket }),
    host,
    port,
    user,
    database,
    application_name: tool,
    // From the first statement on, whatever is set for the role, the database or in PGOPTIONS.
    options: ADMIN_OPTIONS,
    connectionTimeoutMillis: timeoutSeconds * 1000,
    ssl: ca === undefined ? {} : { ca },
    // Called when the server asks for one.
    password: () => {
      if (token) return token();
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

async function wayTo(address: ServerAddress): Promise<Socket | undefined> {
  const { open, proxy } = address;
  if (open) return connectedAlready(await open());
  return proxy && connectThrough(proxy, address);
}
