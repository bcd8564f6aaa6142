import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { listenOnLoopback } from "../../lib/loopback";
import { SUPERUSER } from "../../model/postgresql/names";
import type { EmbeddedServer } from "../../tools/postgres/embedded-server";
import { eventually } from "../helpers/eventually";
import { BoardBundle, type BoardProcess } from "./board-bundle";
import { BoardClient, messagesOf } from "./board-client";
import { MIGRATION_USER, ROLE_ARN, sql, startMigratedServer } from "./board-database";
import { TokenRelay } from "./token-relay";

const TIMEOUT = 120_000;

let server: EmbeddedServer;
let bundle: BoardBundle;
let relay: TokenRelay;
let board: BoardProcess | undefined;

beforeAll(async () => {
  bundle = new BoardBundle();
  server = await startMigratedServer();
}, TIMEOUT);
afterAll(async () => {
  await server?.stop();
  bundle?.remove();
}, TIMEOUT);
beforeEach(async () => {
  relay = await TokenRelay.before(server);
});
afterEach(async () => {
  await board?.kill();
  board = undefined;
  await relay.stop();
});

async function start(changes: Readonly<Record<string, string>> = {}) {
  board = await bundle.start({ ...bundle.variables(relay), ...changes });
  return { board, client: new BoardClient(board.url) };
}

/** Runs something while nobody can touch the table of messages. */
async function whileLocked(run: () => Promise<void>): Promise<void> {
  const superuser = await server.connect({ user: SUPERUSER, database: "board" });
  await superuser.query("BEGIN; LOCK TABLE messages.messages IN ACCESS EXCLUSIVE MODE");
  await run();
  await superuser.query("ROLLBACK");
  await superuser.end();
}

/** Waits until the board waits for the table of messages. */
async function waitsForTable(): Promise<void> {
  const waiting =
    "SELECT FROM pg_stat_activity WHERE application_name = 'message-board' AND wait_event_type = 'Lock' AND query ~ 'INSERT'";
  await eventually(async () => (await sql(server, waiting)).length > 0);
}

