import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { LEVEL_NAMES } from "../../model/postgresql/levels";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { testEnvironment } from "../helpers/environment";
import { runScript } from "../helpers/run";

/** The variables that would reach the command from the outside. */
const NONE = {
  PGHOST: "",
  PGPORT: "",
  PGUSER: "",
  PGPASSWORD: "",
  PGDATABASE: "",
  PGSSLMODE: "",
  PGSSLROOTCERT: "",
  PGCONNECT_TIMEOUT: "",
  ALL_PROXY: "",
};

/** Runs the command; no output of it is ever a stack trace. */
function verify(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = runScript("verify", args, { env: { ...NONE, ...env } });
  expect(stderr).not.toMatch(/^\s+at /m);
  return { status, stdout, stderr };
}

describe("npm run verify, without a server", () => {
  test.each<[string, string[], Record<string, string>, string]>([
    ["no environment", [], {}, "Name one environment.\nUsage: npm run verify -- <environment> [--as"],
    ["two environments", ["dev", "prod"], {}, "Name one environment.\nUsage:"],
    ["an environment that is not there", ["dve"], {}, 'there is no environment dve. Did you mean "dev"?\n'],
    [
      "an option that is not there",
      ["dev", "--fix"],
      {},
      'There is no option "--fix". Known: --as, --format, --help, --json, --laptop, --out, --tunnel.\nUsage:',
    ],
    ["no host", ["dev"], {}, "PGHOST is not set; set it to the cluster's writer endpoint\n"],
    [
      "TLS that verifies less",
      ["dev"],
      { PGHOST: "localhost", PGSSLMODE: "require" },
      "PGSSLMODE=require would not make sure who answers; unset it, or set it to verify-full\n",
    ],
    [
      "a host that does not answer",
      ["dev"],
      { PGHOST: "127.0.0.1", PGPORT: "1" },
      "nothing listens on 127.0.0.1:1; check PGHOST and PGPORT\n",
    ],
  ])("%s is one message and exit code 1", (_, args, env, message) => {
    const { status, stdout, stderr } = verify(args, env);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr.startsWith(message)).toBe(true);
  });

  test("help says which variables it reads", () => {
    const { status, stdout } = verify(["--help"]);
    expect(status).toBe(0);
    for (const name of Object.keys(NONE).filter((each) => each !== "PGSSLMODE"))
      expect(stdout).toContain(name);
    expect(stdout).toContain("aws rds generate-db-auth-token");
  });
});

describe("npm run verify, against a server", () => {
  let server: EmbeddedServer;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    server = await startServer();
    await server.apply(accessPlan(testEnvironment("dev")));
    env = {
      PGHOST: "localhost",
      PGPORT: String(server.port),
      PGPASSWORD: server.adminPassword,
      PGSSLROOTCERT: server.caFile,
    };
  }, 60_000);
  afterAll(() => server?.stop());

  test("says what holds and what it could not check, and exits 0, when all is as planned", () => {
    const { status, stdout, stderr } = verify(["dev"], env);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      new RegExp(
        `^test/environments/dev.yaml against localhost:${server.port}, PostgreSQL 17\\.\\d+, read as postgres\n`,
      ),
    );
    expect(stdout).toMatch(/^ +holds +missing +different +extra$/m);
    expect(stdout).toMatch(/^membership +17 +0 +0 +0$/m);
    expect(stdout).toContain("not checked\n  passwords of roles: postgres may not read pg_authid");
    expect(stdout.endsWith("\nThe database is as planned.\n")).toBe(true);
  });

  test("says what is missing, different and extra, each with its fix, and exits 2", async () => {
    const admin = await server.connect({ database: "shop" });
    await admin.query(
      "REVOKE shop_orders_rw FROM orders_api; ALTER ROLE orders_api CREATEDB; GRANT TEMPORARY ON DATABASE shop TO PUBLIC",
    );
    const text = verify(["dev"], env);
    const json = verify(["dev", "--json"], env);
    await admin.query(
      "GRANT shop_orders_rw TO orders_api; ALTER ROLE orders_api NOCREATEDB; REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC",
    );
    expect([text.status, text.stderr, json.status, json.stderr]).toEqual([2, "", 2, ""]);
    expect(text.stdout).toContain(`
missing
  database user orders_api is not a member of shop_orders_rw
    fix: npx cdktf deploy dev-access

different
  database user orders_api has CREATEDB, which is not planned
    fix: ALTER ROLE "orders_api" NOCREATEDB;

extra
  database shop PUBLIC has TEMPORARY
    fix: REVOKE TEMPORARY ON DATABASE "shop" FROM PUBLIC;

not checked
`);
    expect(text.stdout).toContain("\nThere are 3 differences.\n");
    expect(JSON.parse(json.stdout)).toEqual({
      version: 1,
      environment: "dev",
      // Of three schemas' groups and seven database users, one is not as planned.
      holds: expect.objectContaining({
        database: 2,
        schema: 3,
        membership: 16,
        role: 3 * LEVEL_NAMES.length + 6,
        password: 0,
      }),
      findings: [
        expect.objectContaining({
          kind: "missing",
          topic: "membership",
          subject: "database user orders_api",
        }),
        expect.objectContaining({ kind: "different", topic: "role", subject: "database user orders_api" }),
        {
          kind: "extra",
          topic: "grant",
          subject: "database shop",
          detail: "PUBLIC has TEMPORARY",
          fix: 'REVOKE TEMPORARY ON DATABASE "shop" FROM PUBLIC;',
        },
      ],
      accepted: [],
      noLongerFound: [],
      notChecked: [{ subject: "passwords of roles", reason: expect.stringContaining("pg_authid") }],
    });
  });

  test("names that would steer the terminal are shown, not obeyed", async () => {
    const admin = await server.connect();
    await admin.query('CREATE ROLE "a\u001b[2J\nb"; GRANT shop_orders_ro TO "a\u001b[2J\nb"');
    const { stdout } = verify(["dev"], env);
    await admin.query('DROP ROLE "a\u001b[2J\nb"');
    expect(stdout).toContain("role a\\u{1b}[2J\\u{a}b is a member of shop_orders_ro\n");
    expect(stdout).not.toContain("\u001b");
  });

  test.each<[string, Record<string, string>, string]>([
    ["certificates of another CA", { PGSSLROOTCERT: "" }, "is signed by no trusted CA; set PGSSLROOTCERT"],
    ["a wrong password", { PGPASSWORD: "wrong" }, "refuses the password of postgres; set PGPASSWORD"],
    ["no password", { PGPASSWORD: "" }, "localhost asks for the password of postgres; set PGPASSWORD"],
    ["a database that is not there", { PGDATABASE: "nope" }, "has no database nope; set PGDATABASE"],
    ["a user that is not there", { PGUSER: "nobody" }, "refuses the password of nobody; set PGPASSWORD"],
    [
      "a user that needs a token",
      { PGUSER: "orders_api" },
      "does not let orders_api in: pg_hba.conf rejects",
    ],
  ])("%s is one sentence and exit code 1", (_, different, sentence) => {
    const { status, stdout, stderr } = verify(["dev"], { ...env, ...different });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("a server that refuses TLS is one sentence and exit code 1", async () => {
    const plain = await startServer({ settings: { ssl: "off" } });
    try {
      const { status, stderr } = verify(["dev"], { ...env, PGPORT: String(plain.port) });
      expect(status).toBe(1);
      expect(stderr).toContain(`localhost:${plain.port} refuses TLS; turn it on there`);
      expect(stderr.trim().split("\n")).toHaveLength(1);
    } finally {
      await plain.stop();
    }
  });
});
