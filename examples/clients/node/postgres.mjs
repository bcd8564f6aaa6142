// postgres.js with IAM tokens: npm install postgres @aws-sdk/rds-signer @aws-sdk/credential-providers
//
// After a failover: what broke is replaced before it is used, and none is opened to what is a reader now.
//
// What it does not do: tell of a login that was refused, so a token is used for its ten minutes all the same; a query that was
// running when its connection broke fails, and is yours to repeat. Through RDS Proxy add `prepare: false`: named statements pin.
import { readFileSync } from "node:fs";
import { checkServerIdentity } from "node:tls";
import postgres from "postgres";
import { iamTokens } from "./iam-tokens.mjs";

const { AWS_REGION, PGHOST, PGPORT, PGDATABASE, PGUSER, PGSSLROOTCERT } = process.env;
const tokens = iamTokens({ hostname: PGHOST, port: Number(PGPORT), region: AWS_REGION, username: PGUSER });

export const sql = postgres({
  host: PGHOST,
  port: Number(PGPORT),
  database: PGDATABASE,
  username: PGUSER,
  password: tokens.get, // asked for each new connection
  ssl: {
    ca: readFileSync(PGSSLROOTCERT, "utf8"), // verifies the certificate
    checkServerIdentity: (_, certificate) => checkServerIdentity(PGHOST, certificate), // and for this host, also an address
  },
  target_session_attrs: "primary", // "read-write" would take a reader for a writer
  max: 5,
  max_lifetime: 600 + Math.random() * 300, // seconds
  connect_timeout: 5,
});

/** What a service would do with it. */
export async function whoAmI() {
  const [me] = await sql`SELECT session_user AS user, pg_backend_pid() AS session`;
  return me;
}
