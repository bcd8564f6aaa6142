import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Client } from "pg";
import { readBytes } from "../../../../lib/read-bytes";
import { REQUEST } from "../../../../tools/protocol/startup-packet";
import { eventually } from "../../../helpers/eventually";
import { randomCases } from "../../../helpers/extent";
import {
  answer,
  copiedThereAndBack,
  logIn,
  message,
  next,
  ORDERS,
  packet,
  rest,
  startup,
  tcp,
  tls,
  until,
} from "../../protocol/wire";
import { startProxyFixture, TIMEOUT, useProxy } from "./fixture";

const fixture = useProxy({ sessions: 4, borrowTimeout: 2_000 });
let superuser: Client;
beforeAll(async () => {
  superuser = await fixture.server.connect({ user: "rdsadmin" });
  await superuser.query("CREATE TABLE attacked (line text); GRANT ALL ON attacked TO orders_api, billing");
}, TIMEOUT);

/** Processes of sessions at the cluster that come from the proxy. */
async function pids(): Promise<number[]> {
  const query = "SELECT pid FROM pg_stat_activity WHERE usename IN ('orders_api', 'billing') ORDER BY pid";
  return (await superuser.query(query)).rows.map(({ pid }) => pid);
}

const TOO_LATE = {
  code: "08000",
  message: "Timed-out waiting to acquire database connection",
};

test.each([
  ["a startup packet", ORDERS],
  ["one byte", Buffer.from("x")],
])("%s smuggled in before TLS cuts the client off", async (_, smuggled) => {
  expect(await answer(await tcp(fixture), packet(REQUEST.tls), smuggled)).toBe("");
  expect(fixture.log).toEqual([expect.stringContaining("received unencrypted data")]);
});

test(
  "random bytes before the login reach no session, and harm nobody",
  async () => {
    const before = await pids();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 8, maxLength: 200 }), async (bytes) => {
        const client = await tls(fixture);
        client.end(Buffer.from(bytes));
        await rest(client);
      }),
      randomCases(30),
    );
    expect(await pids()).toEqual(before);
  },
  TIMEOUT,
);

test(
  "random bytes after the login end the session that got them, and the next client sees nothing of it",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("Q", "P", "B", "E", "D", "C", "d", "c", "f", "F", "p", "Z", "\0"),
        fc.uint8Array({ maxLength: 60 }),
        fc.integer({ min: -3, max: 5 }),
        async (type, body, wrong) => {
          const client = await tls(fixture);
          await logIn(fixture, client);
          client.end(
            Buffer.concat([message(type, Buffer.from(body), body.length + 4 + wrong), message("S", "")]),
          );
          await rest(client);
          const other = await fixture.connect();
          expect((await other.query("SELECT txid_current_if_assigned() AS in, 1 AS one")).rows).toEqual([
            { in: null, one: 1 },
          ]);
          await other.end();
        },
      ),
      randomCases(40),
    );
  },
  TIMEOUT,
);

test(
  "two clients at once never get each other's answers",
  async () => {
    const work = async (user: string, index: number) => {
      for (let round = 0; round < 10; round++) {
        const client = await fixture.connect({ user });
        const text = `${user} ${index} ${round}`;
        const { rows } = await client.query("SELECT session_user AS user, $1::text AS text", [text]);
        expect(rows).toEqual([{ user, text }]);
        await client.end();
      }
    };
    const users = ["orders_api", "billing"];
    await Promise.all(Array.from({ length: 12 }, (_, index) => work(users[index % 2] ?? "", index)));
    expect((await pids()).length).toBeLessThanOrEqual(4);
  },
  TIMEOUT,
);

test(
  "when all sessions are in use, who waits is served in turn or told so, and the cluster gets no more",
  async () => {
    const clients = await Promise.all(Array.from({ length: 4 }, () => fixture.connect()));
    const late = fixture.connect({ user: "billing" });
    await expect(late).rejects.toMatchObject(TOO_LATE);
    expect(await pids()).toHaveLength(4);
    const waiting = fixture.connect({ user: "billing" });
    await pause(100);
    await clients[0]?.end();
    const client = await waiting;
    expect((await client.query("SELECT session_user AS user")).rows).toEqual([{ user: "billing" }]);
    for (const each of [...clients.slice(1), client]) await each.end();
  },
  TIMEOUT,
);

test(
  "clients that hang up while they wait take no session",
  async () => {
    const clients = await Promise.all(Array.from({ length: 4 }, () => fixture.connect()));
    for (let count = 0; count < 5; count++) {
      const client = await tls(fixture);
      client.write(startup("user", "orders_api", "database", "postgres"));
      await next(client);
      const { password } = fixture.config();
      client.write(message("p", `${typeof password === "function" ? await password() : ""}\0`));
      client.destroy();
    }
    for (const each of clients) await each.end();
    const again = await Promise.all(Array.from({ length: 4 }, () => fixture.connect()));
    for (const each of again) await each.end();
    expect((await pids()).length).toBeLessThanOrEqual(4);
  },
  TIMEOUT,
);

test(
  "a reader that stops makes the server wait, and its session is not reused when it is killed",
  async () => {
    const client = await tls(fixture);
    await logIn(fixture, client);
    client.write(message("Q", "SELECT repeat('x', 1000000) FROM generate_series(1, 10000)\0"));
    await next(client);
    client.pause();
    const before = process.memoryUsage().arrayBuffers;
    await eventually(async () => {
      const query = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'ClientWrite'";
      return (await superuser.query(query)).rowCount === 1;
    });
    await pause(500);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
    client.destroy();
    await eventually(async () => {
      const query = "SELECT pid FROM pg_stat_activity WHERE usename = 'orders_api' AND state = 'active'";
      return (await superuser.query(query)).rowCount === 0;
    });
  },
  TIMEOUT,
);

