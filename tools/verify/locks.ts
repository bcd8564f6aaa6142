import { SCRIPT_LOCK } from "../../model/access/sql-functions";
import { type Comparison, roleInWords } from "./comparison";

/**
 * {@link LiveLocks}. The postgresql provider locks the oid of each role and database that it touches, the plan's SQL a key of
 * its own, and PostgreSQL lets any login hold any of them. $1 are the roles, $2 the databases.
 */
export const LOCKS = `
SELECT a.usename::text AS role, d.datname::text AS database, array_agg(DISTINCT a.pid ORDER BY a.pid) AS pids
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid JOIN pg_database d ON d.oid = l.database
WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
  AND (l.classid::bigint << 32 | l.objid::bigint) IN (
    SELECT oid::bigint FROM pg_roles WHERE rolname = ANY ($1)
    UNION ALL SELECT oid::bigint FROM pg_database WHERE datname = ANY ($2)
    UNION ALL SELECT hashtext('${SCRIPT_LOCK}'))
GROUP BY 1, 2 ORDER BY 1, 2`;

/** Who would have the next deployment fail. The admin's own locks are those of one that is on its way. */
export function compareLocks(comparison: Comparison): void {
  const { expected, live, roles, ledger } = comparison;
  for (const { role, database, pids } of live.locks) {
    if (role === expected.admin || roles.get(role)?.system) continue;
    ledger.finds({
      kind: "extra",
      topic: "session",
      subject: roleInWords(comparison, role, "database user"),
      detail: `holds locks in the database ${database} that a deployment waits for (pid ${pids.join(", ")})`,
      fix: `SELECT pg_terminate_backend(pid) FROM unnest(ARRAY[${pids.join(", ")}]) pid;`,
    });
  }
}
