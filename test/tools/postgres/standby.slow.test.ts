import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { Client } from "pg";
import { SUPERUSER } from "../../../model/postgresql/names";
import { type EmbeddedServer, startServer } from "../../../tools/postgres/embedded-server";
import { availableVersions } from "../../../tools/postgres/server-binaries";
import { type Standby, startStandby } from "../../../tools/postgres/standby";
import { eventually } from "../../helpers/eventually";
import { testUnless } from "../../helpers/skip";

describe.each(availableVersions())("a standby of PostgreSQL $version", ({ version, unavailable }) => {
  let server: EmbeddedServer | undefined;
  let standby: Standby | undefined;
  beforeAll(async () => {
    if (unavailable !== undefined) return;
    server = await startServer({ version, socketOnly: true });
    const writer = await server.connect({ user: SUPERUSER });
    await writer.query("CREATE TABLE old (id int); INSERT INTO old VALUES (1)");
    await writer.end();
    standby = await startStandby(server);
  }, 120_000);
  afterAll(async () => {
    await standby?.stop();
    await server?.stop();
  });

  /** The rows of a statement on either, by the superuser, whom nothing but a standby keeps from writing. */
  async function rows(on: Pick<Standby, "socketFolder" | "port"> | undefined, sql: string) {
    const client = new Client({
      host: on?.socketFolder,
      port: on?.port,
      user: SUPERUSER,
      database: "postgres",
    });
    await client.connect();
    try {
      return [await client.query(sql)].flat().at(-1)?.rows;
    } finally {
      await client.end();
    }
  }

  testUnless(unavailable, "has what was there before it, and soon what is written later", async () => {
    expect(await rows(standby, "SELECT id FROM old")).toEqual([{ id: 1 }]);
    await rows(server, "CREATE ROLE later; CREATE TABLE new AS SELECT generate_series(1, 10000) AS id");
    await standby?.caughtUp();
    expect(await rows(standby, "SELECT count(*)::int, 'later'::regrole::text AS role FROM new")).toEqual([
      { count: 10000, role: "later" },
    ]);
  });

  testUnless(
    unavailable,
    "keeps up with a server that has restarted",
    async () => {
      await server?.restart({ mode: "immediate" });
      // Its slot keeps for it what it has not replayed.
      const slot = "SELECT active FROM pg_replication_slots WHERE slot_name = 'standby'";
      await eventually(async () => (await rows(server, slot))?.[0]?.active === true);
      await rows(server, "INSERT INTO old VALUES (2)");
      await standby?.caughtUp();
      expect(await rows(standby, "SELECT count(*)::int FROM old")).toEqual([{ count: 2 }]);
    },
    60_000,
  );

  testUnless(unavailable, "is written to by nobody, not even by who says that it is to be", async () => {
    const refused = { code: "25006" };
    for (const sql of [
      "INSERT INTO old VALUES (3)",
      "CREATE TABLE other ()",
      "CREATE TEMPORARY TABLE other ()",
      "CREATE ROLE other",
      "SELECT set_config('default_transaction_read_only', 'off', false); INSERT INTO old VALUES (3)",
    ]) {
      await expect(rows(standby, sql)).rejects.toMatchObject(refused);
    }
    for (const sql of ["BEGIN READ WRITE", "SET transaction_read_only = off"]) {
      await expect(rows(standby, sql)).rejects.toThrow(
        "cannot set transaction read-write mode during recovery",
      );
    }
    expect(await rows(server, "SELECT count(*)::int FROM old WHERE id = 3")).toEqual([{ count: 0 }]);
  });

  testUnless(unavailable, "leaves nothing behind, and the server goes on", async () => {
    await standby?.stop();
    expect(existsSync(standby?.socketFolder ?? "")).toBe(false);
    expect(await rows(server, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
});
