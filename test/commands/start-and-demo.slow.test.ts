import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { ProjectCopy, ROOT, run } from "../helpers/run";
import { type RunningCommand, startCommand } from "./running-command";

const project = new ProjectCopy();
afterAll(() => project.remove());
let command: RunningCommand;
afterEach(() => command.remove());
/** Ctrl-C in the terminal that the command runs in. */
async function interrupt(): Promise<void> {
  command.signal("SIGINT", "everything");
  expect(await command.ended()).toBe(0);
  await command.nothingLeft();
}

test("npm run demo proves the access matrix with no AWS configuration, and leaves nothing behind", async () => {
  command = startCommand(project, "demo");
  const status = await command.ended();
  expect(command.output()).toMatch(
    /^\d+ things that must work and \d+ that must not were tried: 0 came out wrong/m,
  );
  expect(status).toBe(0);
  await command.nothingLeft();
}, 120_000);

test("npm start serves the message board, which says whom it is connected as, until Ctrl-C", async () => {
  command = startCommand(project, "start");
  const url = await command.said(/Message board: (\S+)/);
  const added = await fetch(`${url}/messages`, {
    method: "POST",
    headers: { Origin: url },
    body: new URLSearchParams({ nonce: "0b0c5d5e-53a1-4d8e-8d5a-8f0e5c1f2a3b", text: "From a laptop" }),
  });
  expect(added.status).toBe(200);
  const page = await added.text();
  for (const shown of ["From a laptop", "message_board", "dev-db-message-board", "TLSv1.3"]) {
    expect(page).toContain(shown);
  }
  await interrupt();
  await expect(fetch(url)).rejects.toThrow("fetch failed");
}, 120_000);

describe("npm start of an environment without a message board", () => {
  const folder = join(project.folder, "own");
  const file = (name: string, identities: string) =>
    writeFileSync(
      join(folder, `${name}.yaml`),
      `name: ${name}
account: "123456789012"
region: eu-west-1
access:
  databases: { shop: [orders] }
${identities}`,
    );
  beforeAll(() => {
    mkdirSync(folder);
    file("nobody", "");
    file(
      "people",
      `  people:
    on-call: { principals: ["arn:aws:iam::123456789012:user/ann"], grants: { shop.orders: read-only } }
`,
    );
    file(
      "migrations",
      `  namespaces: { shop: {} }
  services:
    orders-migrations: { namespace: shop, grants: { shop.orders: owner } }
`,
    );
  });

  test.each([
    ["people", "on_call"],
    ["migrations", "orders_migrations"],
  ])(
    "goes on running, for whoever is in it to log in with one file: %s",
    async (name, user) => {
      command = startCommand(project, "start", [name], { ENVIRONMENTS: "own" });
      const signIn = await command.said(/set -a; \. (\S+);/);
      expect(command.output()).toContain(`there is no message board, since own/${name}.yaml has no key demo`);
      // Somebody who works with AWS has credentials, and they are not to be used here.
      const env = { AWS_ACCESS_KEY_ID: "mine", AWS_SECRET_ACCESS_KEY: "mine", AWS_PROFILE: "mine" };
      const client = join(ROOT, "examples/clients/node/connect.mjs");
      const { stdout } = run("sh", ["-c", `set -a; . ${signIn}; set +a; exec node ${client}`], { env });
      expect(stdout).toBe(`connected to shop as ${user}\nconnected to a reader of shop as ${user}\n`);
      await interrupt();
    },
    120_000,
  );

  test("goes on running where nobody may log in, and says so", async () => {
    command = startCommand(project, "start", ["nobody"], { ENVIRONMENTS: "own" });
    await command.said(/(Nobody may log in)/);
    await interrupt();
  }, 120_000);
});

test("npm start refuses a PORT that is none before it starts anything", async () => {
  command = startCommand(project, "start", [], { PORT: "http" });
  expect(await command.ended()).toBe(1);
  expect(command.output()).toBe("PORT must be a whole number from 0 to 65535, got: http\n");
}, 120_000);
