import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { ProjectCopy, run } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import { type RunningCommand, startCommand } from "./running-command";

/** A service, listed principals and a group of people whose members each are themselves. */
const FILE = `name: own
account: "123456789012"
region: eu-west-1
access:
  accounts: { ci: "210987654321" }
  databases: { shop: [orders] }
  namespaces: { shop: {} }
  services:
    orders-api: { namespace: shop, grants: { shop.orders: read-write } }
    deployments:
      principals: ["arn:aws:iam::210987654321:role/Deploy"]
      externalId: acme-7f3c
      grants: { shop.orders: read-only }
  people:
    audit: { principals: ["arn:aws:iam::123456789012:role/Audit"], grants: { shop.orders: read-only } }
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      members: [anna@acme.com, ben]
      requireMfa: true
      requireSourceIdentity: true
      grants: { shop.orders: read-only }
`;
const GONE = `    gone:
      principals: ["arn:aws:iam::123456789012:role/Gone"]
      until: 2020-01-01
      grants: { shop.orders: read-only }
`;
const ENV = { ENVIRONMENTS: "own" };
/** What somebody who works with AWS and PostgreSQL has, and nothing here may go by. */
const MINE = {
  AWS_ACCESS_KEY_ID: "AKIAMINE",
  AWS_SECRET_ACCESS_KEY: "mine-secret",
  AWS_PROFILE: "mine",
  AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
  PGHOST: "mine.example.com",
  PGSERVICE: "mine",
  PGPASSFILE: "/mine",
  PGOPTIONS: "-c mine=1",
  PGSSLMODE: "disable",
  PGUSER: "mine",
};
const NO_PSQL = run("psql", ["--version"]).status === 0 ? undefined : "no psql on this machine";

const project = new ProjectCopy();
let command: RunningCommand | undefined;
const started: RunningCommand[] = [];
beforeAll(() => {
  mkdirSync(join(project.folder, "own"));
  writeFileSync(join(project.folder, "own/own.yaml"), FILE);
  writeFileSync(join(project.folder, "gone.yaml"), FILE + GONE);
});
afterEach(() => {
  for (const each of started.splice(0)) each.remove();
});
afterAll(() => project.remove());

