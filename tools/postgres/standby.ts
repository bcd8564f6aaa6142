import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { SUPERUSER } from "../../model/postgresql/names";
import { quoteLiteral } from "../../model/postgresql/quoting";
import { type EmbeddedServer, SETTINGS, whenUp } from "./embedded-server";
import { hostBasedAccess } from "./like-rds";
import { serverBinaries } from "./server-binaries";
import { runServer } from "./server-process";

/** A hot standby of a server: it replays what that one does, and nobody can write on it. */
export interface Standby {
  /** Folder of its Unix socket, all that it listens on. */
  readonly socketFolder: string;
  /** Part of the socket's name. */
  readonly port: number;
  /** Done when it has all that was committed before. */
  caughtUp(): Promise<void>;
  /** Ends it and removes everything of it. To be called before the server's own. */
  stop(): Promise<void>;
}

/** Keeps what it has not replayed yet on the server, whatever becomes of the connection between them. */
const SLOT = "standby";

/** What a running server has for itself; the folders themselves stay. */
const NOT_COPIED = [
  "pg_dynshmem",
  "pg_notify",
  "pg_replslot",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
  "pg_wal",
];

/**
 * Starts a standby from a copy of a running server's data, as pg_basebackup does, which the packages do not have. Settings
 * are those that every server has.
 * @see https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 */
export async function startStandby(server: EmbeddedServer): Promise<Standby> {
  const { version, port, socketFolder } = server;
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const superuser = await server.connect({ user: SUPERUSER });
  try {
    await superuser.query(`SELECT pg_create_physical_replication_slot(${quoteLiteral(SLOT)}, true)`);
    await superuser.query("SELECT pg_backup_start('standby', fast => true)");
    copyData(join(socketFolder, "data"), join(folder, "data"));
    const { rows } = await superuser.query("SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)");
    file("data/backup_label", rows[0].labelfile);
    file("data/standby.signal", "");
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await superuser.end();
  }
  const running = runServer(serverBinaries(version), folder, {
    ...SETTINGS,
    hba_file: file("pg_hba.conf", hostBasedAccess(true)),
    listen_addresses: "",
    port: String(port),
    primary_conninfo: `host=${inConnectionString(socketFolder)} port=${port} user=${SUPERUSER}`,
    primary_slot_name: SLOT,
    unix_socket_directories: folder,
  });
  const ask = async (question: string, values: unknown[] = []): Promise<unknown> => {
    const client = new Client({ host: folder, port, user: SUPERUSER, database: "postgres" });
    // Without a listener, a session that the server ends would end this process.
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query(question, values)).rows[0].answer;
    } finally {
      await client.end();
    }
  };
  try {
    await whenUp(running, async () => {
      await ask("SELECT 1 AS answer");
    });
  } catch (error) {
    await running.stop();
    throw error;
  }
  const caughtUp = async () => {
    const primary = await server.connect({ user: SUPERUSER });
    const { rows } = await primary.query("SELECT pg_current_wal_flush_lsn()::text AS at");
    await primary.end();
    while ((await ask("SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS answer", [rows[0].at])) !== true) {
      await pause(10);
    }
  };
  return { socketFolder: folder, port, caughtUp, stop: () => running.stop() };
}

function copyData(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => {
      const [top = "", ...inner] = relative(from, source).split(sep);
      if (inner.length > 0 && NOT_COPIED.includes(top)) return false;
      return !/^(postmaster\.(pid|opts)|pg_internal\.init.*)$/.test(inner.at(-1) ?? top);
    },
  });
}

/** A value of libpq's connection strings. */
function inConnectionString(value: string): string {
  return `'${value.replace(/[\\']/g, "\\$&")}'`;
}
