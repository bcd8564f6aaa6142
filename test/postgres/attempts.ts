import type { Level } from "../../model/postgresql/levels";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { Place } from "../helpers/postgres";

/** Something a login may try in a schema, and the levels with which it succeeds. */
export interface Attempt {
  readonly what: string;
  readonly sql: string;
  readonly allowed: readonly Level[];
}

const READ: readonly Level[] = ["read-only", "read-write", "owner"];
const CHANGE: readonly Level[] = ["read-write", "owner"];
const OWN: readonly Level[] = ["owner"];
const NOBODY: readonly Level[] = [];

/** Everything worth trying in a schema of a Deployment: what each level means, statement by statement, whatever the table of levels says. */
export function attempts({ schema }: Place): Attempt[] {
  const name = quoteIdentifier(schema.name);
  const attempt = (what: string, sql: string, allowed: readonly Level[]): Attempt => ({
    what,
    sql,
    allowed,
  });
  const onObjects = (["present", "future"] as const).flatMap((time): Attempt[] => {
    const at = `${name}.${time}`;
    const sequence = `'${at}_sequence'`;
    return [
      attempt(`select from a ${time} table`, `SELECT * FROM ${at}_table`, READ),
      attempt(`select from a ${time} view`, `SELECT * FROM ${at}_view`, READ),
      attempt(`select from a ${time} materialised view`, `SELECT * FROM ${at}_matview`, READ),
      attempt(`read a ${time} sequence`, `SELECT last_value FROM ${at}_sequence`, READ),
      // With an id of its own, the sequence's rights do not stand in for the table's.
      attempt(`insert into a ${time} table`, `INSERT INTO ${at}_table (id) VALUES (0)`, CHANGE),
      attempt(`insert with a ${time} table's sequence`, `INSERT INTO ${at}_table DEFAULT VALUES`, CHANGE),
      attempt(`insert through a ${time} view`, `INSERT INTO ${at}_view (id, value) VALUES (0, 1)`, CHANGE),
      attempt(`insert by a ${time} function`, `SELECT ${at}_function()`, CHANGE),
      attempt(`update a ${time} table`, `UPDATE ${at}_table SET value = 1`, CHANGE),
      attempt(`delete from a ${time} table`, `DELETE FROM ${at}_table`, CHANGE),
      attempt(`lock rows of a ${time} table`, `SELECT * FROM ${at}_table FOR UPDATE`, CHANGE),
      attempt(`lock a ${time} table`, `LOCK TABLE ${at}_table IN ACCESS EXCLUSIVE MODE`, CHANGE),
      attempt(`take the next of a ${time} sequence`, `SELECT nextval(${sequence})`, CHANGE),
      attempt(`set a ${time} sequence`, `SELECT setval(${sequence}, 7)`, OWN),
      attempt(`truncate a ${time} table`, `TRUNCATE ${at}_table`, OWN),
      attempt(`alter a ${time} table`, `ALTER TABLE ${at}_table ADD COLUMN more int`, OWN),
      attempt(`rename a ${time} view`, `ALTER VIEW ${at}_view RENAME TO other`, OWN),
      attempt(`drop a ${time} table`, `DROP TABLE ${at}_table CASCADE`, OWN),
      attempt(`drop a ${time} view`, `DROP VIEW ${at}_view`, OWN),
      attempt(`drop a ${time} sequence`, `DROP SEQUENCE ${at}_sequence`, OWN),
      attempt(`index a ${time} table`, `CREATE INDEX ON ${at}_table (value)`, OWN),
      attempt(`comment on a ${time} table`, `COMMENT ON TABLE ${at}_table IS 'mine'`, OWN),
      attempt(`refresh a ${time} materialised view`, `REFRESH MATERIALIZED VIEW ${at}_matview`, OWN),
      attempt(
        `put a trigger on a ${time} table`,
        `CREATE TRIGGER mine BEFORE UPDATE ON ${at}_table FOR EACH ROW EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()`,
        OWN,
      ),
      attempt(`replace a ${time} function`, `DROP FUNCTION ${at}_function()`, OWN),
    ];
  });
  return [
    ...onObjects,
    attempt("create a table", `CREATE TABLE ${name}.made (id int)`, OWN),
    attempt("create a table from another", `CREATE TABLE ${name}.made AS SELECT 1 AS id`, OWN),
    attempt("create a view", `CREATE VIEW ${name}.made AS SELECT 1 AS id`, OWN),
    attempt("create a sequence", `CREATE SEQUENCE ${name}.made`, OWN),
    attempt("create a type", `CREATE TYPE ${name}.made AS ENUM ('a')`, OWN),
    attempt(
      "create a function",
      `CREATE FUNCTION ${name}.made() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      OWN,
    ),
    attempt("drop the schema", `DROP SCHEMA ${name} CASCADE`, schema.managed ? OWN : NOBODY),
    attempt("rename the schema", `ALTER SCHEMA ${name} RENAME TO other`, NOBODY),
  ];
}
