import { UserError } from "../../lib/user-error";
import * as queries from "./catalog-queries";

/** A connection to one database. */
export interface CatalogConnection {
  /** Runs SQL and gives its rows. */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** Connects to the named database, or to any when none is named. */
export type Connect = (database?: string) => Promise<CatalogConnection>;

/** Oldest major version that Aurora and this project support. */
const OLDEST = 15;

/**
 * What a server says of itself.
 * @throws UserError when it is too old
 */
export async function readServer(connection: CatalogConnection): Promise<queries.ServerRow> {
  const [server] = await connection.query<queries.ServerRow>(queries.SERVER);
  if (!server) throw new Error("the server did not say its version");
  if (server.version < OLDEST * 10000) {
    throw new UserError([
      `the server is PostgreSQL ${server.serverVersion}, and ${OLDEST} is the oldest supported; upgrade it`,
    ]);
  }
  return server;
}

/** Reads in one transaction, which changes nothing and sees everything as of one moment. */
export async function reading<Result>(
  connection: CatalogConnection,
  read: () => Promise<Result>,
): Promise<Result> {
  await connection.query(queries.START);
  const result = await read();
  await connection.query("COMMIT");
  return result;
}

/** Uses a connection and closes it, whatever happens. */
export async function using<Result>(
  connection: CatalogConnection,
  use: (connection: CatalogConnection) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}
