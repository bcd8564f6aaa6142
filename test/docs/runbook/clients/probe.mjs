// Connects with pg and runs statements one by one; `rest` waits. What goes wrong is left to Node.js to print, as in any program.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const { PGSSLMODE, PGSSLROOTCERT, PGCONNECT_TIMEOUT } = process.env;
const client = new pg.Client({
  ssl: PGSSLMODE === "disable" ? false : { ca: readFileSync(PGSSLROOTCERT, "utf8") },
  connectionTimeoutMillis: Number(PGCONNECT_TIMEOUT) * 1000,
});
await client.connect();
for (const statement of process.argv.slice(2)) {
  if (statement === "rest") await sleep(1000);
  else await client.query(statement);
}
await client.end();
