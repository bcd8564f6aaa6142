import type { Level } from "../../../model/postgresql/levels";
import { quoteIdentifier } from "../../../model/postgresql/quoting";

/** Something to try in a schema, and whom the environment file's words allow it. */
export interface Attempt {
  /** What it is, in a word or two. */
  readonly what: string;
  readonly sql: string;
  readonly allowedTo: readonly Level[];
}

/** The table that attempts are made on; it is made for the proof and dropped after it. */
export function proofTable(schema: string): string {
  return `${quoteIdentifier(schema)}.access_proof`;
}

/**
 * What each level lets an identity do in a schema, and what none does. Stated here once more, apart from the table of
 * levels that the grants come from: a proof that asked it what to expect could only agree with it.
 */
export function attempts(schema: string): Attempt[] {
  const table = proofTable(schema);
  const sequence = `${quoteIdentifier(schema)}.access_proof_id_seq`;
  const everyone = ["read-only", "read-write", "owner"] as const;
  const writers = ["read-write", "owner"] as const;
  const owners = ["owner"] as const;
  return [
    { what: "select", sql: `SELECT FROM ${table}`, allowedTo: everyone },
    { what: "read a sequence", sql: `SELECT last_value FROM ${sequence}`, allowedTo: everyone },
    { what: "insert", sql: `INSERT INTO ${table} DEFAULT VALUES`, allowedTo: writers },
    { what: "update", sql: `UPDATE ${table} SET note = note`, allowedTo: writers },
    { what: "delete", sql: `DELETE FROM ${table}`, allowedTo: writers },
    { what: "truncate", sql: `TRUNCATE ${table}`, allowedTo: owners },
    { what: "create a table", sql: `CREATE TABLE ${table}_2 ()`, allowedTo: owners },
    { what: "alter a table", sql: `ALTER TABLE ${table} ADD COLUMN extra int`, allowedTo: owners },
    { what: "drop a table", sql: `DROP TABLE ${table}`, allowedTo: owners },
    { what: "create a role", sql: "CREATE ROLE access_proof_role", allowedTo: [] },
    { what: "create a temporary table", sql: "CREATE TEMPORARY TABLE access_proof_3 ()", allowedTo: [] },
  ];
}
