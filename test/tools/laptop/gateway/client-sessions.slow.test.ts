import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Client } from "pg";
import { eventually } from "../../../helpers/eventually";
import { run } from "../../../helpers/run";
import { testUnless } from "../../../helpers/skip";
import { copiedThereAndBack, logIn, message, next, tls } from "../../protocol/wire";
import { TIMEOUT, useFixture } from "./fixture";

const fixture = useFixture();
let superuser: Client;
beforeAll(async () => {
  superuser = await fixture.server.connect({ user: "rdsadmin" });
  await superuser.query("CREATE TABLE copied (line text); GRANT ALL ON copied TO orders_api");
}, TIMEOUT);

const sessions = async (condition: string) =>
  (await superuser.query(`SELECT FROM pg_stat_activity WHERE usename = 'orders_api' AND ${condition}`))
    .rowCount;

test(
  "fifty clients at once each get their own session",
  async () => {
    const clients = await Promise.all(Array.from({ length: 50 }, () => fixture.connect()));
    const answers = await Promise.all(
      clients.map((client, index) =>
        client.query("SELECT $1::int AS index, pg_backend_pid() AS pid", [index]),
      ),
    );
    expect(answers.map(({ rows }) => rows[0].index)).toEqual([...answers.keys()]);
    expect(new Set(answers.map(({ rows }) => rows[0].pid)).size).toBe(50);
    await Promise.all(clients.map((client) => client.end()));
    await eventually(async () => (await sessions("true")) === 0);
  },
  TIMEOUT,
);

test(
  "a large result comes whole",
  async () => {
    const client = await fixture.connect();
    const { rows } = await client.query("SELECT md5(n::text) AS line FROM generate_series(1, 200000) AS n");
    expect(rows).toHaveLength(200_000);
    await client.end();
  },
  TIMEOUT,
);

/** Bytes in buffers of this process, which holds both the client and the gateway. */
function buffered(): number {
  return process.memoryUsage().arrayBuffers;
}

test(
  "a reader that stops makes the server wait: nothing piles up in between",
  async () => {
    const client = await tls(fixture);
    await logIn(fixture, client);
    client.write(message("Q", "SELECT repeat('x', 1000000) FROM generate_series(1, 10000)\0"));
    await next(client);
    client.pause();
    const before = buffered();
    // Ten gigabytes are on their way. Without back-pressure a second brings hundreds of megabytes of them here.
    await pause(1000);
    expect(await sessions("wait_event = 'ClientWrite'")).toBe(1);
    expect(buffered() - before).toBeLessThan(32 << 20);
    client.destroy();
    await eventually(async () => (await sessions("true")) === 0);
  },
  TIMEOUT,
);

test(
  "a server that does not read makes the writer wait",
  async () => {
    const client = await tls(fixture);
    await logIn(fixture, client);
    client.write(message("Q", "SELECT pg_sleep(600)\0"));
    const chunk = message("Q", `SELECT '${"x".repeat(1 << 20)}'\0`);
    let sent = 0;
    // The kernel's buffers take some megabytes, on both sides of the gateway.
    while (sent < 256 && client.write(chunk)) sent++;
    const drained = await Promise.race([
      (async () => {
        for (; sent < 256; sent++) {
          if (!client.write(chunk)) await new Promise((resolve) => client.once("drain", resolve));
        }
        return true;
      })(),
      eventually(async () => client.writableLength > 0 && (await stalls(client))).then(() => false),
    ]);
    expect(drained).toBe(false);
    client.destroy();
    await superuser.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'orders_api'",
    );
  },
  TIMEOUT,
);

/** True when a writer has made no progress for a while. */
async function stalls(client: { readonly bytesWritten: number; readonly writableLength: number }) {
  const progress = () => client.bytesWritten - client.writableLength;
  const before = progress();
  await pause(500);
  return progress() === before;
}

test(
  "COPY works in both directions",
  async () => {
    const client = await tls(fixture);
    await logIn(fixture, client);
    const lines = Buffer.from(
      Array.from({ length: 20_000 }, () => `${randomBytes(60).toString("hex")}\n`).join(""),
    );
    expect((await copiedThereAndBack(client, "copied", lines)).equals(lines)).toBe(true);
    client.destroy();
  },
  TIMEOUT,
);

test(
  "a client that hangs up in the middle of a result leaves no session behind",
  async () => {
    const client = await tls(fixture);
    await logIn(fixture, client);
    client.write(message("Q", "SELECT repeat('x', 1000), generate_series(1, 100000000)\0"));
    await next(client);
    client.destroy();
    await eventually(async () => (await sessions("true")) === 0);
  },
  TIMEOUT,
);

test(
  "a session that the server ends hears why",
  async () => {
    const client = await fixture.connect();
    const error = new Promise((resolve) => client.once("error", resolve));
    await superuser.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'orders_api'",
    );
    expect(await error).toMatchObject({ code: "57P01" });
  },
  TIMEOUT,
);

describe.each(["fast", "immediate"] as const)("a %s restart of the server", (mode) => {
  test(
    "ends the query that runs, turns clients away while it lasts, and is over without a restart of the gateway",
    async () => {
      const client = await fixture.connect();
      const query = client.query("SELECT pg_sleep(600)").then(() => "done", String);
      await eventually(async () => (await sessions("wait_event = 'PgSleep'")) === 1);
      const restarted = fixture.server.restart({ mode, downFor: 500 });
      expect(await query).toMatch(/terminat/);
      await expect(fixture.connect()).rejects.toMatchObject({ code: "57P03" });
      expect(fixture.log[0]).toContain("the server behind");
      await restarted;
      const again = await fixture.connect();
      expect((await again.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
      superuser = await fixture.server.connect({ user: "rdsadmin" });
    },
    TIMEOUT,
  );
});

testUnless(
  run("psql", ["--version"]).status === 0 ? undefined : "psql is not installed",
  "psql connects with verify-full, by token and by password, but cannot insist on channel binding",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "psql-"));
    const caFile = join(folder, "ca.pem");
    writeFileSync(caFile, fixture.ca);
    const psql = async (user: string, password: string, settings = "") => {
      const target = `host=localhost port=${fixture.gateway.port} dbname=postgres user=${user} ${settings}`;
      const env = {
        PATH: process.env.PATH,
        PGSSLMODE: "verify-full",
        PGSSLROOTCERT: caFile,
        PGPASSWORD: password,
      };
      const { stdout } = await promisify(execFile)("psql", [target, "-XAtc", "SELECT session_user"], { env });
      return stdout.trim();
    };
    const token = await fixture.token(fixture.iam.credentials("orders_api"));
    expect(await psql("orders_api", token)).toBe("orders_api");
    expect(await psql("postgres", fixture.server.adminPassword)).toBe("postgres");
    await expect(psql("orders_api", "hunter2")).rejects.toThrow("PAM authentication failed");
    // The server behind sees no TLS, to which a password could be bound.
    await expect(psql("postgres", fixture.server.adminPassword, "channel_binding=require")).rejects.toThrow(
      "channel binding",
    );
    rmSync(folder, { recursive: true });
  },
  TIMEOUT,
);
