import type { AccessPlan, DatabasePlan } from "../../model/access/plan";
import { databaseSql } from "../../model/access/sql";

/** Rows of a statement, as `pg` gives them. */
interface Rows {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** A connection of the admin's, such as a client of `pg`; several statements at once have several results. */
export interface AdminClient {
  query(sql: string, values?: unknown[]): Promise<Rows | readonly Rows[]>;
}

/**
 * Puts every database of a plan in place by its SQL, creating those that are missing.
 * @param connect connects the admin to a database; who connects also closes
 * @param prepare does what must be done in a database before its SQL. @default nothing
 * @returns what the SQL of each database said: `changed` or `nothing to change`
 */
export async function applyPlan(
  plan: AccessPlan,
  connect: (database: string) => Promise<AdminClient>,
  prepare: (database: DatabasePlan) => Promise<void> = async () => undefined,
): Promise<string[]> {
  const said: string[] = [];
  const admin = await connect("postgres");
  for (const database of plan.databases) {
    const { name } = database;
    const { create, apply } = databaseSql(plan, name);
    const found = await admin.query("SELECT datname FROM pg_database WHERE datname = $1", [name]);
    if (lastRow(found) === undefined) await admin.query(create);
    await prepare(database);
    said.push(String(lastRow(await (await connect(name)).query(apply))?.result));
  }
  return said;
}

/** The last row of the last statement that had any. */
function lastRow(results: Rows | readonly Rows[]): Rows["rows"][number] | undefined {
  return [results]
    .flat()
    .flatMap(({ rows }) => rows)
    .at(-1);
}
