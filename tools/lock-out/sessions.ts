import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../lib/user-error";
import { quoteIdentifier, quoteTexts } from "../../model/postgresql/quoting";
import type { CatalogConnection } from "../catalog/read-only";

/** Whether a database user may log in, as SQL. */
export function setLogin(databaseUser: string, may: boolean): string {
  return `ALTER ROLE ${quoteIdentifier(databaseUser)} ${may ? "LOGIN" : "NOLOGIN"};`;
}

/**
 * Ends every session that was logged in to as one of the database users, whatever role it has set since: who logged in is what
 * counts. Those of an RDS Proxy are among them, pinned or not.
 */
export function endSessionsOf(databaseUsers: readonly string[]): string {
  return `SELECT a.pid, pg_catalog.pg_terminate_backend(a.pid) AS ended FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid WHERE r.rolname = ANY (${quoteTexts(databaseUsers)});`;
}

/** How often, and after which time, it is looked whether sessions are gone. */
const LOOKS = { every: 500, quiet: 3, most: 60 };

/**
 * Ends sessions until none has been seen for a second: one that logged in in the moment before it was forbidden to is not in
 * the list at once.
 * @returns how many were ended
 * @throws UserError when some are still there after half a minute
 */
export async function endSessions(
  connection: CatalogConnection,
  databaseUsers: readonly string[],
): Promise<number> {
  const ended = new Set<number>();
  let quiet = 0;
  let left: readonly { readonly pid: number }[] = [];
  for (let look = 0; look < LOOKS.most; look++) {
    left = await connection.query<{ pid: number }>(endSessionsOf(databaseUsers));
    for (const { pid } of left) ended.add(pid);
    quiet = left.length === 0 ? quiet + 1 : 0;
    if (quiet === LOOKS.quiet) return ended.size;
    await pause(LOOKS.every);
  }
  const pids = left.map(({ pid }) => pid).join(", ");
  throw new UserError([`sessions were told to end, and are still there: ${pids}; run this again`]);
}

/** What is left of database users in a server, as {@link Leftovers}. */
const LEFT = `
SELECT
  ARRAY(SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolcanlogin AND rolname = ANY ($1) ORDER BY 1) AS "mayLogIn",
  ARRAY(SELECT m.rolname || ' may act as ' || g.rolname FROM pg_catalog.pg_auth_members a
    JOIN pg_catalog.pg_roles g ON g.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member
    WHERE g.rolname = ANY ($1) AND coalesce((pg_catalog.to_jsonb(a) ->> 'set_option')::bool
      OR (pg_catalog.to_jsonb(a) ->> 'inherit_option')::bool, true) ORDER BY 1) AS "actingAs",
  ARRAY(SELECT gid || ' of ' || owner FROM pg_catalog.pg_prepared_xacts WHERE owner = ANY ($1) ORDER BY 1) AS prepared`;

/** What is left of database users in a server. */
export interface Leftovers {
  /** Those that may log in after all. */
  readonly mayLogIn: readonly string[];
  /** Who else may act as one of them, in words: nobody should. */
  readonly actingAs: readonly string[];
  /** Prepared transactions, in words: they keep their locks, and whoever is the admin may finish them. */
  readonly prepared: readonly string[];
}

/** Looks at what is left. */
export async function leftovers(
  connection: CatalogConnection,
  databaseUsers: readonly string[],
): Promise<Leftovers> {
  const [row] = await connection.query<Leftovers>(LEFT, [databaseUsers]);
  if (!row) throw new Error("the server gave no row");
  return row;
}
