import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { freePort } from "../../lib/loopback";
import { ProjectCopy } from "../helpers/run";
import { type RunningCommand, startCommand } from "./running-command";

const project = new ProjectCopy();
// Where they find each other; root starts the server as another user.
const TMPDIR = mkdtempSync(join(tmpdir(), "laptop-"));
chmodSync(TMPDIR, 0o1777);
let laptop: RunningCommand;
let command: RunningCommand | undefined;

beforeAll(async () => {
  laptop = startCommand(project, "start", [], { TMPDIR });
  await laptop.said(/Message board: (\S+)/);
}, 120_000);
afterEach(() => {
  command?.remove();
  command = undefined;
});
afterAll(async () => {
  laptop.signal("SIGINT");
  await laptop.ended();
  laptop.remove();
  project.remove();
  rmSync(TMPDIR, { recursive: true, force: true });
}, 60_000);

/** What whoever starts it has in their shell. */
const CALLERS = { AWS_PROFILE: "mine", PGSERVICE: "prod", PGHOSTADDR: "10.0.0.1" };

const tunnel = (...args: readonly string[]) => {
  command = startCommand(project, "tunnel", ["--laptop", ...args], { TMPDIR, ...CALLERS });
  return command;
};

test("npm run tunnel -- --laptop logs in to a laptop that runs, without anything of AWS, as a service and as people", async () => {
  for (const [identity, user] of [
    ["orders-api", "orders_api"],
    ["on-call", "on_call"],
  ] as const) {
    const first = (await freePort()) - 3;
    const running = tunnel("--as", identity, "--port", String(first));
    const password = await running.said(/until this ends: (\w+)/);
    const database = await running.said(/database (\w+),/);
    const client = new Client({ host: "127.0.0.1", port: first + 3, user, database, password });
    await client.connect();
    expect((await client.query("SELECT session_user AS me")).rows).toEqual([{ me: user }]);
    await client.end();
    running.signal("SIGINT");
    expect(await running.ended()).toBe(0);
    await running.nothingLeft();
  }
  expect(laptop.output()).not.toMatch(/^refused /m);
}, 60_000);

test("a command logs in to it with nothing of the caller's, and its exit code is the tunnel's", async () => {
  const code = `
    const { Client } = require("pg");
    const client = new Client();
    client.connect().then(() => client.query("SELECT session_user AS me")).then(({ rows }) => {
      console.log(rows[0].me, ...["AWS_PROFILE", "PGSERVICE", "PGHOSTADDR", "AWS_WEB_IDENTITY_TOKEN_FILE"].filter((name) => name in process.env));
      process.exit(7);
    })`;
  const first = (await freePort()) - 3;
  const running = tunnel(
    "dev",
    "--as",
    "orders-api",
    "--port",
    String(first),
    "--",
    process.execPath,
    "-e",
    code,
  );
  expect(await running.ended()).toBe(7);
  expect(running.output()).toBe("orders_api\n");
}, 60_000);

test.each<[string, readonly string[], string]>([
  ["nobody is named", [], "Say with --as who logs in to the laptop."],
  ["there is no such identity", ["--as", "orders"], 'dev has no identity "orders".'],
  [
    "no such laptop runs",
    ["prod", "--as", "on-call"],
    "no laptop of prod runs; start one in another terminal: npm start -- prod",
  ],
  ["two are named", ["dev", "prod", "--as", "on-call"], "Name one environment, or none."],
  [
    "there are no readers",
    ["--as", "on-call", "--readers"],
    "has no other endpoint for readers; leave out --readers",
  ],
  [
    "there is no such command",
    ["--as", "on-call", "--", "no-such-command"],
    "there is no command no-such-command",
  ],
])(
  "when %s, it is one message",
  async (_, args, said) => {
    const running = tunnel(...args);
    expect(await running.ended()).toBe(1);
    expect(running.output()).toContain(said);
    expect(running.output()).not.toMatch(/^\s+at /m);
  },
  60_000,
);

test("a laptop that has ended is said to have, by the login that finds it gone", async () => {
  const own = startCommand(project, "start", [], { TMPDIR });
  await own.said(/Message board: (\S+)/);
  const first = (await freePort()) - 3;
  const running = tunnel("--as", "orders-api", "--port", String(first));
  const password = await running.said(/until this ends: (\w+)/);
  own.signal("SIGINT");
  await own.ended();
  const client = new Client({
    host: "127.0.0.1",
    port: first + 3,
    user: "orders_api",
    database: "shop",
    password,
  });
  await expect(client.connect()).rejects.toMatchObject({
    code: "08006",
    message: expect.stringContaining("cannot log in at localhost:"),
  });
  own.remove();
}, 120_000);