/** Runs it to its end, on a laptop for just this. */
async function as(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number | null; readonly output: string }> {
  command = start(args, env);
  const status = await command.ended();
  await command.nothingLeft();
  return { status, output: command.output() };
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningCommand {
  const running = startCommand(project, "as", args, { ...ENV, ...env });
  started.push(running);
  return running;
}

const STARTS =
  "no laptop of own runs (npm start): one for just this command starts; what it holds goes with it\n";
const node = (code: string) => [process.execPath, "-e", code];

describe("on a laptop for just this command", () => {
  testUnless(
    NO_PSQL,
    "psql works at once, as who is named, whatever its user had, and nothing is left",
    async () => {
      const sql = "select session_user, current_database(), inet_client_addr() is not null";
      expect(await as(["orders-api", "psql", "-XAtc", sql], MINE)).toEqual({
        status: 0,
        output: `${STARTS}orders_api|shop|f\n`,
      });
    },
    120_000,
  );

  test.each([
    ["orders-api", "orders_api"],
    ["deployments", "deployments"],
    ["audit", "audit"],
    ["on_call_anna", "on_call_anna"],
  ])(
    "what signs for itself does so as %s",
    async (identity, user) => {
      // Without PGPASSWORD, by the credentials alone.
      const args = [
        identity,
        "env",
        "-u",
        "PGPASSWORD",
        process.execPath,
        "examples/clients/node/connect.mjs",
      ];
      const { status, output } = await as(args, MINE);
      expect([status, output.replace(STARTS, "")]).toEqual([
        0,
        `connected to shop as ${user}\nconnected to a reader of shop as ${user}\n`,
      ]);
    },
    120_000,
  );

  test("a command has nothing of its user's, and what is left of theirs is as it was", async () => {
    const code = `console.log(JSON.stringify(Object.keys(process.env).filter((name) => /^(AWS_|PG)/.test(name)).sort()));
      console.log(JSON.stringify(Object.values(process.env)).includes("mine"), process.env.OTHER)`;
    const { output } = await as(["orders-api", ...node(code)], { ...MINE, OTHER: "kept" });
    const [, names = "[]", mine] = output.split("\n");
    expect(JSON.parse(names)).toEqual(
      [
        ...["AWS_CONFIG_FILE", "AWS_ENDPOINT_URL_STS", "AWS_REGION", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"],
        ...["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "AWS_SHARED_CREDENTIALS_FILE"],
        ...["AWS_WEB_IDENTITY_TOKEN_FILE", "PGDATABASE", "PGHOST", "PGHOST_READER", "PGPASSWORD", "PGPORT"],
        ...["PGSSLMODE", "PGSSLROOTCERT", "PGUSER"],
      ].sort(),
    );
    expect(mine).toBe("false kept");
  }, 120_000);

  test("the command's exit code is its own, and a signal's 128 and its number", async () => {
    expect((await as(["orders-api", ...node("process.exit(7)")])).status).toBe(7);
    expect((await as(["orders-api", ...node("process.kill(process.pid, 'SIGTERM')")])).status).toBe(143);
  }, 120_000);

  test("without a command it is a shell, which says who one is", async () => {
    const shell = join(project.folder, "shell");
    writeFileSync(shell, '#!/bin/sh\necho "$PGUSER $# $0"\n', { mode: 0o755 });
    const { output } = await as(["orders-api"], { SHELL: shell });
    expect(output.replace(STARTS, "")).toMatch(
      new RegExp(
        `^You are orders_api in shop, a laptop of own for just this\\. PGPASSWORD is good for new logins until \\d\\d:\\d\\d\\. exit leaves\\.\norders_api 0 ${shell}\n$`,
      ),
    );
  }, 120_000);

  test("neither the token nor a secret is among the arguments of any process", async () => {
    const code = `const { execFileSync } = require("node:child_process");
      const list = execFileSync("ps", ["-eww", "-o", "args"], { encoding: "utf8" });
      const [, signature] = /Signature=([0-9a-f]{64})/.exec(process.env.PGPASSWORD);
      console.log(list.includes(process.env.PGPASSWORD), list.includes(signature), list.includes("run.js"))`;
    expect((await as(["audit", ...node(code)])).output).toBe(`${STARTS}false false true\n`);
  }, 120_000);

  test("whose access has ended is told so in one sentence", async () => {
    const { status, output } = await as(["gone", ...node("console.log('ran')")], {
      ENVIRONMENTS: "gone.yaml",
    });
    expect(status).toBe(1);
    expect(output.replace(STARTS, "")).toMatch(
      /^gone\.yaml:.*the access of gone has ended.*\nnothing can sign in as gone: .*not authorized.*\n$/,
    );
  }, 120_000);
});

describe("before anything starts", () => {
  test.each<[readonly string[], Readonly<Record<string, string>>, string]>([
    [["orders-apo"], {}, 'own has no identity "orders-apo". Did you mean "orders-api"?\n'],
    [
      ["on-call"],
      {},
      'own has no identity "on-call". Known: audit, deployments, on_call_anna, on_call_ben, orders-api.\n',
    ],
    [["'; --\u001b[2J"], {}, 'own has no identity "\'; --\\u001b[2J".'],
    [["orders-api", "no-such-command"], {}, "there is no command no-such-command to run\n"],
    [["orders-api"], { SHELL: "/no/shell" }, "there is no command /no/shell to run; SHELL names it\n"],
    [["orders-api", "--laptop", "prod"], {}, "there is no environment prod."],
    [["orders-api", "--sql", "-f", "x"], {}, "this small prompt takes -c "],
    [["orders-api", "--env", "nowhere"], {}, "there is no environment nowhere."],
    [[], {}, "Name an identity.\nUsage: npm run as"],
  ])(
    "%j is one message",
    async (args, env, message) => {
      const { status, output } = await as(args, env);
      expect(output.startsWith(message)).toBe(true);
      expect(output).not.toMatch(/^\s+at |one for just this/m);
      expect(status).toBe(1);
    },
    60_000,
  );
});

describe("the prompt", () => {
  /** A folder of commands without psql. */
  const bin = mkdtempSync(join(tmpdir(), "no-psql-"));
  beforeAll(() => {
    for (const name of ["node", "id", "sh", "rm", "cat", "sleep", "ps"]) {
      const path = run("/bin/sh", ["-c", `command -v ${name}`]).stdout.trim();
      symlinkSync(name === "node" ? process.execPath : path, join(bin, name));
    }
  });
  afterAll(() => rmSync(bin, { recursive: true, force: true }));

  test("is there in psql's place, where there is none", async () => {
    const { status, output } = await as(["orders-api", "psql", "-c", "select session_user as who"], {
      PATH: bin,
    });
    expect([status, output.replace(STARTS, "")]).toEqual([0, "who\n──────────\norders_api\n(1 row)\n\n"]);
  }, 120_000);

  test("of statements that the server refuses says why, as psql does, and exits 1", async () => {
    const { status, output } = await as([
      "audit",
      "--sql",
      "-c",
      "create table orders.x ()",
      "-c",
      "select 1",
    ]);
    expect(status).toBe(1);
    expect(output.replace(STARTS, "")).toBe(
      "ERROR:  permission denied for schema orders\nLINE 1: create table orders.x ()\n                     ^\n",
    );
  }, 120_000);

  test("whose session is ended says so, and exits 2", async () => {
    const sql = "select pg_terminate_backend(pg_backend_pid())";
    const { status, output } = await as(["audit", "--sql", "-c", sql]);
    expect(status).toBe(2);
    expect(output).toContain("FATAL:  terminating connection due to administrator command\n");
  }, 120_000);
});

describe("signals", () => {
  const CODE = (onTerm: string) =>
    node(
      `process.on("SIGTERM", () => { ${onTerm} }); setTimeout(() => {}, 60_000); console.log("ready", process.pid)`,
    );

  test("that ask it to end are the command's to answer, and all of it ends", async () => {
    command = start(["orders-api", ...CODE("process.exit(9)")]);
    await command.said(/(ready)/);
    command.signal("SIGTERM");
    expect(await command.ended()).toBe(9);
    await command.nothingLeft();
  }, 120_000);

  test("a command that takes no notice ends at the second one", async () => {
    command = start(["orders-api", ...CODE("console.log('no')")]);
    await command.said(/(ready)/);
    command.signal("SIGTERM");
    await command.said(/(no)$/m);
    await new Promise((resolve) => setTimeout(resolve, 300));
    command.signal("SIGTERM");
    expect(await command.ended()).toBe(137);
    await command.nothingLeft();
  }, 120_000);

  test("killed, it leaves no file and no server", async () => {
    command = start(["orders-api", ...CODE("")]);
    const pid = Number(await command.said(/ready (\d+)/));
    command.signal("SIGKILL");
    // The command is its user's, and goes on; it is in the same group, as in a terminal.
    process.kill(pid, "SIGKILL");
    await command.ended();
    await command.nothingLeft();
  }, 120_000);

  test("Ctrl-C while the laptop starts ends all of it", async () => {
    command = start(["orders-api", ...CODE("")]);
    await command.said(/(one for just this)/);
    command.signal("SIGINT", "everything");
    await command.ended();
    await command.nothingLeft();
    expect(command.output()).not.toContain("ready");
  }, 120_000);
});

describe("a laptop that runs", () => {
  test("is joined, its data are there, and it stays; cdktf.out is left alone", async () => {
    const temporary = mkdtempSync(join(tmpdir(), "joined-"));
    // As /tmp itself: root starts the server as another user.
    chmodSync(temporary, 0o1777);
    const laptop = startCommand(project, "start", ["own"], { ...ENV, TMPDIR: temporary });
    try {
      await laptop.said(/(there is no message board)/);
      const before = readdirSync(join(project.folder, "cdktf.out"));
      for (const identity of ["orders-api", "on_call_ben"]) {
        const running = start([identity, "--sql", "-c", "select session_user"], { TMPDIR: temporary });
        expect(await running.ended()).toBe(0);
        expect(running.output()).toMatch(/^session_user\n/);
      }
      const wrong = start(["nobody"], { TMPDIR: temporary });
      expect(await wrong.ended()).toBe(1);
      expect(wrong.output()).toMatch(/^own has no identity "nobody"/);
      expect(readdirSync(join(project.folder, "cdktf.out"))).toEqual(before);
      laptop.signal("SIGINT", "everything");
      expect(await laptop.ended()).toBe(0);
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      laptop.remove();
      rmSync(temporary, { recursive: true, force: true });
    }
  }, 180_000);
});
