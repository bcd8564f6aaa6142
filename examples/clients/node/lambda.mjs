// A Lambda function. What is outside of the handler is made once for each execution environment and kept between invocations:
// so is the connection, and the token that the next one logs in with.
import { openPool } from "./pool.mjs";

// An execution environment has one invocation at a time. Between two of them it is frozen, and so is every timer.
const pool = openPool(process.env.PGHOST, { max: 1, idleTimeoutMillis: 0, connectionTimeoutMillis: 5_000 });

/** Milliseconds. After a longer rest the connection may be gone, which nobody hears of while frozen. */
const LONGEST_REST = 60_000;
let lastUse = 0;

export async function handler() {
  if (pool.idleCount > 0 && Date.now() - lastUse > LONGEST_REST) {
    (await pool.connect()).release(true); // throws it away: the query gets a new one
  }
  try {
    const { rows } = await pool.query(
      "SELECT session_user AS user, current_database() AS database, pg_backend_pid() AS session",
    );
    return rows[0];
  } finally {
    lastUse = Date.now();
  }
}
