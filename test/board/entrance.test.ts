import { describe, expect, test } from "@jest/globals";
import type { Hono } from "hono";
import { type AppOptions, createApp } from "../../board/app";
import { networkOf } from "../../board/rate-limit";

const down = () => Promise.reject(new Error("no database"));
const logged: Record<string, unknown>[] = [];
const board = (options: Partial<AppOptions> = {}) =>
  createApp({
    store: {
      page: async () => ({
        messages: [],
        more: false,
        server: { version: "17", user: "u", connections: [] },
      }),
      add: down,
      check: async () => undefined,
    },
    identity: { host: "db.example", port: 5432, database: "d", user: "u" },
    log: (event, fields) => logged.push({ event, ...fields }),
    ...options,
  });
const asked = (app: Hono, host: string, path = "/", headers: Record<string, string> = {}) =>
  app.request(path, { headers: { Host: host, ...headers } });

describe("the board answers", () => {
  const app = board({ hosts: ["board.example", "board"] });

  test.each([
    "board.example",
    "board.example:8080",
    "BOARD.Example",
    "board.example.",
    "board",
    "localhost",
    "localhost:8080",
    "web.localhost:1",
    "127.0.0.1:8080",
    "10.40.3.7",
    "[::1]:8080",
    "[2001:db8::7]",
  ])("to %s", async (host) => {
    expect((await asked(app, host)).status).toBe(200);
  });

  test.each([
    "evil.example",
    "board.example.evil.example",
    "evil-board.example",
    "x.board.example",
    "localhost.evil.example",
    "evillocalhost",
    "127.0.0.1.evil.example",
    "10.40.3.7.nip.io",
    "board.example@evil.example",
    "evil.example#board.example",
    "evil.example/board.example",
    "evil.example\\board.example",
    "board.example, evil.example",
    "",
    ":8080",
    "[::1",
  ])("not to a page that has its address by the name of %j", async (host) => {
    const response = await asked(app, host);
    expect(response.status).toBe(421);
    expect(await response.text()).toContain("The board is not known by this name");
    const form = new URLSearchParams({ text: "mine" });
    const headers = { Host: host, Origin: `http://${host}` };
    expect((await app.request("/messages", { method: "POST", body: form, headers })).status).toBe(421);
  });

  test("to probes by any name, and with what its pages look like", async () => {
    for (const path of ["/livez", "/readyz", "/style.css", "/icon.svg"]) {
      expect([path, (await asked(app, "10.40.3.7:8080", path)).status]).toEqual([path, 200]);
      expect([path, (await asked(app, "evil.example", path)).status]).toEqual([path, 200]);
    }
    expect((await app.request("/livez")).status).toBe(200);
  });

  test("and its log says which name it did not know", async () => {
    await asked(app, "new-name.example");
    expect(logged.at(-1)).toMatchObject({ event: "request", status: 421, host: "new-name.example" });
    await asked(app, "board.example");
    expect(logged.at(-1)).not.toHaveProperty("host");
  });
});

