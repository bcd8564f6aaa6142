import { type Deployment, loginsIn } from "../helpers/postgres";

/** Says where the sessions of a login do not have the limits of its identity. */
export async function limitsHold(deployment: Deployment): Promise<string[]> {
  const wrong: string[] = [];
  for (const identity of loginsIn(deployment.plan)) {
    const { databaseUser, grants, statementTimeout = 0, idleInTransactionSessionTimeout = 0 } = identity;
    for (const database of new Set(grants.map((grant) => grant.database))) {
      const session = await deployment.client(databaseUser, database);
      const { rows } = await session.query(
        `SELECT (SELECT setting FROM pg_settings WHERE name = 'statement_timeout')::int AS statement,
           (SELECT setting FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout')::int AS idle,
           (SELECT rolconnlimit FROM pg_roles WHERE rolname = session_user) AS connections,
           array_remove(current_schemas(false), 'public')::text[] AS path`,
      );
      const usable = grants.filter((grant) => grant.database === database).map(({ schema }) => schema);
      const expected = {
        statement: statementTimeout,
        idle: idleInTransactionSessionTimeout,
        connections: identity.connectionLimit,
        path: (identity.searchPath ?? []).filter((name) => name !== "public" && usable.includes(name)),
      };
      if (JSON.stringify(rows[0]) !== JSON.stringify(expected)) {
        wrong.push(
          `${databaseUser} in ${database}: ${JSON.stringify(rows[0])} in place of ${JSON.stringify(expected)}`,
        );
      }
    }
  }
  return wrong;
}
