import { createServer } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Pool } from "pg";
import { createPool, type DatabasePoolOptions, withConnection } from "../../board/connection";
import { PoolConnections, tokenExpiry } from "../../board/connection-facts";
import { createAuthority } from "../../lib/certificates";
import { listenOnLoopback } from "../../lib/loopback";
import { SUPERUSER } from "../../model/postgresql/names";
import type { EmbeddedServer } from "../../tools/postgres/embedded-server";
import { eventually } from "../helpers/eventually";
import { APP_USER, databaseSettings, startMigratedServer } from "./board-database";
import { TokenRelay } from "./token-relay";

const TIMEOUT = 60_000;
jest.setTimeout(TIMEOUT);
const before = { ...process.env };

let server: EmbeddedServer;
let relay: TokenRelay;
let pool: Pool;
let pools: Pool[];
let idleErrors: Error[];

beforeAll(async () => {
  server = await startMigratedServer();
}, TIMEOUT);
afterAll(() => server?.stop(), TIMEOUT);
beforeEach(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" });
  relay = await TokenRelay.before(server);
  pools = [];
  idleErrors = [];
  pool = poolOf();
});
afterEach(async () => {
  process.env = { ...before };
  await Promise.all(pools.map((each) => each.end()));
  await relay.stop();
});

function poolOf(options: DatabasePoolOptions = {}, changes: { ca?: string; host?: string } = {}): Pool {
  const made = createPool(
    { ...databaseSettings(server), port: relay.port, ca: relay.ca, ...changes },
    { onIdleError: (error) => idleErrors.push(error), ...options },
  );
  pools.push(made);
  return made;
}

async function superuser(...statements: readonly string[]): Promise<void> {
  const client = await server.connect({ user: SUPERUSER });
  await client.query("SET default_transaction_read_only = off");
  for (const statement of statements) await client.query(statement);
  await client.end();
}

describe("each connection", () => {
  test("logs in with a token for this endpoint and user, the one that the others use too", async () => {
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    for (const client of clients) client.release();
    await pool.query("SELECT 1");
    expect(relay.logins).toHaveLength(3);
    const [{ user, token } = { user: "", token: "" }, ...others] = relay.logins;
    expect(others).toEqual([
      { user, token },
      { user, token },
    ]);
    const { host, searchParams } = new URL(`https://${token}`);
    expect([user, host]).toEqual([APP_USER, `localhost:${relay.port}`]);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      Action: "connect",
      DBUser: APP_USER,
      "X-Amz-Expires": "900",
      "X-Amz-Credential": expect.stringMatching(/^AKIAEXAMPLE\/\d{8}\/eu-west-1\/rds-db\/aws4_request$/),
    });
  });

  test("gives up a statement after five seconds", async () => {
    const { rows } = await pool.query("SHOW statement_timeout");
    expect(rows).toEqual([{ statement_timeout: "5s" }]);
  });

  test("is one of five, and lives for 10 to 15 minutes, in each pool for another time", () => {
    const lifetimes = [pool, poolOf(), poolOf(), poolOf()].map(({ options }) => options.maxLifetimeSeconds);
    for (const lifetime of lifetimes) {
      expect(lifetime).toBeGreaterThanOrEqual(600);
      expect(lifetime).toBeLessThanOrEqual(900);
    }
    expect(new Set(lifetimes).size).toBe(4);
    expect(pool.options.max).toBe(5);
  });

  test("is shown with its number, time, token and encryption until it is closed", async () => {
    const connections = new PoolConnections(pool);
    const start = Date.now();
    await withConnection(pool, async (client) => {
      const facts = connections.of(client);
      expect(facts).toMatchObject({
        number: 1,
        tls: { version: "TLSv1.3", cipher: expect.stringMatching(/^TLS_AES/) },
      });
      expect(facts?.madeAt.getTime()).toBeGreaterThanOrEqual(start);
      const [signedAt] = [Date.now()];
      expect(facts?.tokenExpiresAt?.getTime()).toBeLessThanOrEqual(signedAt + 900_000);
      // A token says whole seconds.
      expect(facts?.tokenExpiresAt?.getTime()).toBeGreaterThan(start + 899_000 - 1);
    });
    expect(connections.all()).toHaveLength(1);
    relay.cut();
    await eventually(() => connections.all().length === 0);
    await pool.query("SELECT 1");
    expect(connections.all()).toMatchObject([{ number: 2 }]);
  });
});

test.each([
  [undefined],
  ["secret"],
  [() => "secret"],
  ["localhost:5432/?Action=connect"],
  ["localhost:5432/?X-Amz-Date=20260101T000000&X-Amz-Expires=900"],
  ["localhost:5432/?X-Amz-Date=20260101T000000Z&X-Amz-Expires=soon"],
])("a password that is no token (%p) has no expiry", (password) => {
  expect(tokenExpiry(password)).toBeUndefined();
});

