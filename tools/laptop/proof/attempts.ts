import type { Level } from "../../../model/postgresql/levels";
import { PUBLIC_SCHEMA } from "../../../model/postgresql/names";
import { quoteIdentifier } from "../../../model/postgresql/quoting";
import type { Check } from "./check";

/** Something to try in a schema. */
export interface Attempt {
  /** What it is, in a word or two. */
  readonly what: string;
  readonly sql: string;
  /** What the level of whoever tries it comes to. */
  readonly expected: Check["expected"];
}

/**
 * What each level lets an identity do. Stated here once more, apart from the table of levels that the grants come from: a
 * proof that asked it what to expect could only agree with it. A new level says here what it may do, and the proof tries
 * everything that any level speaks of.
 */
const ALLOWED: Readonly<Record<Level, readonly Statement[]>> = {
  "read-only": ["select", "read a sequence"],
  "read-write": [
    "select",
    "read a sequence",
    "insert",
    "update",
    "delete",
    "write by a function of the owner's",
    "call a procedure",
  ],
  owner: [
    "select",
    "read a sequence",
    "insert",
    "update",
    "delete",
    "write by a function of the owner's",
    "call a procedure",
    "truncate",
    "create a table",
    "alter a table",
    "drop a table",
  ],
};

/** What can be done where nothing can be written, be the level what it may. */
const BY_READING: readonly Statement[] = ["select", "read a sequence", "call a procedure"];

/** Functions in `public` are the admin's: no level executes them. */
const NOT_IN_PUBLIC: readonly Statement[] = ["write by a function of the owner's", "call a procedure"];

/** The table that attempts in a schema are made on. */
export function proofTable(schema: string): string {
  return `${quoteIdentifier(schema)}.access_proof`;
}

/** Makes what attempts are made on, for the owner of a schema to run. */
export function proofObjects(schema: string): string {
  const table = proofTable(schema);
  return `CREATE TABLE ${table} (id serial PRIMARY KEY, note text);
    CREATE FUNCTION ${table}_definer() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'INSERT INTO ${table} DEFAULT VALUES';
    CREATE PROCEDURE ${table}_procedure() LANGUAGE sql AS 'SELECT 1'`;
}

/** Drops it again. */
export function dropProofObjects(schema: string): string {
  const table = proofTable(schema);
  return `DROP ROUTINE ${table}_definer(), ${table}_procedure(); DROP TABLE ${table}`;
}

/** Everything that is worth trying, by what it is. */
function statements(schema: string) {
  const table = proofTable(schema);
  return {
    select: `SELECT FROM ${table}`,
    "read a sequence": `SELECT last_value FROM ${quoteIdentifier(schema)}.access_proof_id_seq`,
    insert: `INSERT INTO ${table} DEFAULT VALUES`,
    update: `UPDATE ${table} SET note = note`,
    delete: `DELETE FROM ${table}`,
    "write by a function of the owner's": `SELECT ${table}_definer()`,
    "call a procedure": `CALL ${table}_procedure()`,
    truncate: `TRUNCATE ${table}`,
    "create a table": `CREATE TABLE ${table}_2 ()`,
    "alter a table": `ALTER TABLE ${table} ADD COLUMN extra int`,
    "drop a table": `DROP TABLE ${table}`,
    // Nobody may do these.
    "create a role": "CREATE ROLE access_proof_role",
    "create a temporary table": "CREATE TEMPORARY TABLE access_proof_3 ()",
  };
}

type Statement = keyof ReturnType<typeof statements>;

/**
 * What to try in a schema, whatever the level.
 * @param level of the identity that tries; undefined when it has no grant there
 * @param where a reader writes nothing
 */
export function attempts(schema: string, level: Level | undefined, where: "writer" | "reader"): Attempt[] {
  const allowed: readonly string[] = level === undefined ? [] : ALLOWED[level];
  const reads: readonly string[] = BY_READING;
  const none: readonly string[] = schema === PUBLIC_SCHEMA ? NOT_IN_PUBLIC : [];
  return Object.entries(statements(schema)).map(([what, sql]) => ({
    what,
    sql,
    expected:
      allowed.includes(what) && !none.includes(what) && (where === "writer" || reads.includes(what))
        ? "allowed"
        : "denied",
  }));
}