test(
  "COPY works in both directions, and one that is broken off leaves nothing",
  async () => {
    const client = await tls(fixture);
    await logIn(fixture, client);
    const lines = Buffer.from(Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join(""));
    expect((await copiedThereAndBack(client, "attacked", lines)).equals(lines)).toBe(true);
    client.write(message("Q", "COPY attacked FROM STDIN\0"));
    await until(client, "G");
    client.end(message("d", "left behind\n"));
    await rest(client);
    const other = await fixture.connect();
    expect((await other.query("SELECT FROM attacked WHERE line = 'left behind'")).rowCount).toBe(0);
    await other.end();
  },
  TIMEOUT,
);

test(
  "a session that the server ends is told of to its client, and is nobody else's",
  async () => {
    const client = await fixture.connect();
    const { pid } = (await client.query("SELECT pg_backend_pid() AS pid")).rows[0];
    const error = new Promise((resolve) => client.once("error", resolve));
    await superuser.query("SELECT pg_terminate_backend($1)", [pid]);
    expect(await error).toMatchObject({ code: "57P01" });
    const other = await fixture.connect();
    expect((await other.query("SELECT pg_backend_pid() AS pid")).rows[0].pid).not.toBe(pid);
    await other.end();
  },
  TIMEOUT,
);

test(
  "a session whose reset fails is nobody else's",
  async () => {
    await superuser.query("GRANT TEMPORARY ON DATABASE postgres TO orders_api");
    const client = await fixture.connect();
    const { pid } = (await client.query("SELECT pg_backend_pid() AS pid")).rows[0];
    await client.query("CREATE TEMPORARY TABLE held (); SET statement_timeout = 200");
    // What drops the table waits for its lock, until the statement has taken too long.
    const holder = await fixture.server.connect({ user: "rdsadmin" });
    const { rows: found } = await holder.query(
      "SELECT relnamespace::regnamespace AS schema FROM pg_class WHERE relname = 'held'",
    );
    await holder.query(`BEGIN; LOCK TABLE ${found[0].schema}.held`);
    await client.end();
    const other = await fixture.connect();
    const { rows } = await other.query(
      "SELECT pg_backend_pid() AS pid, current_setting('statement_timeout') AS timeout",
    );
    expect(rows).toEqual([{ pid: expect.any(Number), timeout: "0" }]);
    expect(rows[0].pid).not.toBe(pid);
    await holder.end();
    await other.end();
  },
  TIMEOUT,
);

test(
  "a restart of the server ends the sessions, and new clients wait until it is back",
  async () => {
    const own = await startProxyFixture();
    const idle = await own.connect({ user: "billing" });
    await idle.end();
    const client = await own.connect();
    const query = client.query("SELECT pg_sleep(600)").then(() => "done", String);
    const restarted = own.server.restart({ mode: "immediate", downFor: 500 });
    expect(await query).toMatch(/terminat/);
    for (const user of ["orders_api", "billing"]) {
      const again = await own.connect({ user });
      expect((await again.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
      await again.end();
    }
    await restarted;
    await own.stop();
  },
  TIMEOUT,
);

test(
  "clients that say nothing before their login are cut off in time, and idle ones after it",
  async () => {
    const own = await startProxyFixture({ authenticationTimeout: 1_000, idleClientTimeout: 1_500 });
    const silent = [await tcp(own), await tls(own)];
    const asked = await tls(own);
    asked.write(ORDERS);
    await next(asked);
    await Promise.all([...silent, asked].map(rest));
    expect(own.log.filter((line) => line.endsWith("not logged in within 1 s"))).toHaveLength(3);
    const busy = await own.connect();
    const idle = await tls(own);
    await logIn(own, idle);
    const cut = once(idle.resume(), "close");
    // Whoever waits for an answer is not idle.
    expect((await busy.query("SELECT pg_sleep(2.5), 1 AS one")).rows[0].one).toBe(1);
    await cut;
    await own.stop();
  },
  TIMEOUT,
);

test(
  "stopping cuts everyone off, also those who wait for a session",
  async () => {
    const own = await startProxyFixture({ sessions: 1 });
    const client = await own.connect();
    const waiting = own.connect().then(() => "connected", String);
    const query = client.query("SELECT pg_sleep(600)").catch(String);
    await pause(100);
    await own.gateway.stop();
    expect(await query).toMatch(/terminated|ECONNRESET/);
    expect(await waiting).not.toBe("connected");
    await own.gateway.stop();
    await own.stop();
  },
  TIMEOUT,
);

test(
  "a certificate of nobody's is not the cluster's: the proxy sends it no token",
  async () => {
    const own = await startProxyFixture({ borrowTimeout: 300 }, { ca: fixture.ca });
    await expect(own.connect()).rejects.toMatchObject(TOO_LATE);
    await own.stop();
  },
  TIMEOUT,
);

test(
  "bytes of the protocol that come in single packets are read as they are",
  async () => {
    const client = await tls(fixture);
    for (const byte of ORDERS) client.write(Buffer.from([byte]));
    await until(client, "R");
    const { password } = fixture.config();
    for (const byte of message("p", `${typeof password === "function" ? await password() : ""}\0`)) {
      client.write(Buffer.from([byte]));
    }
    await until(client, "Z");
    for (const byte of Buffer.concat([message("Q", "SELECT 1\0"), message("X", "")]))
      client.write(Buffer.from([byte]));
    expect((await until(client, "Z")).map(({ type }) => type)).toContain("D");
    client.destroy();
    await readBytes(client, 1).catch(() => undefined);
  },
  TIMEOUT,
);
