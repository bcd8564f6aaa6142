import { createHash } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import { withConnection } from "./connection";
import { type ConnectionFacts, PoolConnections } from "./connection-facts";
import { connectionWasLost } from "./database-problem";
import { SCHEMA } from "./migrations";

/** Most messages on one page. */
export const PAGE_SIZE = 50;

/** A message on the board. */
export interface Message {
  /** Grows with each message; text, since it may be larger than a JavaScript number. */
  readonly id: string;
  readonly text: string;
  readonly at: Date;
}

/** What a page shows, all of it read over one connection. */
export interface BoardPage {
  /** Newest first. */
  readonly messages: readonly Message[];
  /** Whether there are older ones. */
  readonly more: boolean;
  readonly server: ServerFacts;
}

/** The database as the connection of a page sees it. */
export interface ServerFacts {
  /** Version of PostgreSQL. */
  readonly version: string;
  /** Database user of the session. */
  readonly user: string;
  /** The connection that served the page. */
  readonly connection?: ConnectionFacts;
  /** All of the pool. */
  readonly connections: readonly ConnectionFacts[];
}

/** Keeps the messages. Every method throws what `pg` throws. */
export interface MessageStore {
  /** A page of messages. @param before id of the message that the page starts behind @default the newest */
  page(before?: string): Promise<BoardPage>;
  /**
   * Adds a message, once: the same nonce and text again add nothing, so a request may be repeated.
   * @returns the message's id, once it is safely stored
   */
  add(nonce: string, text: string): Promise<string>;
  /** Returns when the messages can be read. */
  check(): Promise<void>;
}

/** Messages in PostgreSQL. */
export class PostgresMessageStore implements MessageStore {
  private readonly connections: PoolConnections;

  constructor(private readonly pool: Pool) {
    this.connections = new PoolConnections(pool);
  }

  page(before?: string): Promise<BoardPage> {
    return this.run(async (client) => {
      const { rows } = await client.query<{ id: string; text: string; created_at: Date }>(
        `SELECT id, text, created_at FROM ${SCHEMA}.messages
         WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
        [before, PAGE_SIZE + 1],
      );
      const { version, name } = firstRow(
        await client.query<{ version: string; name: string }>(
          "SELECT current_setting('server_version') AS version, session_user AS name",
        ),
      );
      return {
        messages: rows.slice(0, PAGE_SIZE).map(({ id, text, created_at }) => ({ id, text, at: created_at })),
        more: rows.length > PAGE_SIZE,
        server: {
          version,
          user: name,
          connection: this.connections.of(client),
          connections: this.connections.all(),
        },
      };
    });
  }

  add(nonce: string, text: string): Promise<string> {
    // With the text in it, a form sent again with another text (the browser's Back button) is another message.
    const submission = createHash("sha256").update(`${nonce}\n${text}`).digest();
    return this.run(async (client) => {
      const added = await client.query<{ id: string }>(
        `INSERT INTO ${SCHEMA}.messages (submission, text) VALUES ($1, $2)
         ON CONFLICT (submission) DO NOTHING RETURNING id`,
        [submission, text],
      );
      if (added.rows[0]) return added.rows[0].id;
      const there = await client.query<{ id: string }>(
        `SELECT id FROM ${SCHEMA}.messages WHERE submission = $1`,
        [submission],
      );
      return firstRow(there).id;
    });
  }

  async check(): Promise<void> {
    await this.run((client) => client.query(`SELECT FROM ${SCHEMA}.messages LIMIT 1`));
  }

  /**
   * Runs work, again when it had a connection that turns out to be gone: after a restart or failover, the pool may still
   * hold some that nobody has told it of. A connection made for this very work is no such case, so this ends, and costs
   * no login more. All work here may be repeated.
   */
  private async run<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const start = new Date();
    for (;;) {
      let madeBefore = false;
      try {
        return await withConnection(this.pool, (client) => {
          madeBefore = (this.connections.of(client)?.madeAt ?? start) < start;
          return work(client);
        });
      } catch (error) {
        if (!madeBefore || !connectionWasLost(error)) throw error;
      }
    }
  }
}

/** The row of a query that always has one. */
function firstRow<Row>({ rows }: { readonly rows: readonly Row[] }): Row {
  const [row] = rows;
  if (!row) throw new Error("PostgreSQL answered without a row.");
  return row;
}
