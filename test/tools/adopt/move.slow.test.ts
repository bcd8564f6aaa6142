import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { errorCode } from "../../../lib/user-error";
import { accessPlan } from "../../../model/access/plan";
import { ADMIN_USER, SUPERUSER } from "../../../model/postgresql/names";
import type { LiveServer } from "../../../tools/adopt/live-server";
import type { MovePhase } from "../../../tools/adopt/move-heading";
import { moveScript, moveSql } from "../../../tools/adopt/move-sql";
import { readLive } from "../../../tools/adopt/read-live";
import { type EmbeddedServer, startServer } from "../../../tools/postgres/embedded-server";
import { verify } from "../../../tools/verify/verify";
import { parse } from "../../helpers/environment";
import { versionsToTry } from "../../helpers/extent";
import { catalogReader, outcome } from "../../helpers/postgres";
import { testUnless } from "../../helpers/skip";
import { withAccess } from "../../model/config/mistakes";
import { psqlMissing, runScript } from "../../postgres/psql";
import { as, contents, LEGACY_ACCESS, makeLegacyShop, rights } from "./legacy-shop";

const TIMEOUT = 60_000;
const plan = accessPlan(parse(withAccess(LEGACY_ACCESS)));

// One server, adopted step by step: each test goes on where the one before it ended.
describe.each(versionsToTry())("a company's database on PostgreSQL $version", ({ version, unavailable }) => {
  let server: EmbeddedServer;
  let live: LiveServer;
  let before: unknown;
  beforeAll(async () => {
    if (unavailable !== undefined) return;
    server = await startServer({ version });
    await makeLegacyShop(server);
    live = await readLive(catalogReader(server, ADMIN_USER));
    before = await contents(server, "public");
  }, TIMEOUT);
  afterAll(() => server?.stop());

  const promise = (name: string, check: () => Promise<void>) => testUnless(unavailable, name, check, TIMEOUT);
  /** What the SQL of a phase says, run as the admin. */
  const run = (phase: MovePhase, change = (sql: string) => sql) =>
    as(server, ADMIN_USER, "shop", async (client) => {
      const results = [await client.query(change(moveSql(plan, live, "shop", phase)))].flat();
      return results.at(-2)?.rows[0]?.result;
    });
  const does = (user: string, ...statements: readonly string[]) =>
    as(server, user, "shop", (client) => outcome(client, ...statements)).catch((error) =>
      errorCode(error) === "42501" ? "not let in" : String(error),
    );
  const inApp = (user: string, ...statements: readonly string[]) =>
    does(user, "SET LOCAL search_path = app", ...statements);
  const superuser = (sql: string) => as(server, SUPERUSER, "shop", (client) => client.query(sql));
  const findings = async () => (await verify(plan, catalogReader(server))).findings;

  promise("is left as it was when the SQL finds something that only a superuser may give away", async () => {
    await superuser(
      "CREATE TABLE billing.theirs (); CREATE FUNCTION billing.theirs() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    );
    const was = await rights(server);
    await expect(run("move")).rejects.toThrow(
      "only a superuser may change what a superuser owns: ROUTINE billing.theirs(), TABLE billing.theirs",
    );
    expect(await rights(server)).toEqual(was);
    await superuser("DROP TABLE billing.theirs; DROP FUNCTION billing.theirs");
  });

  testUnless(
    unavailable ?? psqlMissing,
    "is left as it was by a dry run of psql, which says whose everything becomes",
    async () => {
      const was = await rights(server);
      const folder = mkdtempSync(join(tmpdir(), "move-"));
      const script = moveScript(plan, live, "shop", "move");
      const { status, stdout, stderr } = runScript(server, folder, script, "-v", "dry_run=1");
      rmSync(folder, { recursive: true });
      expect([status, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^Dry run: this would change, and nothing has been changed\.\n/);
      expect(stdout).toMatch(/^\+ table: owner shop_app_owner, in app \(.*$/m);
      expect(await rights(server)).toEqual(was);
      expect(await contents(server, "public")).toEqual(before);
    },
    TIMEOUT,
  );

  promise("is left as it was when somebody holds a table for long, and says who", async () => {
    const was = await rights(server);
    await as(server, "shop_app", "shop", async (holder) => {
      await holder.query("BEGIN; SELECT FROM users");
      await expect(
        run("move", (sql) => sql.replaceAll("lock_timeout = '10s'", "lock_timeout = '50ms'")),
      ).rejects.toThrow(/^table public\.users is held by shop_app \(pid \d+\), and this waited 10s for it$/);
    });
    expect(await rights(server)).toEqual(was);
  });

  promise(
    "is moved with all its rows, also what was made since it was read, and by two who run it at once",
    async () => {
      await as(server, "shop_app", "shop", (client) =>
        client.query("CREATE TABLE meanwhile AS SELECT 1 AS one"),
      );
      // What docs/adopting.md has one do for sessions that stay open.
      await superuser('ALTER ROLE reporting IN DATABASE shop SET search_path = "$user", app, public');
      const open = await server.connect({ user: "reporting", database: "shop" });
      await open.query("SELECT FROM users");
      // What an extension brings along is nobody's to move, wherever it is.
      await superuser("CREATE EXTENSION citext SCHEMA billing");
      expect((await Promise.all([run("move"), run("move")])).sort()).toEqual([
        "changed",
        "nothing to change",
      ]);
      await open.query("SELECT FROM users").finally(() => open.end());
      await superuser("DROP EXTENSION citext");
      expect(await contents(server, "app")).toEqual(before);
      expect(await does("shop_app_iam", "SELECT * FROM app.meanwhile")).toBe("allowed");
      expect(await run("move")).toBe("nothing to change");
    },
  );

  promise("is then as planned, but for what its former logins go on with", async () => {
    const others = (await findings()).filter(
      ({ detail }) => !/^(shop_app|analysts|reporting|Quo"ted) has /.test(detail),
    );
    expect(others).toEqual([]);
  });

  promise(
    "goes on working for its former logins, whose names are still found, until it is finished",
    async () => {
      expect({
        writes: await does(
          "shop_app",
          "INSERT INTO users (email) VALUES ('new@example.com')",
          "INSERT INTO orders (user_id) VALUES (1)",
          "SELECT next_invoice(), user_count(), largest(id) FROM users",
          "INSERT INTO billing.invoices (order_id) VALUES (1)",
          "CALL tidy()",
          "CREATE TEMPORARY TABLE scratch ()",
        ),
        reads: await does("reporting", "SELECT * FROM paid, totals", "SELECT * FROM billing.invoices"),
        readsOneColumn: await does('Quo"ted', 'SELECT "Col""umn" FROM "We""ird.Table"'),
      }).toEqual({ writes: "allowed", reads: "allowed", readsOneColumn: "allowed" });
      expect({
        makes: await does("shop_app", "CREATE TABLE app.mine ()"),
        makesInPublic: await does("shop_app", "CREATE TABLE public.mine ()"),
        alters: await does("shop_app", "ALTER TABLE users ADD COLUMN mine int"),
        writes: await does("reporting", "INSERT INTO orders (user_id) VALUES (1)"),
        bystander: await does("bystander", "SELECT 1"),
      }).toEqual({
        makes: "denied",
        makesInPublic: "denied",
        alters: "denied",
        writes: "denied",
        bystander: "not let in",
      });
    },
  );

  promise("works for its new identities in the application's old words", async () => {
    expect({
      writes: await inApp(
        "shop_app_iam",
        "INSERT INTO users (email, place) VALUES ('iam@example.com', (1, 2))",
        "INSERT INTO orders (user_id, state) VALUES (1, 'paid')",
        'SELECT next_invoice(), user_count(), largest(id), "Fn""x"(1) FROM users WHERE id OPERATOR(app.===) 1',
        "UPDATE events SET what = 'old' WHERE at < '2025-01-01'",
        "CALL tidy()",
        "INSERT INTO billing.invoices (order_id) VALUES (1)",
      ),
      reads: await inApp(
        "reporting_iam",
        "SELECT * FROM paid, totals",
        "SELECT * FROM billing.invoices, tenants",
      ),
      migrates: await inApp(
        "shop_app_migrations",
        "ALTER TABLE users ADD COLUMN age int DEFAULT 1",
        "ALTER TABLE events DETACH PARTITION events_2025",
        "DROP VIEW paid",
        "REFRESH MATERIALIZED VIEW totals",
        "ALTER TYPE status RENAME TO state",
        "ALTER DOMAIN email DROP CONSTRAINT email_check",
        "ALTER COLLATION german RENAME TO german2",
        "DROP STATISTICS orders_stats",
        "DROP TEXT SEARCH CONFIGURATION plain",
        "DROP OPERATOR === (int, int)",
        "DROP SEQUENCE invoice_numbers",
        "CREATE OR REPLACE FUNCTION user_count() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
        'DROP TABLE "We""ird.Table"',
        "CREATE TABLE more (id serial)",
      ),
      migratesBilling: await does("deployer", "ALTER TABLE billing.invoices ADD COLUMN more int"),
    }).toEqual({ writes: "allowed", reads: "allowed", migrates: "allowed", migratesBilling: "allowed" });
    expect({
      writes: await inApp("reporting_iam", "INSERT INTO orders (user_id) VALUES (1)"),
      alters: await inApp("shop_app_iam", "ALTER TABLE users ADD COLUMN mine int"),
    }).toEqual({ writes: "denied", alters: "denied" });
  });

  promise("shows a former login what migrations make meanwhile, as it did", async () => {
    await as(server, "shop_app_migrations", "shop", (client) =>
      client.query("CREATE TABLE app.later (id serial)"),
    );
    expect({
      owner: await does("shop_app", "INSERT INTO later DEFAULT VALUES"),
      reader: await does("reporting", "SELECT * FROM later"),
      stranger: await does('Quo"ted', "SELECT * FROM later"),
    }).toEqual({ owner: "allowed", reader: "allowed", stranger: "denied" });
  });

  promise("is as planned once it is finished, where nothing is left to its former logins", async () => {
    expect(await run("finish")).toBe("changed");
    expect(await findings()).toEqual([]);
    expect(await run("finish")).toBe("nothing to change");
    for (const login of ["shop_app", "reporting", 'Quo"ted']) {
      expect(await does(login, "SELECT 1")).toBe("not let in");
    }
  });

  promise("may be moved and finished again after its former logins are dropped", async () => {
    for (const role of ["shop_app", "reporting", "analysts", '"Quo""ted"']) {
      const statements = `GRANT ${role} TO CURRENT_USER; REASSIGN OWNED BY ${role} TO CURRENT_USER; DROP OWNED BY ${role}; DROP ROLE ${role}`;
      await as(server, ADMIN_USER, "shop", (admin) => admin.query(statements));
    }
    expect([await run("move"), await run("finish")]).toEqual(["nothing to change", "nothing to change"]);
  });
});
