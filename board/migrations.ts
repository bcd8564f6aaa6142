import type { ClientBase } from "pg";

/** Schema of everything the message board has; the access stack makes it. */
export const SCHEMA = "messages";

/** A step from one version of the schema to the next. */
export interface Migration {
  /** What it does, in a few words. */
  readonly name: string;
  readonly sql: string;
}

/** Version n is what the first n of these make. Add to the end; never change one that has run somewhere. */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: "create the table of messages",
    sql: `CREATE TABLE ${SCHEMA}.messages (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      submission bytea NOT NULL UNIQUE,
      text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 500),
      created_at timestamptz NOT NULL DEFAULT now()
    );
    COMMENT ON COLUMN ${SCHEMA}.messages.submission IS
      'SHA-256 of the form''s nonce and the text: a form that is sent twice adds one message'`,
  },
];

/** What a run of the migrations did. */
export interface MigrationResult {
  /** Names of those that were applied; empty when the schema was up to date. */
  readonly applied: readonly string[];
  /** Version of the schema now. More than this program knows when a later release has run: it is left as it is. */
  readonly version: number;
}

/**
 * Brings the schema up to date, all of it or nothing. Two runs at once are safe: the second waits and finds nothing to do.
 * @param client logged in as the identity that owns the schema, so that its owner group owns the tables
 */
export async function migrate(
  client: Pick<ClientBase, "query">,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<MigrationResult> {
  await client.query("BEGIN");
  try {
    await client.query("SELECT pg_advisory_xact_lock(hashtext($1))", [`${SCHEMA}.migrations`]);
    // A change that waits for a table makes everybody else wait behind it: give up soon, and let the Job try again.
    await client.query("SET LOCAL lock_timeout = '5s'");
    // The old runs' versions decide. The table is looked for first, since IF NOT EXISTS would say so in a notice.
    const table = await client.query("SELECT to_regclass($1) IS NOT NULL AS found", [`${SCHEMA}.migrations`]);
    if (table.rows[0]?.found !== true) {
      await client.query(
        `CREATE TABLE ${SCHEMA}.migrations (version int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
      );
    }
    const { rows } = await client.query(
      `SELECT coalesce(max(version), 0) AS version FROM ${SCHEMA}.migrations`,
    );
    const before = Number(rows[0]?.version);
    const pending = migrations.slice(before);
    for (const [index, { name, sql }] of pending.entries()) {
      await client.query(sql);
      await client.query(`INSERT INTO ${SCHEMA}.migrations (version, name) VALUES ($1, $2)`, [
        before + index + 1,
        name,
      ]);
    }
    await client.query("COMMIT");
    return { applied: pending.map(({ name }) => name), version: before + pending.length };
  } catch (error) {
    // On a connection that broke, this fails too, and the server has rolled back by itself.
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}
