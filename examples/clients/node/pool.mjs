// Pools of pg, with IAM tokens that their connections share while they are good.
import { readFileSync } from "node:fs";
import pg from "pg";
import { iamTokens } from "./iam-tokens.mjs";

const { AWS_REGION, PGPORT, PGDATABASE, PGUSER, PGSSLROOTCERT } = process.env;

/** A pool for one host, PGHOST or PGHOST_READER. */
export function openPool(host, options) {
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
    ...options,
  });
  pool.on("error", (error) => console.error(error)); // else a broken idle connection ends the process
  return pool;
}
