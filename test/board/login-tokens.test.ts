import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { loginTokens } from "../../board/login-tokens";

const TARGET = { host: "db.example.com", port: 5432, user: "orders_api", region: "eu-west-1" };
const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

beforeEach(() => {
  jest.useFakeTimers({ now: START, doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Credentials that last, each time they are asked for, as long as said; without a number they never end. */
function lasting(minutes?: number) {
  const given: number[] = [];
  return {
    given,
    provider: async () => {
      given.push(Date.now());
      return {
        accessKeyId: `AKIA${given.length}`,
        secretAccessKey: "secret",
        ...(minutes !== undefined && { expiration: new Date(Date.now() + minutes * MINUTE) }),
      };
    },
  };
}

/** When a token was signed, by its own word. */
function signedAt(token: string): number {
  const time = new URL(`https://${token}`).searchParams.get("X-Amz-Date") ?? "";
  return Date.parse(time.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z"));
}

test("a token is used for ten minutes, and then another is signed", async () => {
  const { get } = loginTokens(TARGET, lasting().provider);
  const first = await get();
  jest.setSystemTime(START + 10 * MINUTE - 1);
  expect(await get()).toBe(first);
  jest.setSystemTime(START + 10 * MINUTE);
  expect(signedAt(await get())).toBe(START + 10 * MINUTE);
});

test("a token is given up a minute before its credentials end", async () => {
  const { get } = loginTokens(TARGET, lasting(5).provider);
  const first = await get();
  jest.setSystemTime(START + 4 * MINUTE - 1);
  expect(await get()).toBe(first);
  jest.setSystemTime(START + 4 * MINUTE);
  expect(await get()).not.toBe(first);
});

test("however many ask at once, one token is signed", async () => {
  const { given, provider } = lasting();
  const { get } = loginTokens(TARGET, provider);
  const tokens = await Promise.all(Array.from({ length: 100 }, get));
  expect(new Set(tokens).size).toBe(1);
  expect(given).toHaveLength(1);
});

test("a token that was dropped is not used again", async () => {
  const { get, drop } = loginTokens(TARGET, lasting().provider);
  const first = await get();
  drop();
  expect(await get()).not.toBe(first);
});

test("a signing that fails is told to whoever waits, and the next one tries again", async () => {
  const { provider } = lasting();
  const failing = jest.fn(provider).mockRejectedValueOnce(new Error("no credentials"));
  const { get } = loginTokens(TARGET, failing);
  const both = await Promise.allSettled([get(), get()]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await get()).toContain("X-Amz-Signature");
});

test("no token is ever given out that is older than ten minutes or whose credentials have ended", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined }),
      fc.array(fc.integer({ min: 0, max: 20 * 60 }), { maxLength: 30 }),
      async (minutes, seconds) => {
        const { provider } = lasting(minutes);
        const { get } = loginTokens(TARGET, provider);
        let now = START;
        for (const pause of seconds) {
          now += pause * 1000;
          jest.setSystemTime(now);
          const age = now - signedAt(await get());
          expect(age).toBeLessThan(10 * MINUTE);
          if (minutes !== undefined) expect(age).toBeLessThan(minutes * MINUTE);
        }
      },
    ),
    { numRuns: 50 },
  );
});