test("a token ends as many seconds after its signing as it says", () => {
  const token = "db:5432/?Action=connect&X-Amz-Date=20261231T235500Z&X-Amz-Expires=900";
  expect(tokenExpiry(token)).toEqual(new Date("2027-01-01T00:10:00Z"));
});

describe("the server", () => {
  test("is refused when its certificate is another authority's", async () => {
    const { certificate } = await createAuthority();
    await expect(poolOf({}, { ca: certificate }).query("SELECT 1")).rejects.toThrow("certificate");
    expect(relay.logins).toEqual([]);
  });

  test("is refused when its certificate is for another name", async () => {
    await expect(poolOf({}, { host: "127.0.0.1" }).query("SELECT 1")).rejects.toThrow("does not match");
    expect(relay.logins).toEqual([]);
  });

  test("is refused while it is read-only, and taken once it is not", async () => {
    await superuser("ALTER DATABASE board SET default_transaction_read_only = on");
    await expect(pool.query("SELECT 1")).rejects.toMatchObject({ code: "25006" });
    expect(pool.totalCount).toBe(0);
    await superuser("ALTER DATABASE board RESET default_transaction_read_only");
    await pool.query("SELECT 1");
  });

  test("is given up when it does not answer", async () => {
    const silent = await listenOnLoopback(createServer());
    const lost = createPool(
      { ...databaseSettings(server), port: silent.port },
      { connectionTimeoutMillis: 100 },
    );
    await expect(lost.query("SELECT 1")).rejects.toThrow("timeout");
    await lost.end();
    await silent.close();
  });
});

describe("a connection is not used again", () => {
  test("when its server has become read-only", async () => {
    const insert = () =>
      withConnection(pool, (client) =>
        client.query("INSERT INTO messages.messages (submission, text) VALUES (sha256('x'), 'x')"),
      );
    await pool.query("SELECT 1");
    await superuser("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
    await eventually(async () => {
      const { rows } = await pool.query("SHOW transaction_read_only");
      return rows[0].transaction_read_only === "on";
    });
    await expect(insert()).rejects.toMatchObject({ code: "25006" });
    expect(pool.totalCount).toBe(0);
    await superuser("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()");
    await eventually(() =>
      insert().then(
        () => true,
        () => false,
      ),
    );
  });

  test("when a statement on it failed, and is when none did", async () => {
    await withConnection(pool, (client) => client.query("SELECT 1"));
    expect(pool.idleCount).toBe(1);
    const failing = withConnection(pool, async (client) => {
      await client.query("BEGIN");
      await client.query("SELECT 1/0");
    });
    await expect(failing).rejects.toMatchObject({ code: "22012" });
    expect(pool.totalCount).toBe(0);
  });

  test("when the server takes too long", async () => {
    const hasty = poolOf({ query_timeout: 100, onConnect: undefined });
    await expect(withConnection(hasty, (client) => client.query("SELECT pg_sleep(30)"))).rejects.toThrow(
      "timeout",
    );
    await eventually(() => hasty.totalCount === 0);
  });
});

describe("a connection that breaks", () => {
  test("while idle is reported, replaced, and does not end the process", async () => {
    await pool.query("SELECT 1");
    relay.cut();
    await eventually(() => idleErrors.length === 1);
    expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  test("while in use, with or without a statement running, does not end the process", async () => {
    const running = withConnection(pool, (client) => client.query("SELECT pg_sleep(30)"));
    const between = withConnection(pool, async (client) => {
      const ended = new Promise<void>((resolve) => client.on("end", resolve));
      await client.query("SELECT 1");
      relay.cut();
      await ended;
    });
    await expect(running).rejects.toThrow("terminated");
    await between;
    await eventually(() => pool.totalCount === 0);
    expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });
});

describe("after a refused login", () => {
  test("no other is tried for a while, however many ask, and then the first that works opens the way", async () => {
    relay.accepts = false;
    const outcomes: unknown[] = [];
    for (let number = 0; number < 50; number++) {
      await pool.query("SELECT 1").catch(({ code }) => outcomes.push(code));
    }
    expect(outcomes).toEqual(Array(50).fill("28000"));
    // One, unless this machine was held up for longer than the pause.
    expect(relay.logins.length).toBeLessThan(5);
    relay.accepts = true;
    await eventually(() =>
      pool.query("SELECT 1").then(
        () => true,
        () => false,
      ),
    );
  });

  test("the next one gets a token signed anew", async () => {
    relay.accepts = false;
    await expect(pool.query("SELECT 1")).rejects.toMatchObject({ code: "28000" });
    relay.accepts = true;
    await eventually(() =>
      pool.query("SELECT 1").then(
        () => true,
        () => false,
      ),
    );
    const [refused, accepted] = relay.logins;
    expect(accepted?.token).not.toBe(refused?.token);
  });

  test("connections that are open go on", async () => {
    await pool.query("SELECT 1");
    relay.accepts = false;
    await withConnection(pool, async (client) => {
      await expect(pool.query("SELECT 1")).rejects.toMatchObject({ code: "28000" });
      await client.query("SELECT 1");
    });
    expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });
});
