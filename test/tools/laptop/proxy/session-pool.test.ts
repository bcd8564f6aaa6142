import { expect, test } from "@jest/globals";
import { ClusterRefusal } from "../../../../tools/laptop/proxy/cluster-refusal";
import {
  type PooledSession,
  type PoolLimits,
  SessionPool,
} from "../../../../tools/laptop/proxy/session-pool";
import type { SessionStart } from "../../../../tools/protocol/startup-packet";

/** A session that says what becomes of it. */
class Session implements PooledSession {
  ended = false;
  spoke: (() => void) | undefined;
  /** What its reset comes to. */
  resets: Promise<boolean> = Promise.resolve(true);

  constructor(readonly user: string) {}

  reset(): Promise<boolean> {
    return this.resets;
  }

  whenItSpeaks(spoke: () => void): void {
    this.spoke = spoke;
  }

  taken(): void {
    this.spoke = undefined;
  }

  async end(): Promise<void> {
    await tick();
    this.ended = true;
  }
}

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
const startOf = (user: string, settings: Readonly<Record<string, string>> = {}): SessionStart => ({
  kind: "session",
  user,
  database: "shop",
  parameters: new Map(Object.entries(settings)),
});
const [ORDERS, BILLING] = [startOf("orders"), startOf("billing")];
const WANTED = new AbortController().signal;

function poolOf(
  limits: Partial<PoolLimits> = {},
  open: (start: SessionStart) => Promise<Session> = async ({ user }) => new Session(user),
) {
  const opened: Session[] = [];
  const pool = new SessionPool<Session>(
    async (start) => {
      const session = await open(start);
      opened.push(session);
      return session;
    },
    { sessions: 2, borrowTimeout: 10_000, idleTimeout: 10_000, ...limits },
  );
  return { pool, opened };
}

test("a session goes to the next client that starts the same way, and to no other", async () => {
  const { pool } = poolOf({ sessions: 9 });
  const named = startOf("orders", { application_name: "shop", timezone: "UTC" });
  const session = await pool.borrow(named, WANTED);
  pool.giveBack(session, named, true);
  for (const other of [
    ORDERS,
    startOf("orders", { application_name: "shop" }),
    { ...named, database: "other" },
  ]) {
    expect(await pool.borrow(other, WANTED)).not.toBe(session);
  }
  expect(await pool.borrow(startOf("orders", { timezone: "UTC", application_name: "shop" }), WANTED)).toBe(
    session,
  );
});

test("a session that is not at rest ends, and so does one that cannot be reset", async () => {
  const { pool, opened } = poolOf({ sessions: 1 });
  pool.giveBack(await pool.borrow(ORDERS, WANTED), ORDERS, false);
  const second = await pool.borrow(ORDERS, WANTED);
  second.resets = Promise.resolve(false);
  pool.giveBack(second, ORDERS, true);
  const third = await pool.borrow(ORDERS, WANTED);
  expect(opened).toEqual([expect.objectContaining({ ended: true }), second, third]);
  expect(second.ended).toBe(true);
});

test("nobody has a session before it is reset", async () => {
  const { pool } = poolOf();
  const session = await pool.borrow(ORDERS, WANTED);
  let reset = (_: boolean) => {};
  session.resets = new Promise((resolve) => {
    reset = resolve;
  });
  pool.giveBack(session, ORDERS, true);
  let had: Session | undefined;
  const borrowed = pool.borrow(ORDERS, WANTED).then((each) => {
    had = each;
  });
  await tick();
  expect(had).toBeUndefined();
  reset(true);
  await borrowed;
  expect(had).toBe(session);
});

test("an idle session of another user makes room, and who waits gets what is given back", async () => {
  const { pool, opened } = poolOf({ sessions: 1 });
  const first = await pool.borrow(ORDERS, WANTED);
  const waits = pool.borrow(BILLING, WANTED);
  const waitsToo = pool.borrow(ORDERS, WANTED);
  await tick();
  expect(opened).toHaveLength(1);
  pool.giveBack(first, ORDERS, true);
  const second = await waits;
  expect([first.ended, second.user]).toEqual([true, "billing"]);
  pool.giveBack(second, BILLING, true);
  expect((await waitsToo).user).toBe("orders");
  expect(second.ended).toBe(true);
});

