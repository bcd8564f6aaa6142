import type { Level } from "../../model/postgresql/levels";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { Place } from "../helpers/postgres";

/** What statements ask for, one word for those that stand or fall together. */
type Right = "use types" | "read" | "insert" | "update" | "delete" | "execute" | "own" | "drop the schema";

/**
 * What each level means, stated here once more: a test that asked the table of levels could only agree with it.
 * A new level says here what is promised of it, and which statements may succeed.
 */
export const MEANINGS: Readonly<
  Record<Level, { readonly promise: string; readonly rights: readonly Right[] }>
> = {
  "read-only": {
    promise: "read-only selects from present and future tables, views and sequences and nothing else",
    rights: ["read"],
  },
  "read-write": {
    promise: "read-write changes rows and calls functions too, and does not create, drop, alter or truncate",
    rights: ["read", "insert", "update", "delete", "execute"],
  },
  owner: {
    promise: "an owner creates, alters, drops and truncates what is in its schema, and nothing else",
    rights: ["read", "insert", "update", "delete", "execute", "own", "drop the schema"],
  },
};

/** Something a database user may try in a schema. */
export interface Attempt {
  readonly what: string;
  readonly sql: string;
  /** What it takes; undefined for what nobody may. */
  readonly right?: Right;
}

/** Everything worth trying in a schema of a Deployment, statement by statement. */
export function attempts({ schema }: Place): Attempt[] {
  const name = quoteIdentifier(schema.name);
  const attempt = (what: string, sql: string, right?: Right): Attempt => ({ what, sql, right });
  // What is in public may run with the admin's rights: whom it is for, the admin says.
  const execute = schema.managed ? "execute" : "own";
  const onObjects = (["present", "future"] as const).flatMap((time): Attempt[] => {
    const at = `${name}.${time}`;
    const sequence = `'${at}_sequence'`;
    return [
      attempt(`select from a ${time} table`, `SELECT * FROM ${at}_table`, "read"),
      attempt(`select from a ${time} view`, `SELECT * FROM ${at}_view`, "read"),
      attempt(`select from a ${time} materialised view`, `SELECT * FROM ${at}_matview`, "read"),
      attempt(`read a ${time} sequence`, `SELECT last_value FROM ${at}_sequence`, "read"),
      // With an id of its own, the sequence's rights do not stand in for the table's.
      attempt(`insert into a ${time} table`, `INSERT INTO ${at}_table (id) VALUES (0)`, "insert"),
      attempt(`insert with a ${time} table's sequence`, `INSERT INTO ${at}_table DEFAULT VALUES`, "insert"),
      attempt(`insert through a ${time} view`, `INSERT INTO ${at}_view (id, value) VALUES (0, 1)`, "insert"),
      attempt(`insert by a ${time} function`, `SELECT ${at}_function()`, execute),
      attempt(`insert by a ${time} procedure`, `CALL ${at}_procedure()`, execute),
      // These three run with the owner's rights.
      attempt(`insert by a ${time} function of its owner's`, `SELECT ${at}_definer()`, execute),
      attempt(`insert by a ${time} procedure of its owner's`, `CALL ${at}_definer_procedure()`, execute),
      attempt(
        `insert by a ${time} function of its owner's for each row`,
        `SELECT ${at}_definer() FROM generate_series(1, 2)`,
        execute,
      ),
      attempt(`call a ${time} aggregate`, `SELECT ${at}_aggregate(1)`, execute),
      // Nobody needs a right for it: a trigger of the owner's runs for whoever writes.
      attempt(
        `insert into a ${time} table with a trigger of its owner's`,
        `INSERT INTO ${at}_triggered VALUES (1)`,
        "insert",
      ),
      attempt(`use a ${time} type`, `SELECT 'a'::${at}_type`, "use types"),
      attempt(`update a ${time} table`, `UPDATE ${at}_table SET value = 1`, "update"),
      attempt(`delete from a ${time} table`, `DELETE FROM ${at}_table`, "delete"),
      attempt(`lock rows of a ${time} table`, `SELECT * FROM ${at}_table FOR UPDATE`, "update"),
      attempt(`lock a ${time} table`, `LOCK TABLE ${at}_table IN ACCESS EXCLUSIVE MODE`, "update"),
      attempt(`take the next of a ${time} sequence`, `SELECT nextval(${sequence})`, "insert"),
      attempt(`set a ${time} sequence`, `SELECT setval(${sequence}, 7)`, "own"),
      attempt(`truncate a ${time} table`, `TRUNCATE ${at}_table`, "own"),
      attempt(`alter a ${time} table`, `ALTER TABLE ${at}_table ADD COLUMN more int`, "own"),
      attempt(`rename a ${time} view`, `ALTER VIEW ${at}_view RENAME TO other`, "own"),
      attempt(`drop a ${time} table`, `DROP TABLE ${at}_table CASCADE`, "own"),
      attempt(`drop a ${time} view`, `DROP VIEW ${at}_view`, "own"),
      attempt(`drop a ${time} sequence`, `DROP SEQUENCE ${at}_sequence`, "own"),
      attempt(`index a ${time} table`, `CREATE INDEX ON ${at}_table (value)`, "own"),
      attempt(`comment on a ${time} table`, `COMMENT ON TABLE ${at}_table IS 'mine'`, "own"),
      attempt(`refresh a ${time} materialised view`, `REFRESH MATERIALIZED VIEW ${at}_matview`, "own"),
      attempt(
        `put a trigger on a ${time} table`,
        `CREATE TRIGGER mine BEFORE UPDATE ON ${at}_table FOR EACH ROW EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()`,
        "own",
      ),
      attempt(`replace a ${time} function`, `DROP FUNCTION ${at}_function()`, "own"),
    ];
  });
  return [
    ...onObjects,
    attempt("create a table", `CREATE TABLE ${name}.made (id int)`, "own"),
    attempt("create a table from another", `CREATE TABLE ${name}.made AS SELECT 1 AS id`, "own"),
    attempt("create a view", `CREATE VIEW ${name}.made AS SELECT 1 AS id`, "own"),
    attempt("create a sequence", `CREATE SEQUENCE ${name}.made`, "own"),
    attempt("create a type", `CREATE TYPE ${name}.made AS ENUM ('a')`, "own"),
    attempt(
      "create a function",
      `CREATE FUNCTION ${name}.made() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      "own",
    ),
    attempt("drop the schema", `DROP SCHEMA ${name} CASCADE`, schema.managed ? "drop the schema" : undefined),
    attempt("rename the schema", `ALTER SCHEMA ${name} RENAME TO other`),
  ];
}
