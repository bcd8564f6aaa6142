import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { freePort } from "../../lib/loopback";
import { ProjectCopy, run } from "../helpers/run";
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
  // What was answered is quiet; what is refused is not.
  expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  await command.said(/"status":(404)/);
  expect(command.output()).not.toMatch(/"status":(200|303)/);
  await interrupt();
  await expect(fetch(url)).rejects.toThrow("fetch failed");
}, 120_000);

test("what npm start shows to break in by is refused to whoever copies it, in the same words", async () => {
  command = startCommand(project, "start");
  await command.said(/(What is refused)/);
  const recipes = [...command.output().matchAll(/^ {2}npm run (as -- .+)\n {4}✗ (.+)$/gm)];
  expect(recipes).toHaveLength(3);
  for (const [, recipe = "", refusal] of recipes) {
    const { status, stdout, stderr } = run("sh", ["-c", `npm run --silent ${recipe} </dev/null`], {
      cwd: project.folder,
      env: { TMPDIR: command.temporary, HOME: command.temporary },
    });
    expect(`${stdout}${stderr}`).toContain(refusal);
    expect(status).not.toBe(0);
  }
  await interrupt();
}, 120_000);

test("npm start listens where it is told to, and with --verbose says all that the board answers", async () => {
  const [gateway, board] = [await freePort(), await freePort()];
  const args = ["--gateway-port", String(gateway), "--board-port", String(board), "--verbose"];
  command = startCommand(project, "start", args);
  const url = await command.said(/Message board: (\S+)/);
  expect(url).toBe(`http://127.0.0.1:${board}`);
  expect(command.output()).toContain(`Gateway localhost:${gateway}:`);
  await (await fetch(url)).text();
  await command.said(/"path":"\/","status":(200)/);
  const another = run("node", ["run.js", "commands/start.ts", "--gateway-port", String(gateway)], {
    cwd: project.folder,
  });
  expect(another.status).toBe(1);
  expect(another.stderr).toBe(
    `port ${gateway} is in use, perhaps by another run of this command; end that, or choose another\n`,
  );
  await interrupt();
}, 120_000);

test("a pipe gets lines, and neither colours nor progress", async () => {
  command = startCommand(project, "demo", [], { FORCE_COLOR: "1" });
  expect(await command.ended()).toBe(0);
  expect(command.output()).not.toContain("\u001b");
  expect(command.output()).not.toContain("proving");
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
    ["people", "on-call"],
    ["migrations", "orders-migrations"],
  ])(
    "goes on running, for whoever is in it to log in: %s",
    async (name, key) => {
      command = startCommand(project, "start", [name], { ENVIRONMENTS: "own" });
      expect(await command.said(/npm run as -- (\S+) psql/)).toBe(key);
      expect(command.output()).toContain(`there is no message board, since own/${name}.yaml has no key demo`);
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
