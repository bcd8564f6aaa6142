import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import type { Client } from "pg";
import { createPool, withConnection } from "../../board/connection";
import { MAX_CHARACTERS } from "../../board/message";
import { MIGRATIONS, type Migration, migrate } from "../../board/migrations";
import { SUPERUSER } from "../../model/postgresql/names";
import type { EmbeddedServer } from "../../tools/postgres/embedded-server";
import {
  APP_USER,
  bySocket,
  databaseSettings,
  MIGRATION_USER,
  migrateBoard,
  startBoardServer,
} from "./board-database";

const TIMEOUT = 60_000;
jest.setTimeout(TIMEOUT);

let server: EmbeddedServer;
let superuser: Client;

beforeAll(async () => {
  server = await startBoardServer();
}, TIMEOUT);
afterAll(() => server?.stop(), TIMEOUT);
beforeEach(async () => {
  superuser = await server.connect({ user: SUPERUSER, database: "board" });
});
afterEach(async () => {
  await superuser.query("DROP TABLE IF EXISTS messages.messages, messages.migrations, messages.extra");
  await superuser.end();
});

/** Runs migrations as a login. */
async function migrateAs(user: string, migrations: readonly Migration[] = MIGRATIONS) {
  const pool = createPool(databaseSettings(server, user), bySocket(server, user));
  try {
    return await withConnection(pool, (client) => migrate(client, migrations));
  } finally {
    await pool.end();
  }
}

const tables = async () =>
  (
    await superuser.query(
      "SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'messages' ORDER BY 1",
    )
  ).rows;

test("the tables belong to the owner group, and the board may write and not change them", async () => {
  await migrateBoard(server);
  expect(await tables()).toEqual([
    { tablename: "messages", tableowner: "board_messages_owner" },
    { tablename: "migrations", tableowner: "board_messages_owner" },
  ]);
  const app = await server.connect({ user: APP_USER, database: "board" });
  await app.query("INSERT INTO messages.messages (submission, text) VALUES ('x', 'x')");
  await app.end();
});

test("a second run finds nothing to do and keeps what is there", async () => {
  expect(await migrateBoard(server)).toEqual({ applied: ["create the table of messages"], version: 1 });
  await superuser.query("INSERT INTO messages.messages (submission, text) VALUES ('x', 'kept')");
  expect(await migrateBoard(server)).toEqual({ applied: [], version: 1 });
  expect((await superuser.query("SELECT text FROM messages.messages")).rows).toEqual([{ text: "kept" }]);
});

test("of ten runs at once one does the work, and the others find nothing to do", async () => {
  const results = await Promise.all(Array.from({ length: 10 }, () => migrateBoard(server)));
  expect(results.map(({ version }) => version)).toEqual(Array(10).fill(1));
  expect(results.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
});

test("a new step is applied to what an earlier release left", async () => {
  await migrateBoard(server);
  const extra = { name: "add a table", sql: "CREATE TABLE messages.extra (id int)" };
  expect(await migrateAs(MIGRATION_USER, [...MIGRATIONS, extra])).toEqual({
    applied: ["add a table"],
    version: 2,
  });
  expect(await migrateBoard(server)).toEqual({ applied: [], version: 2 });
});

test("when a step fails, none of the run has happened", async () => {
  const broken = { name: "break", sql: "CREATE TABLE messages.extra (id int); SELECT 1/0" };
  await expect(migrateAs(MIGRATION_USER, [...MIGRATIONS, broken])).rejects.toMatchObject({ code: "22012" });
  expect(await tables()).toEqual([]);
});

test("the board's own login cannot migrate", async () => {
  await expect(migrateAs(APP_USER)).rejects.toMatchObject({ code: "42501" });
});

test("the table refuses what the board refuses", async () => {
  await migrateBoard(server);
  const insert = (text: string) =>
    superuser.query("INSERT INTO messages.messages (submission, text) VALUES (sha256($1::bytea), $2)", [
      String(text.length),
      text,
    ]);
  await insert("😀".repeat(MAX_CHARACTERS));
  await expect(insert("x".repeat(MAX_CHARACTERS + 1))).rejects.toMatchObject({ code: "23514" });
  await expect(insert("")).rejects.toMatchObject({ code: "23514" });
});
