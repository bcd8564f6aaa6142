// Connects with pg, and an IAM token that the connections of the pool share while it is good.
// npm install pg @aws-sdk/rds-signer @aws-sdk/credential-providers
import { readFileSync } from "node:fs";
import pg from "pg";
import { dropToken, token } from "./iam-tokens.mjs";

const { AWS_REGION, PGHOST, PGPORT, PGDATABASE, PGUSER, PGSSLROOTCERT } = process.env;
const target = { hostname: PGHOST, port: Number(PGPORT), region: AWS_REGION, username: PGUSER };

class Client extends pg.Client {
  connect(done) {
    return super.connect((error) => {
      if (/^28/.test(error?.code)) dropToken();
      done(error);
    });
  }
}

const pool = new pg.Pool({
  Client,
  host: PGHOST,
  port: Number(PGPORT),
  database: PGDATABASE,
  user: PGUSER,
  password: () => token(target), // asked for each new connection
  ssl: { ca: readFileSync(PGSSLROOTCERT, "utf8") }, // verifies the certificate and the host name
  max: 5,
  maxLifetimeSeconds: 900,
});
pool.on("error", (error) => console.error(error)); // else a broken idle connection ends the process

const { rows } = await pool.query("SELECT session_user AS user, current_database() AS database");
console.log(`connected to ${rows[0].database} as ${rows[0].user}`);
await pool.end();
