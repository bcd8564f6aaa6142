import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect } from "@jest/globals";
import { type AccessPlan, accessPlan } from "../../model/access/plan";
import { databaseScript, databaseSql } from "../../model/access/sql";
import { SUPERUSER } from "../../model/postgresql/names";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { asRdsCreates } from "../../tools/postgres/extensions";
import { MINIMAL, parse, testEnvironment } from "../helpers/environment";
import { environmentsToTry } from "../helpers/extent";
import { emptyServer } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";
import { psqlMissing as missing, runScript } from "./psql";

describe("the script of a database, run by psql as the admin", () => {
  const folder = mkdtempSync(join(tmpdir(), "script-"));
  let server: EmbeddedServer;
  beforeAll(async () => {
    if (!missing) server = await startServer();
  }, 60_000);
  beforeEach(async () => {
    if (!missing) await emptyServer(server);
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const psql = (script: string) => runScript(server, folder, script);
  /** On RDS the admin may make any extension, here only some. */
  const makeExtensions = async (plan: AccessPlan, name: string) => {
    const database = plan.databases.find((each) => each.name === name);
    if (!database?.extensions) return;
    const admin = await server.connect();
    await admin.query(databaseSql(plan, name).create);
    const superuser = await server.connect({ user: SUPERUSER, database: name });
    await asRdsCreates(superuser, database);
    await Promise.all([admin.end(), superuser.end()]);
  };
  const changed = { status: 0, stdout: "changed\n", stderr: "" };
  const unchanged = { status: 0, stdout: "nothing to change\n", stderr: "" };

  for (const environment of environmentsToTry()) {
    const plan = accessPlan(environment);
    for (const { name } of plan.databases) {
      testUnless(
        missing,
        `changes ${environment.name}'s ${name} once, and says the second time that nothing changed`,
        async () => {
          const { plan: offered } = await server.offered(plan);
          await makeExtensions(offered, name);
          expect(psql(databaseScript(offered, name))).toEqual(changed);
          expect(psql(databaseScript(offered, name))).toEqual(unchanged);
        },
      );
    }
  }

  testUnless(missing, "takes any name that the environment file takes", () => {
    const text = MINIMAL.replace("shop: [billing, orders]", 'Shop-DB: [select, "$body$", A_b$c, _x, public]')
      .replace("shop.orders", "Shop-DB.$body$")
      .replace("orders-api:", "user:");
    const legal = parse(text.replaceAll("$body$", "b$body$"));
    expect(psql(databaseScript(accessPlan(legal), "Shop-DB"))).toEqual(changed);
    expect(psql(databaseScript(accessPlan(legal), "Shop-DB"))).toEqual(unchanged);
  });

  testUnless(
    missing,
    "gives a schema and a database their new names, with all privileges and what an open session may do",
    async () => {
      const first = MINIMAL.replaceAll("shop.", "kiosk.")
        .replace("shop:", "kiosk:")
        .replace(
          "  services:\n",
          "  services:\n    movers: { namespace: shop, grants: { kiosk.orders: owner } }\n",
        );
      const sales = first.replace("orders]", "sales]").replaceAll("kiosk.orders", "kiosk.sales");
      const store = sales.replace("kiosk:", "store:").replaceAll("kiosk.", "store.");
      const renamed = (text: string, names: string) =>
        text.replace("  services:", `  renamed: { ${names} }\n  services:`);
      const script = (text: string, database: string) =>
        psql(databaseScript(accessPlan(parse(text)), database));

      expect(script(first, "kiosk")).toEqual(changed);
      const owner = await server.connect({ user: "movers", database: "kiosk" });
      await owner.query("CREATE TABLE orders.kept AS SELECT 1 AS value");
      await owner.end();
      const reader = await server.connect({ user: "orders_api", database: "kiosk" });
      await reader.query("SELECT value FROM orders.kept");
      expect(script(renamed(sales, "kiosk.orders: kiosk.sales"), "kiosk")).toEqual(changed);
      expect((await reader.query("SELECT value FROM sales.kept")).rows).toEqual([{ value: 1 }]);
      await reader.end();
      expect(script(renamed(sales, "kiosk.orders: kiosk.sales"), "kiosk")).toEqual(unchanged);
      expect(script(sales, "kiosk")).toEqual(unchanged);

      expect(script(renamed(store, "kiosk: store"), "store")).toEqual(changed);
      expect(script(store, "store")).toEqual(unchanged);
      const writer = await server.connect({ user: "orders_api", database: "store" });
      await writer.query("INSERT INTO sales.kept VALUES (2)");
      const left = await writer.query("SELECT rolname FROM pg_roles WHERE rolname ~ 'kiosk|store_orders'");
      await writer.end();
      expect(left.rows).toEqual([]);
    },
  );

  testUnless(
    missing,
    "takes nobody out of a schema that has left the file, by mistake it may be",
    async () => {
      const both = MINIMAL.replace("read-write }", "read-write, shop.billing: read-only }");
      expect(psql(databaseScript(accessPlan(parse(both)), "shop"))).toEqual(changed);
      const gone = parse(MINIMAL.replace("[billing, orders]", "[orders]"));
      const { status, stderr } = psql(databaseScript(accessPlan(gone), "shop"));
      expect([status, stderr]).toEqual([
        3,
        expect.stringContaining(
          "orders_api is in shop_billing_ro, the group of a schema that is no longer in the environment file",
        ),
      ]);
      expect(psql(databaseScript(accessPlan(parse(both)), "shop"))).toEqual(unchanged);
    },
  );

  testUnless(missing, "stops at the first error and leaves everything as it was", async () => {
    const plan = accessPlan(parse(MINIMAL.replace("shop: [", "halted: [").replace("shop.", "halted.")));
    const script = databaseScript(plan, "halted").replace(
      'CREATE SCHEMA IF NOT EXISTS "orders"',
      'CREATE SCHEMA "no such" AUTHORIZATION "nobody"; --',
    );
    const { status, stdout, stderr } = psql(script);
    expect([status, stdout]).toEqual([3, ""]);
    expect(stderr).toContain('role "nobody" does not exist');
    const client = await server.connect({ database: "halted" });
    const { rows } = await client.query(
      "SELECT rolname FROM pg_roles WHERE rolname LIKE 'halted%' UNION SELECT nspname FROM pg_namespace WHERE nspname IN ('billing', 'orders')",
    );
    expect(rows).toEqual([]);
  });

  testUnless(
    missing,
    "takes out what somebody granted by hand, and leaves the admin outside of every group",
    async () => {
      const script = databaseScript(accessPlan(testEnvironment("dev")), "shop");
      psql(script);
      const superuser = await server.connect({ user: "rdsadmin", database: "shop" });
      await superuser.query("CREATE ROLE stranger LOGIN");
      const admin = await server.connect();
      await admin.query("GRANT shop_orders_rw TO billing_worker");
      await superuser.query("GRANT TEMPORARY ON DATABASE shop TO shop_orders_ro");
      expect(psql(script)).toEqual(changed);
      const { rows } = await admin.query(
        "SELECT m.member::regrole::text AS member FROM pg_auth_members m WHERE m.roleid = 'shop_orders_rw'::regrole AND NOT m.admin_option",
      );
      expect(rows).toEqual([{ member: "orders_api" }]);
      const inherits = await admin.query(
        "SELECT pg_has_role('postgres', 'rds_iam', 'USAGE') AS iam, pg_has_role('postgres', 'shop_orders_owner', 'USAGE') AS owner",
      );
      expect(inherits.rows).toEqual([{ iam: false, owner: false }]);
    },
  );

  testUnless(missing, "rewrites no row of roles, grants or defaults in a second run", async () => {
    const script = databaseScript(accessPlan(testEnvironment("dev")), "shop");
    psql(script);
    const superuser = await server.connect({ user: "rdsadmin", database: "shop" });
    await superuser.query(
      "CREATE TABLE orders.item (id bigserial); ALTER TABLE orders.item OWNER TO shop_orders_owner",
    );
    psql(script);
    const rows = async () =>
      (
        await superuser.query(`SELECT 'role ' || rolname AS row, xmin::text FROM pg_authid
          UNION ALL SELECT 'member ' || roleid || ' ' || member || ' ' || grantor, xmin::text FROM pg_auth_members
          UNION ALL SELECT 'setting ' || setrole, xmin::text FROM pg_db_role_setting
          UNION ALL SELECT 'database ' || datname, xmin::text FROM pg_database
          UNION ALL SELECT 'schema ' || nspname, xmin::text FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
          UNION ALL SELECT 'table ' || relname, xmin::text FROM pg_class WHERE relnamespace = 'orders'::regnamespace
          UNION ALL SELECT 'default ' || oid, xmin::text FROM pg_default_acl ORDER BY 1`)
      ).rows;
    const before = await rows();
    expect(before.filter(({ row }) => /^(table item|default|member)/.test(row)).length).toBeGreaterThan(10);
    expect(psql(script)).toEqual(unchanged);
    expect(await rows()).toEqual(before);
  });

  testUnless(missing, "says whose table it is that it may not grant on", async () => {
    const script = databaseScript(accessPlan(testEnvironment("dev")), "shop");
    psql(script);
    const superuser = await server.connect({ user: "rdsadmin", database: "shop" });
    await superuser.query("CREATE TABLE orders.alien (); ALTER TABLE orders.alien OWNER TO rdsadmin");
    const { status, stderr } = psql(script);
    expect([status, stderr]).toEqual([
      3,
      expect.stringContaining(
        "TABLE orders.alien belongs to rdsadmin, and only its owner may grant on it: give it back",
      ),
    ]);
  });
});
