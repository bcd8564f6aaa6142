// TypeORM with IAM tokens: npm install typeorm pg @aws-sdk/rds-signer @aws-sdk/credential-providers
//
// TypeORM makes its pool by `driver`, so it gets the one of writer-pool.mjs, and what that one does.
//
// What it does not do: more than that pool. `replication` would need a pool, and a token, for each host: make a second
// DataSource for PGHOST_READER. A login that is refused as it starts ends the program.
import pg from "pg";
import { DataSource } from "typeorm";
import { pool } from "./writer-pool.mjs";

export const database = new DataSource({
  type: "postgres",
  driver: {
    ...pg,
    Pool: function Pool() {
      return pool;
    },
  },
  database: process.env.PGDATABASE,
  installExtensions: false, // a service may not, and need not: the environment file says which there are
  entities: [],
});
await database.initialize();

/** What a service would do with it. */
export async function whoAmI() {
  const [me] = await database.query("SELECT session_user AS user, pg_backend_pid() AS session");
  return me;
}