describe("the bundle", () => {
  test(
    "is two programs that run where nothing else is, and RDS's certificates: it migrates, serves, and takes a message",
    async () => {
      expect(readdirSync(bundle.folder).sort()).toEqual(["migrate.js", "rds-ca.pem", "server.js"]);
      await sql(server, "DROP TABLE messages.messages, messages.migrations");
      const migration = bundle.spawn("migrate.js", bundle.variables(relay, MIGRATION_USER));
      const printed = text(migration.stdout);
      expect([(await once(migration, "close"))[0], await printed]).toEqual([
        0,
        "messages: create the table of messages\nmessages: version 1\n",
      ]);
      const { client } = await start();
      expect((await client.post({ nonce: await client.nonce(), text: "from the bundle" })).status).toBe(303);
      const html = await (await client.get()).text();
      expect(messagesOf(html)).toEqual(["from the bundle"]);
      for (const fact of [
        ROLE_ARN,
        `localhost:${relay.port}`,
        /TLSv1\.3, TLS_\w+/,
        /expires in (89\d|900) s/,
      ]) {
        expect(html.replaceAll("<wbr>", "")).toMatch(fact);
      }
    },
    TIMEOUT,
  );

  test(
    "takes the ServiceAccount's role from STS, as on EKS",
    async () => {
      const asked: URLSearchParams[] = [];
      const service = createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        asked.push(new URLSearchParams(body));
        const until = new Date(Date.now() + 3_600_000).toISOString();
        response.end(`<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
        <AccessKeyId>ASIASESSION</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
        <SessionToken>session</SessionToken><Expiration>${until}</Expiration>
        </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`);
      });
      const sts = await listenOnLoopback(service);
      const { client } = await start({
        AWS_ACCESS_KEY_ID: "",
        AWS_SECRET_ACCESS_KEY: "",
        AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${sts.port}`,
        AWS_WEB_IDENTITY_TOKEN_FILE: bundle.file("token", "the ServiceAccount's token"),
      });
      expect((await client.get()).status).toBe(200);
      await sts.close();
      expect(asked.map((parameters) => Object.fromEntries(parameters))).toMatchObject([
        {
          Action: "AssumeRoleWithWebIdentity",
          RoleArn: ROLE_ARN,
          WebIdentityToken: "the ServiceAccount's token",
        },
      ]);
      expect(relay.logins[0]?.token).toMatch(/X-Amz-Credential=ASIASESSION%2F.*X-Amz-Security-Token=session/);
    },
    TIMEOUT,
  );

  test.each(["server.js", "migrate.js"] as const)(
    "%s names everything that is missing or wrong in its environment, and ends with 1",
    (name) => {
      const nothing = bundle.run(name, {});
      const lines = nothing.stderr.trimEnd().split("\n");
      expect([nothing.status, nothing.stdout]).toEqual([1, ""]);
      expect(lines.map((line) => line.replace(/ is not set; set it to .*\.$/, ""))).toEqual([
        "PGHOST",
        "PGPORT",
        "PGDATABASE",
        "PGUSER",
        "PGSSLROOTCERT",
        "AWS_REGION",
      ]);
      const wrong = { PGPORT: "0", PORT: "http", PGSSLROOTCERT: "/nonexistent/ca.pem" };
      expect(bundle.run(name, { ...bundle.variables(relay), ...wrong }).stderr).toBe(
        `PGPORT must be a port from 1 to 65535, got: 0.
PGSSLROOTCERT: /nonexistent/ca.pem cannot be read: ENOENT: no such file or directory, open '/nonexistent/ca.pem'.
PORT must be a port from 0 to 65535, got: http.
`,
      );
      const noBundle = bundle.run(name, {
        ...bundle.variables(relay),
        PGSSLROOTCERT: bundle.file("empty.pem", "-----BEGIN PRIVATE KEY-----"),
      });
      expect(noBundle.stderr).toMatch(/^PGSSLROOTCERT: .*empty\.pem holds no PEM certificates\.\n$/);
    },
    TIMEOUT,
  );

  test(
    "says that its port is taken, and ends with 1",
    async () => {
      const { board } = await start();
      const PORT = new URL(board.url).port;
      const { status, stderr } = bundle.run("server.js", { ...bundle.variables(relay), PORT });
      expect([status, stderr]).toEqual([
        1,
        `Port ${PORT} is taken by another program; set PORT to another one.\n`,
      ]);
    },
    TIMEOUT,
  );
});

describe("a database that the board may not use", () => {
  test(
    "because of its certificate is not used, whatever NODE_TLS_REJECT_UNAUTHORIZED says",
    async () => {
      const stranger = await TokenRelay.before(server);
      const PGSSLROOTCERT = bundle.file("other-ca.pem", stranger.ca);
      await stranger.stop();
      const { client } = await start({ PGSSLROOTCERT, NODE_TLS_REJECT_UNAUTHORIZED: "0" });
      const ready = await client.get("/readyz");
      expect([ready.status, await ready.text()]).toEqual([
        503,
        "The database's TLS certificate is not to be trusted.",
      ]);
      expect((await client.get("/livez")).status).toBe(200);
      expect(relay.logins).toEqual([]);
    },
    TIMEOUT,
  );

  test(
    "because it refuses the login makes a page that says so, and no token is in the log",
    async () => {
      relay.accepts = false;
      const { board, client } = await start();
      const response = await client.get();
      expect(response.status).toBe(503);
      expect(await response.text()).toContain("The database refuses this service&#39;s login.");
      await board.logged("database unavailable");
      expect(relay.logins).toHaveLength(1);
      expect(JSON.stringify(board.log)).not.toMatch(/X-Amz|AKIA|secret/);
    },
    TIMEOUT,
  );

  test(
    "for want of credentials makes a page that says so",
    async () => {
      const { client } = await start({
        AWS_ACCESS_KEY_ID: "",
        AWS_SECRET_ACCESS_KEY: "",
        AWS_ROLE_ARN: "",
        AWS_EC2_METADATA_DISABLED: "true",
      });
      const ready = await client.get("/readyz");
      expect([ready.status, await ready.text()]).toEqual([
        503,
        "There are no AWS credentials to sign the login with.",
      ]);
    },
    TIMEOUT,
  );
});

describe("told to end", () => {
  test(
    "it finishes what it has begun, says at /readyz that it ends, closes its connections and ends with 0",
    async () => {
      const { board, client } = await start();
      const nonce = await client.nonce();
      let answer: Promise<Response> | undefined;
      await whileLocked(async () => {
        answer = client.post({ nonce, text: "under way" });
        await waitsForTable();
        board.child.kill("SIGTERM");
        await board.logged("stopping");
        const ready = await client.get("/readyz");
        expect([ready.status, await ready.text(), ready.headers.get("connection")]).toEqual([
          503,
          "shutting down",
          "close",
        ]);
        expect((await client.get("/livez")).status).toBe(200);
      });
      expect((await answer)?.status).toBe(303);
      await eventually(() => board.ended !== undefined);
      expect(board.ended).toBe(0);
      expect(board.log.at(-1)).toMatchObject({ event: "stopped" });
      await expect(client.get("/livez")).rejects.toThrow();
      const newest = await sql(server, "SELECT text FROM messages.messages ORDER BY id DESC LIMIT 1");
      expect(newest).toEqual([{ text: "under way" }]);
    },
    TIMEOUT,
  );

  test(
    "a client that holds its connection open does not hold it up",
    async () => {
      const { board, client } = await start();
      await (await client.get()).text();
      board.child.kill("SIGINT");
      await eventually(() => board.ended !== undefined);
      expect(board.ended).toBe(0);
    },
    TIMEOUT,
  );

  test(
    "twice, it ends at once",
    async () => {
      const { board, client } = await start();
      const nonce = await client.nonce();
      await whileLocked(async () => {
        const cut = client.post({ nonce, text: "cut off" }).catch(() => "cut off");
        await waitsForTable();
        board.child.kill("SIGTERM");
        await board.logged("stopping");
        board.child.kill("SIGTERM");
        await eventually(() => board.ended !== undefined);
        expect([board.ended, await cut]).toEqual([130, "cut off"]);
      });
    },
    TIMEOUT,
  );
});
