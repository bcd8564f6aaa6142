import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { EmbeddedServer, RestartOptions } from "../../tools/postgres/embedded-server";
import { eventually } from "../helpers/eventually";
import { BoardBundle, type BoardProcess } from "./board-bundle";
import { BoardClient, nonceOf, typedOf } from "./board-client";
import { sql, startMigratedServer } from "./board-database";
import { TokenRelay } from "./token-relay";

const TIMEOUT = 180_000;

let server: EmbeddedServer;
let bundle: BoardBundle;
let relay: TokenRelay;
let board: BoardProcess;
let client: BoardClient;

beforeAll(async () => {
  bundle = new BoardBundle();
  server = await startMigratedServer({ settings: { synchronous_commit: "on" } });
}, TIMEOUT);
afterAll(async () => {
  await server?.stop();
  bundle?.remove();
}, TIMEOUT);
beforeEach(async () => {
  relay = await TokenRelay.before(server);
  board = await bundle.start(bundle.variables(relay));
  client = new BoardClient(board.url);
}, TIMEOUT);
afterEach(async () => {
  await board.kill();
  await relay.stop();
});

async function storedTexts(): Promise<string[]> {
  const rows = await sql(server, "SELECT text FROM messages.messages");
  return rows.map(({ text }) => String(text));
}

/** People who add messages, one after the other, and press Add again when that fails. */
class Load {
  readonly acknowledged: string[] = [];
  readonly refused: number[] = [];
  private readonly people: Promise<void>[];
  private going = true;

  constructor(people: number) {
    this.people = Array.from({ length: people }, (_, person) => this.write(person));
  }

  async stop(): Promise<void> {
    this.going = false;
    await Promise.all(this.people);
  }

  private async write(person: number): Promise<void> {
    for (let number = 0; this.going; number++) {
      const message = {
        nonce: crypto.randomUUID(),
        text: `person ${person}, message ${number}, ${Math.random()}`,
      };
      while (this.going) {
        const { status } = await client.post(message);
        if (status === 303) {
          this.acknowledged.push(message.text);
          break;
        }
        this.refused.push(status);
        await pause(20);
      }
    }
  }
}

describe("no message that was acknowledged is lost or doubled, and the board is never restarted", () => {
  test.each<[string, RestartOptions]>([
    ["restarts", { mode: "fast" }],
    ["is away for a while", { mode: "fast", downFor: 1_500 }],
    ["crashes", { mode: "immediate" }],
    ["crashes and is away for a while", { mode: "immediate", downFor: 1_500 }],
  ])(
    "when the database %s under load",
    async (_, options) => {
      const load = new Load(8);
      await eventually(() => load.acknowledged.length > 50);
      await server.restart(options);
      const before = load.acknowledged.length;
      await eventually(() => load.acknowledged.length > before + 50);
      await load.stop();
      const stored = await storedTexts();
      const counts = new Map<string, number>();
      for (const text of stored) counts.set(text, (counts.get(text) ?? 0) + 1);
      expect(load.acknowledged.filter((text) => counts.get(text) !== 1)).toEqual([]);
      expect([...counts.values()].filter((count) => count > 1)).toEqual([]);
      // What could not be stored was said to be so: there is no other answer.
      expect(load.refused.filter((status) => status !== 503)).toEqual([]);
      expect(board.ended).toBeUndefined();
    },
    TIMEOUT,
  );

  test(
    "when a failover leads to a read-only server first",
    async () => {
      const load = new Load(4);
      await eventually(() => load.acknowledged.length > 20);
      relay.readOnly = true;
      relay.cut();
      await eventually(() => load.refused.length > 10);
      const ready = await client.get("/readyz");
      expect([ready.status, await ready.text()]).toEqual([
        503,
        "The database is read-only: a failover may be under way.",
      ]);
      relay.readOnly = false;
      const before = load.acknowledged.length;
      await eventually(() => load.acknowledged.length > before + 20);
      await load.stop();
      const stored = await storedTexts();
      expect(load.acknowledged.filter((text) => stored.filter((each) => each === text).length !== 1)).toEqual(
        [],
      );
      expect(new Set(load.refused)).toEqual(new Set([503]));
      expect(board.ended).toBeUndefined();
    },
    TIMEOUT,
  );
});

test(
  "while the database is down the board says so, keeps the text, and takes it afterwards",
  async () => {
    const nonce = await client.nonce();
    const message = { nonce, text: 'kept "as it is" <b>&amp;</b>' };
    const restart = server.restart({ downFor: 4_000 });
    await eventually(async () => (await client.get("/readyz")).status === 503);
    const response = await client.post(message);
    const html = await response.text();
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(html).toMatch(/role="alert">\s*<h2>The database cannot be reached\.<\/h2>/);
    expect(html).toContain("press Add again");
    expect([nonceOf(html), typedOf(html)]).toEqual([nonce, message.text]);
    expect((await client.get()).status).toBe(503);
    expect((await client.get("/livez")).status).toBe(200);
    await restart;
    await eventually(async () => (await client.get("/readyz")).status === 200);
    expect((await client.post(message)).status).toBe(303);
    expect((await storedTexts()).filter((text) => text === message.text)).toHaveLength(1);
  },
  TIMEOUT,
);

test(
  "a connection that was cut without a word costs nobody an error",
  async () => {
    await Promise.all(Array.from({ length: 5 }, () => client.get()));
    relay.cut();
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await client.get()).status));
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
  },
  TIMEOUT,
);
