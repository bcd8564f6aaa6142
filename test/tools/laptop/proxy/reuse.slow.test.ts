import { once } from "node:events";
import { expect, test } from "@jest/globals";
import type { Client } from "pg";
import { REQUEST } from "../../../../tools/protocol/startup-packet";
import { eventually } from "../../../helpers/eventually";
import { answer, logIn, message, packet, startup, tcp, tls, until } from "../../protocol/wire";
import { TIMEOUT, useProxy } from "./fixture";

const fixture = useProxy();

const pidOf = async (client: Client): Promise<number> =>
  (await client.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;

/** A client that speaks the protocol itself, and the process of its session. */
async function wire() {
  const client = await tls(fixture);
  const said = await logIn(fixture, client);
  client.write(message("Q", "SELECT pg_backend_pid()\0"));
  const row = (await until(client, "Z")).find(({ type }) => type === "D");
  return { client, said, pid: row?.bytes.toString("latin1", 11) ?? "" };
}

/** Sessions that a user has at the cluster. */
async function sessions(user = "orders_api"): Promise<string[]> {
  const superuser = await fixture.server.connect({ user: "rdsadmin" });
  const query = "SELECT pid::text FROM pg_stat_activity WHERE usename = $1";
  const { rows } = await superuser.query(query, [user]);
  await superuser.end();
  return rows.map(({ pid }) => pid);
}

test("the next client of the same user has the session of the one before, as after a login of its own", async () => {
  const first = await fixture.connect();
  const pid = await pidOf(first);
  await first.end();
  const next = await fixture.connect();
  expect(await pidOf(next)).toBe(pid);
  // Two at once have one each.
  const other = await fixture.connect();
  expect(await pidOf(other)).not.toBe(pid);
  await next.end();
  await other.end();
});

test("no session is ever shared between users, databases or settings", async () => {
  const first = await fixture.connect();
  const pid = await pidOf(first);
  await first.end();
  const admin = await fixture.server.connect();
  await admin.query("CREATE DATABASE other");
  for (const changes of [{ user: "billing" }, { database: "other" }, { application_name: "mine" }]) {
    const client = await fixture.connect(changes);
    expect(await pidOf(client)).not.toBe(pid);
    const { rows } = await client.query(
      "SELECT session_user AS user, current_database() AS database, current_setting('application_name') AS name",
    );
    expect(rows).toEqual([{ user: "orders_api", database: "postgres", name: "", ...named(changes) }]);
    await client.end();
  }
  const again = await fixture.connect();
  expect(await pidOf(again)).toBe(pid);
  await again.end();
});

const named = ({
  application_name,
  ...changes
}: {
  application_name?: string;
  user?: string;
  database?: string;
}) => ({
  ...changes,
  ...(application_name !== undefined && { name: application_name }),
});

/** What a session can be left with, and what its next client must see of it: the same as in a new session. */
const LEFT: readonly (readonly [string, readonly string[], string])[] = [
  [
    "settings",
    ["SET search_path = pg_catalog", "SET timezone = 'Asia/Tokyo'"],
    "SELECT current_setting('search_path') || current_setting('timezone')",
  ],
  [
    "a setting of its own",
    ["SET app.customer = '42'"],
    "SELECT coalesce(current_setting('app.customer', true), '')",
  ],
  ["another role", ["SET ROLE services"], "SELECT current_user"],
  [
    "temporary tables",
    ["CREATE TEMPORARY TABLE left_behind ()"],
    "SELECT to_regclass('pg_temp.left_behind')",
  ],
  ["prepared statements", ["PREPARE left_behind AS SELECT 1"], "SELECT count(*) FROM pg_prepared_statements"],
  [
    "advisory locks",
    ["SELECT pg_advisory_lock(42)"],
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'",
  ],
  ["channels it listens on", ["LISTEN left_behind"], "SELECT count(*) FROM pg_listening_channels()"],
  [
    "cursors",
    ["BEGIN", "DECLARE left_behind CURSOR WITH HOLD FOR SELECT 1", "COMMIT"],
    "SELECT count(*) FROM pg_cursors WHERE name <> ''",
  ],
  ["what sequences gave", ["SELECT nextval('left_behind')"], "SELECT left_behind_value()"],
];

test.each(LEFT)("%s of a client are gone for the next", async (_, statements, seen) => {
  await prepared();
  const first = await fixture.connect();
  const fresh = (await first.query(seen)).rows;
  const pid = await pidOf(first);
  for (const statement of statements) await first.query(statement);
  expect((await first.query(seen)).rows).not.toEqual(fresh);
  await first.end();
  const next = await fixture.connect();
  expect(await pidOf(next)).toBe(pid);
  expect((await next.query(seen)).rows).toEqual(fresh);
  await next.end();
});

/** A sequence, and a function that says what the session got from it last. */
async function prepared(): Promise<void> {
  const superuser = await fixture.server.connect({ user: "rdsadmin" });
  await superuser.query(`
    GRANT TEMPORARY ON DATABASE postgres TO orders_api;
    GRANT services TO orders_api;
    CREATE SEQUENCE IF NOT EXISTS left_behind;
    GRANT ALL ON SEQUENCE left_behind TO PUBLIC;
    CREATE OR REPLACE FUNCTION left_behind_value() RETURNS text LANGUAGE plpgsql AS
      $$ BEGIN RETURN currval('left_behind'); EXCEPTION WHEN OTHERS THEN RETURN 'none'; END $$`);
  await superuser.end();
}

test("statements of the protocol are gone for the next, too, and what was reported is reported anew", async () => {
  const first = await wire();
  first.client.write(message("P", "left behind\0SELECT 1\0\0\0"));
  first.client.write(message("S", ""));
  await until(first.client, "Z");
  first.client.write(message("Q", "SET timezone = 'Asia/Tokyo'\0"));
  expect((await until(first.client, "Z")).map(({ type }) => type)).toContain("S");
  first.client.end(message("X", ""));
  const { client, said, pid } = await wire();
  expect(pid).toBe(first.pid);
  const zone = said.find(({ type, bytes }) => type === "S" && bytes.includes("TimeZone"));
  expect(zone?.bytes.toString()).not.toContain("Tokyo");
  expect(said.at(-1)?.bytes.toString("latin1", 5)).toBe("I");
  client.write(message("Q", "SELECT count(*) FROM pg_prepared_statements\0"));
  const row = (await until(client, "Z")).find(({ type }) => type === "D");
  expect(row?.bytes.toString("latin1", 11)).toBe("0");
  client.end(message("X", ""));
});

/** How a client can leave, and what it was at. */
const LEAVING: readonly (readonly [string, (client: Awaited<ReturnType<typeof tls>>) => void])[] = [
  ["in a transaction", (client) => client.write(message("Q", "BEGIN; CREATE TABLE half_done ()\0"))],
  ["in a transaction that failed", (client) => client.write(message("Q", "BEGIN; SELECT 1 / 0\0"))],
];

test.each(LEAVING)(
  "the session of a client that leaves %s ends, and what it did is undone",
  async (_, does) => {
    const superuser = await fixture.server.connect({ user: "rdsadmin" });
    await superuser.query("GRANT CREATE ON SCHEMA public TO orders_api");
    for (const leave of ["terminate", "end", "destroy"] as const) {
      const { client, pid } = await wire();
      does(client);
      await until(client, "Z");
      if (leave === "terminate") client.end(message("X", ""));
      else client[leave]();
      await eventually(async () => !(await sessions()).includes(pid));
      expect((await superuser.query("SELECT to_regclass('half_done') AS left")).rows).toEqual([
        { left: null },
      ]);
    }
    await superuser.end();
  },
);

test("what a client asked right before it said goodbye is done, as by PostgreSQL", async () => {
  const superuser = await fixture.server.connect({ user: "rdsadmin" });
  await superuser.query("CREATE TABLE goodbyes (); GRANT ALL ON goodbyes TO orders_api");
  const client = await tls(fixture);
  await logIn(fixture, client);
  client.write(
    Buffer.concat([
      message("Q", "SELECT pg_sleep(0.1); INSERT INTO goodbyes DEFAULT VALUES\0"),
      message("X", ""),
    ]),
  );
  await eventually(async () => (await superuser.query("SELECT FROM goodbyes")).rowCount === 1);
  await superuser.end();
});

test("half a message of a client that is gone is never completed", async () => {
  const superuser = await fixture.server.connect({ user: "rdsadmin" });
  await superuser.query("CREATE TABLE halves (); GRANT ALL ON halves TO orders_api");
  const whole = message("Q", "INSERT INTO halves DEFAULT VALUES; --\0");
  for (const missing of [1, 4, 5, 6, whole.length - 4, whole.length - 1]) {
    const { client, pid } = await wire();
    client.end(whole.subarray(0, whole.length - missing));
    await once(client.resume(), "close");
    await eventually(async () => !(await sessions()).includes(pid));
  }
  expect((await superuser.query("SELECT FROM halves")).rowCount).toBe(0);
  await superuser.end();
});

test("messages of the extended protocol without a Sync do not reach the next client", async () => {
  const client = await tls(fixture);
  await logIn(fixture, client);
  client.end(Buffer.concat([message("P", "left\0SELECT 1\0\0\0"), message("H", "")]));
  await once(client.resume(), "close");
  const next = await fixture.connect();
  expect((await next.query("SELECT FROM pg_prepared_statements")).rowCount).toBe(0);
  await next.end();
});

test("requests to cancel are not taken, and the key that a client gets is no session's", async () => {
  const client = await tls(fixture);
  const key =
    (await logIn(fixture, client)).find(({ type }) => type === "K")?.bytes.subarray(5) ?? Buffer.alloc(8);
  client.write(message("Q", "SELECT pg_sleep(0.5)\0"));
  for (const open of [tcp, tls]) {
    expect(await answer(await open(fixture), packet(REQUEST.cancel, key))).toBe("");
    expect(fixture.log.splice(0)).toEqual([expect.stringContaining("takes no requests to cancel")]);
  }
  // Not at the cluster, either.
  expect(await answer(await tcp({ gateway: fixture.cluster }), packet(REQUEST.cancel, key))).toBe("");
  expect((await until(client, "Z")).map(({ type }) => type)).not.toContain("E");
  client.end(message("X", ""));
});

test("a session that the server ends while nobody has it is not given to anybody", async () => {
  const client = await fixture.connect();
  const pid = await pidOf(client);
  await client.end();
  const superuser = await fixture.server.connect({ user: "rdsadmin" });
  await superuser.query("SELECT pg_terminate_backend($1)", [pid]);
  await superuser.end();
  const next = await fixture.connect();
  expect(await pidOf(next)).not.toBe(pid);
  await next.end();
});

test(
  "protocol 3.2 is not spoken, and a packet without a user is refused",
  async () => {
    const later = startup("user", "orders_api");
    later.writeUInt16BE(2, 6);
    expect(await answer(await tls(fixture), later)).toBe(
      "FATAL 0A000: Feature not supported: RDS Proxy supports only version 3.0 of the PostgreSQL messaging protocol.",
    );
    expect(await answer(await tls(fixture), startup("database", "postgres"))).toContain("28000");
  },
  TIMEOUT,
);
