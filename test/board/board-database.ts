import {
  createPool,
  type DatabasePoolOptions,
  type DatabaseSettings,
  withConnection,
} from "../../board/connection";
import { migrate } from "../../board/migrations";
import type { Settings } from "../../board/settings";
import { accessPlan } from "../../model/access/plan";
import { SUPERUSER } from "../../model/postgresql/names";
import { type EmbeddedServer, type ServerOptions, startServer } from "../../tools/postgres/embedded-server";
import { parse } from "../helpers/environment";

/** The message board and its migration, as an environment file has them. */
export const BOARD_PLAN = accessPlan(
  parse(`name: test
account: "123456789012"
region: eu-west-1
access:
  databases:
    board: [messages]
  namespaces: { message-board: {} }
  services:
    message-board:
      namespace: message-board
      grants: { board.messages: read-write }
    message-board-migrations:
      namespace: message-board
      grants: { board.messages: owner }
`),
);

/** Database users of the two. */
export const APP_USER = "message_board";
export const MIGRATION_USER = "message_board_migrations";

/** The role the board shows. */
export const ROLE_ARN = "arn:aws:iam::123456789012:role/test-db-message-board";

/**
 * Starts a server with the plan in place, before any migration. The board reaches it over its socket: a port that is free
 * while a server is down may be somebody else's when it comes back.
 */
export async function startBoardServer(options?: ServerOptions): Promise<EmbeddedServer> {
  const server = await startServer({ socketOnly: true, ...options });
  await server.apply(BOARD_PLAN);
  return server;
}

/** The same after the migration. */
export async function startMigratedServer(options?: ServerOptions): Promise<EmbeddedServer> {
  const server = await startBoardServer(options);
  await migrateBoard(server);
  return server;
}

/** Runs SQL in the board's database as the superuser, and gives its rows. */
export async function sql(server: EmbeddedServer, text: string): Promise<Record<string, unknown>[]> {
  const superuser = await server.connect({ user: SUPERUSER, database: "board" });
  try {
    return (await superuser.query(text)).rows;
  } finally {
    await superuser.end();
  }
}

/** Settings as the ConfigMap gives them. */
export function databaseSettings(server: EmbeddedServer, user: string = APP_USER): DatabaseSettings {
  return {
    host: "localhost",
    port: server.port,
    database: "board",
    user,
    region: "eu-west-1",
    ca: server.ca,
  };
}

/** Leads a pool to the server's Unix socket, where nobody asks for a token. */
export function bySocket(server: EmbeddedServer, user: string = APP_USER): DatabasePoolOptions {
  return server.clientConfig({ user, database: "board" });
}

/** Runs the migrations as the owner. */
export async function migrateBoard(server: EmbeddedServer) {
  const pool = createPool(databaseSettings(server, MIGRATION_USER), bySocket(server, MIGRATION_USER));
  try {
    return await withConnection(pool, (client) => migrate(client));
  } finally {
    await pool.end();
  }
}

/** Settings of a board on a free port of this machine. */
export function boardSettings(server: EmbeddedServer): Settings {
  return {
    database: databaseSettings(server),
    roleArn: ROLE_ARN,
    port: 0,
    hostname: "127.0.0.1",
    hosts: [],
    // A test asks faster than a person.
    limits: { client: 1_000_000, all: 1_000_000 },
    proxies: 0,
  };
}
