// A pool of pg for the writer, with IAM tokens: npm install pg @aws-sdk/rds-signer @aws-sdk/credential-providers
//
// It is the one of pool.mjs: five connections for up to 15 minutes, verify-full, a token that they share, dropped after a refused
// login. After a failover: what broke is replaced before it is used, and none is opened to what is a reader now.
//
// What it does not do: a query that was running when its connection broke fails, and is yours to repeat.
import { openPool } from "./pool.mjs";

async function refuseReaders(client) {
  const { rows } = await client.query("SELECT current_setting('transaction_read_only') AS read_only");
  if (rows[0].read_only === "on")
    throw Object.assign(new Error("the server is read-only"), { code: "25006" });
}

export const pool = openPool(process.env.PGHOST, {
  onConnect: refuseReaders,
  connectionTimeoutMillis: 5_000,
});

/** What a service would do with it. */
export async function whoAmI() {
  const { rows } = await pool.query("SELECT session_user AS user, pg_backend_pid() AS session");
  return rows[0];
}