test("who waits gets the place of a session that ends", async () => {
  const { pool } = poolOf({ sessions: 1 });
  const first = await pool.borrow(ORDERS, WANTED);
  const waits = pool.borrow(BILLING, WANTED);
  await tick();
  pool.giveBack(first, ORDERS, false);
  expect((await waits).user).toBe("billing");
  expect(first.ended).toBe(true);
});

test("who waits too long hears what RDS Proxy says, and who leaves meanwhile takes no place", async () => {
  const { pool } = poolOf({ sessions: 1, borrowTimeout: 50 });
  const session = await pool.borrow(ORDERS, WANTED);
  const leaving = new AbortController();
  const left = pool.borrow(BILLING, leaving.signal);
  leaving.abort();
  await expect(left).rejects.toThrow("");
  await expect(pool.borrow(BILLING, WANTED)).rejects.toThrow(
    "Timed-out waiting to acquire database connection",
  );
  pool.giveBack(session, ORDERS, true);
  expect(await pool.borrow(ORDERS, WANTED)).toBe(session);
});

test("a user without a connection left loses its own idle sessions first, and is refused when there are none", async () => {
  const full = new ClusterRefusal("53300", "too many connections for role");
  const mine = startOf("orders", { application_name: "mine" });
  const alive: Session[] = [];
  const { pool } = poolOf({ sessions: 9 }, async ({ user }) => {
    if (user === "orders" && alive.some(({ ended }) => !ended)) throw full;
    const session = new Session(user);
    if (user === "orders") alive.push(session);
    return session;
  });
  const other = await pool.borrow(BILLING, WANTED);
  pool.giveBack(other, BILLING, true);
  pool.giveBack(await pool.borrow(ORDERS, WANTED), ORDERS, true);
  const session = await pool.borrow(mine, WANTED);
  expect(alive).toEqual([expect.objectContaining({ ended: true }), session]);
  expect(other.ended).toBe(false);
  await expect(pool.borrow(ORDERS, WANTED)).rejects.toBe(full);
  // A login that failed takes no place.
  pool.giveBack(session, mine, false);
  await tick();
  await tick();
  expect((await pool.borrow(ORDERS, WANTED)).user).toBe("orders");
});

test("while the cluster is down clients wait for it, for so long", async () => {
  let tries = 0;
  const down = new ClusterRefusal("57P03", "it starts");
  const { pool } = poolOf({ sessions: 1 }, async ({ user }) => {
    tries += 1;
    if (tries < 3 || user === "billing") throw down;
    return new Session(user);
  });
  expect((await pool.borrow(ORDERS, WANTED)).user).toBe("orders");
  expect(tries).toBe(3);
  const { pool: hasty } = poolOf({ borrowTimeout: 1 }, async () => {
    throw down;
  });
  await expect(hasty.borrow(BILLING, WANTED)).rejects.toThrow("Timed-out");
});

test("an idle session that speaks, and one that nobody uses for long, ends", async () => {
  const { pool, opened } = poolOf({ idleTimeout: 20 });
  const one = await pool.borrow(ORDERS, WANTED);
  pool.giveBack(one, ORDERS, true);
  await tick();
  one.spoke?.();
  const two = await pool.borrow(ORDERS, WANTED);
  expect(two).not.toBe(one);
  pool.giveBack(two, ORDERS, true);
  while (!two.ended) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(opened.map(({ ended }) => ended)).toEqual([true, true]);
});

test("stopping ends what is idle and what comes back, and nobody waits any longer", async () => {
  const { pool, opened } = poolOf({ sessions: 2 });
  const [one, two] = [await pool.borrow(ORDERS, WANTED), await pool.borrow(ORDERS, WANTED)];
  pool.giveBack(one, ORDERS, true);
  pool.giveBack(two, ORDERS, false);
  const three = await pool.borrow(BILLING, WANTED);
  const four = await pool.borrow(BILLING, WANTED);
  const waits = pool.borrow(ORDERS, WANTED);
  pool.giveBack(three, BILLING, true);
  await Promise.all([pool.stop(), waits.catch(() => undefined)]);
  pool.giveBack(four, BILLING, true);
  await tick();
  await tick();
  expect(opened.filter(({ ended }) => !ended)).toEqual([]);
  await expect(pool.borrow(ORDERS, WANTED)).rejects.toThrow("");
});
