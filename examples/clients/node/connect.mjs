// Connects with pg, and IAM tokens that the connections of a pool share while they are good: to the writer, and to the
// readers where there are any.
// npm install pg @aws-sdk/rds-signer @aws-sdk/credential-providers
import { readFileSync } from "node:fs";
import pg from "pg";
import { iamTokens } from "./iam-tokens.mjs";

const { AWS_REGION, PGHOST, PGHOST_READER, PGPORT, PGDATABASE, PGUSER, PGSSLROOTCERT } = process.env;

function poolOf(host) {
  const target = { hostname: host, port: Number(PGPORT), region: AWS_REGION, username: PGUSER };
  const tokens = iamTokens(target);

  class Client extends pg.Client {
    connect(done) {
      return super.connect((error) => {
        if (/^28/.test(error?.code)) tokens.drop();
        done(error);
      });
    }
  }

  const pool = new pg.Pool({
    Client,
    host,
    port: Number(PGPORT),
    database: PGDATABASE,
    user: PGUSER,
    password: tokens.get, // asked for each new connection
    ssl: { ca: readFileSync(PGSSLROOTCERT, "utf8") }, // verifies the certificate and the host name
    max: 5,
    maxLifetimeSeconds: 900,
  });
  pool.on("error", (error) => console.error(error)); // else a broken idle connection ends the process
  return pool;
}

for (const host of [PGHOST, PGHOST_READER]) {
  if (!host) continue; // there are no readers
  const pool = poolOf(host);
  const { rows } = await pool.query(
    "SELECT session_user AS user, current_database() AS database, pg_is_in_recovery() AS reader",
  );
  const [{ user, database, reader }] = rows;
  console.log(`connected to ${reader ? "a reader of " : ""}${database} as ${user}`);
  await pool.end();
}
