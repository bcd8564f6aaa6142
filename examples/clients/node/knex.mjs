// Knex with IAM tokens: npm install knex pg @aws-sdk/rds-signer @aws-sdk/credential-providers
//
// Knex has a pool of its own, and gives `password` on to pg, which asks it for each connection. After a failover: what broke is
// replaced before it is used, and none is opened to what is a reader now.
//
// What it does not do: limit how long a connection lives while it is in use; a query that was running when its connection broke
// fails, and is yours to repeat. With a connection string in place of the fields, pg drops the password function.
import { readFileSync } from "node:fs";
import knex from "knex";
import Postgres from "knex/lib/dialects/postgres/index.js";
import { iamTokens } from "./iam-tokens.mjs";

const { AWS_REGION, PGHOST, PGPORT, PGDATABASE, PGUSER, PGSSLROOTCERT } = process.env;
const tokens = iamTokens({ hostname: PGHOST, port: Number(PGPORT), region: AWS_REGION, username: PGUSER });

class PostgresByIam extends Postgres {
  async acquireRawConnection() {
    const connection = await super.acquireRawConnection().catch((error) => {
      if (/^28/.test(error.code)) tokens.drop();
      throw error;
    });
    const { rows } = await connection.query("SELECT current_setting('transaction_read_only') AS read_only");
    if (rows[0].read_only === "off") return connection;
    await connection.end();
    throw Object.assign(new Error("the server is read-only"), { code: "25006" });
  }
}

export const database = knex({
  client: PostgresByIam,
  connection: {
    host: PGHOST,
    port: Number(PGPORT),
    database: PGDATABASE,
    user: PGUSER,
    password: tokens.get, // asked for each new connection
    ssl: { ca: readFileSync(PGSSLROOTCERT, "utf8") }, // verifies the certificate and the host name
  },
  pool: { min: 0, max: 5, idleTimeoutMillis: 60_000 },
  acquireConnectionTimeout: 5_000,
});

/** What a service would do with it. */
export async function whoAmI() {
  const { rows } = await database.raw("SELECT session_user AS user, pg_backend_pid() AS session");
  return rows[0];
}