describe("who asks too often", () => {
  const by = (address: string) => ({ "X-Forwarded-For": address });
  /** Statuses of so many requests in a row. */
  const times = async (app: Hono, count: number, headers: Record<string, string> = {}) => {
    const statuses: number[] = [];
    for (let n = 0; n < count; n++) statuses.push((await asked(app, "localhost", "/", headers)).status);
    return statuses;
  };
  const refused = (statuses: readonly number[]) => statuses.filter((status) => status === 429).length;

  test("is told when to come again, and is answered then", async () => {
    let now = 0;
    const app = board({ limits: { client: 3, all: 100 }, now: () => now });
    expect(await times(app, 4)).toEqual([200, 200, 200, 429]);
    const response = await asked(app, "localhost");
    expect(response.headers.get("Retry-After")).toBe("20");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(await response.text()).toContain("That was too often");
    now = 19_999;
    expect(await times(app, 1)).toEqual([429]);
    now = 20_000;
    expect(await times(app, 2)).toEqual([200, 429]);
    // Nobody saves up more than the limit.
    now = 3_600_000;
    expect(await times(app, 4)).toEqual([200, 200, 200, 429]);
  });

  test("is one client, and others are answered", async () => {
    const app = board({ limits: { client: 2, all: 100 }, proxies: 1, now: () => 0 });
    expect(refused(await times(app, 5, by("192.0.2.1")))).toBe(3);
    expect(refused(await times(app, 2, by("192.0.2.2")))).toBe(0);
  });

  test("leaves what is there for all to the others", async () => {
    const app = board({ limits: { client: 2, all: 3 }, proxies: 1, now: () => 0 });
    await times(app, 50, by("192.0.2.1"));
    expect(await times(app, 2, by("192.0.2.2"))).toEqual([200, 429]);
  });

  test("cannot be another client by what it says of itself", async () => {
    const direct = board({ limits: { client: 2, all: 100 }, now: () => 0 });
    for (const n of [1, 2]) await asked(direct, "localhost", "/", by(`192.0.2.${n}`));
    expect((await asked(direct, "localhost", "/", by("192.0.2.3"))).status).toBe(429);
    const behind = board({ limits: { client: 2, all: 100 }, proxies: 1, now: () => 0 });
    for (const n of [1, 2]) await asked(behind, "localhost", "/", by(`192.0.2.${n}, 203.0.113.9`));
    expect((await asked(behind, "localhost", "/", by("192.0.2.3,203.0.113.9"))).status).toBe(429);
    const behindTwo = board({ limits: { client: 1, all: 100 }, proxies: 2, now: () => 0 });
    await asked(behindTwo, "localhost", "/", by("1.1.1.1, 203.0.113.9, 10.0.0.1"));
    expect((await asked(behindTwo, "localhost", "/", by("2.2.2.2, 203.0.113.9, 10.0.0.2"))).status).toBe(429);
  });

  test("is forgotten once so many others were seen since, so that nobody fills the memory", async () => {
    const app = board({ limits: { client: 1, all: 1_000 }, proxies: 1, mostClients: 10, now: () => 0 });
    let seen = 0;
    const others = async (count: number) => {
      for (let n = 0; n < count; n++) await asked(app, "localhost", "/nothing", by(`10.0.0.${seen++}`));
    };
    expect(await times(app, 1, by("192.0.2.1"))).toEqual([200]);
    for (const again of [1, 2]) {
      await others(9);
      expect([again, await times(app, 1, by("192.0.2.1"))]).toEqual([again, [429]]);
    }
    await others(10);
    expect(await times(app, 1, by("192.0.2.1"))).toEqual([200]);
  });

  test("is never told to come again too early", async () => {
    const app = board({ limits: { client: 7, all: 100 }, now: () => 0 });
    await times(app, 7);
    expect((await asked(app, "localhost")).headers.get("Retry-After")).toBe("9");
  });

  test("is not counted for probes and the style sheet", async () => {
    const app = board({ limits: { client: 1, all: 1 }, now: () => 0 });
    await times(app, 2);
    for (const path of ["/livez", "/readyz", "/style.css", "/icon.svg"]) {
      expect([path, (await asked(app, "localhost", path)).status]).toEqual([path, 200]);
    }
  });

  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::FFFF:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:0DB8:0001:0002::9", "2001:db8:1:2"],
    ["2001:db8::9", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["1:2:3::", "1:2:3:0"],
    ["x".repeat(1000), "x".repeat(64)],
    ["", ""],
  ])("by the address %s is known as %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

test("the first line of the page says an endpoint of RDS by its name, and that a lost connection is one", async () => {
  const host = "dev.cluster-c4m7k2q9x1zz.eu-west-1.rds.amazonaws.com";
  const identity = { host, port: 5432, database: "d", user: "u" };
  const line = async (options: Partial<AppOptions>) => {
    const html = await (await asked(board({ identity, ...options }), "localhost")).text();
    return /<header>[\s\S]*?<\/header>/
      .exec(html)?.[0]
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll(/\s+/g, " ");
  };
  const unsigned = { number: 1, madeAt: new Date(), tls: { version: "TLSv1.3", cipher: "x" } };
  const connection = {
    number: 1,
    madeAt: new Date(),
    tokenExpiresAt: new Date(),
    tls: { version: "TLSv1.3", cipher: "x" },
  };
  const server = { version: "17", user: "u", connection, connections: [] };
  const page = async () => ({ messages: [], more: false, server });
  const store = { page, add: down, check: down };
  expect(await line({ store })).toContain(
    "Connected as u to d at dev.cluster-c4m7k2q9x1zz: IAM token, no password, TLS 1.3.",
  );
  const withoutToken = async () => ({ ...(await page()), server: { ...server, connection: unsigned } });
  expect(await line({ store: { ...store, page: withoutToken } })).toContain(
    ": nobody asked for a token, TLS 1.3.",
  );
  expect(await line({ store: { ...store, page: down } })).toContain(
    "Not connected just now. u logs in to d at dev.cluster-c4m7k2q9x1zz by IAM",
  );
});
