// Connects with pg, and a fresh IAM token for each connection of the pool.
// npm install pg @aws-sdk/rds-signer
import { readFileSync } from "node:fs";
import { Signer } from "@aws-sdk/rds-signer";
import pg from "pg";

const { AWS_REGION, PGHOST, PGPORT, PGDATABASE, PGUSER, PGSSLROOTCERT } = process.env;
const signer = new Signer({ hostname: PGHOST, port: Number(PGPORT), region: AWS_REGION, username: PGUSER });

const pool = new pg.Pool({
  host: PGHOST,
  port: Number(PGPORT),
  database: PGDATABASE,
  user: PGUSER,
  password: () => signer.getAuthToken(), // asked for each new connection; signing takes well under a millisecond
  ssl: { ca: readFileSync(PGSSLROOTCERT, "utf8") }, // verifies the certificate and the host name
  max: 5,
  maxLifetimeSeconds: 900,
});
pool.on("error", (error) => console.error(error)); // else a broken idle connection ends the process

const { rows } = await pool.query("SELECT session_user AS user, current_database() AS database");
console.log(`connected to ${rows[0].database} as ${rows[0].user}`);
await pool.end();
