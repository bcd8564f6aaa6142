// Connects to the writer, and to the readers where there are any.
// npm install pg @aws-sdk/rds-signer @aws-sdk/credential-providers
import { openPool } from "./pool.mjs";

const { PGHOST, PGHOST_READER } = process.env;

for (const host of [PGHOST, PGHOST_READER]) {
  if (!host) continue; // there are no readers
  const pool = openPool(host);
  const { rows } = await pool.query(
    "SELECT session_user AS user, current_database() AS database, pg_is_in_recovery() AS reader",
  );
  const [{ user, database, reader }] = rows;
  console.log(`connected to ${reader ? "a reader of " : ""}${database} as ${user}`);
  await pool.end();
}
