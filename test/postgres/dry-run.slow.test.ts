import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { databaseScript } from "../../model/access/sql";
import { ADMIN_USER, SUPERUSER } from "../../model/postgresql/names";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { MINIMAL, parse } from "../helpers/environment";
import { versionsToTry } from "../helpers/extent";
import { emptyServer } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";
import { psqlMissing, runScript } from "./psql";

/** One service that reads and writes `shop.orders`, and what migrates it. */
const FILE = MINIMAL.replace("[billing, orders]", "[orders]").replace(
  "  services:\n",
  "  services:\n    mover: { namespace: shop, grants: { shop.orders: owner } }\n",
);
const WOULD_CHANGE = "Dry run: this would change, and nothing has been changed.";
const NOTHING = { status: 0, stdout: "Dry run: nothing would change.\n", stderr: "" };
const CHANGED = { status: 0, stdout: "changed\n", stderr: "" };

/** What somebody did by hand, as whom, and what is said of its mending. */
const BY_HAND: readonly (readonly [statement: string, says: string, user?: string])[] = [
  ["ALTER ROLE orders_api CONNECTION LIMIT 7", "- role orders_api: CONNECTION LIMIT 7"],
  ["ALTER ROLE orders_api NOLOGIN", "+ role orders_api: LOGIN"],
  ["ALTER ROLE orders_api CREATEDB NOINHERIT", "- role orders_api: CREATEDB, NOINHERIT"],
  ["ALTER ROLE mover RESET role", "+ sessions of mover: role=shop_orders_owner"],
  ["ALTER ROLE orders_api SET role = 'shop_orders_ro'", "- sessions of orders_api: role=shop_orders_ro"],
  ["GRANT shop_orders_ro TO orders_api", "- orders_api in shop_orders_ro: by postgres", ADMIN_USER],
  ["REVOKE shop_orders_rw FROM orders_api", "+ orders_api in shop_orders_rw: by postgres", ADMIN_USER],
  [
    "GRANT ALL ON DATABASE shop TO PUBLIC",
    "- PUBLIC on database shop: CONNECT, CREATE, TEMPORARY",
    ADMIN_USER,
  ],
  [
    "GRANT CONNECT ON DATABASE shop TO shop_orders_rw WITH GRANT OPTION",
    "- shop_orders_rw on database shop: CONNECT WITH GRANT OPTION",
    ADMIN_USER,
  ],
  ["GRANT USAGE ON SCHEMA orders TO orders_api", "- orders_api on schema orders: USAGE"],
  ["ALTER SCHEMA orders OWNER TO postgres", "- schema orders: owner postgres"],
  ["REVOKE SELECT ON orders.item FROM shop_orders_ro", "+ shop_orders_ro on tables of orders: SELECT (item)"],
  ["GRANT UPDATE (id) ON orders.item TO PUBLIC", "- PUBLIC on columns of orders.item: UPDATE (id)"],
  [
    "GRANT EXECUTE ON FUNCTION orders.one(int) TO PUBLIC",
    "- PUBLIC on functions of orders: EXECUTE (one(integer))",
  ],
  [
    "ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner GRANT SELECT ON TABLES TO orders_api",
    "- orders_api on tables to come by shop_orders_owner: SELECT",
  ],
  [
    "ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
    "+ functions to come by shop_orders_owner: not for PUBLIC",
  ],
];

describe.each(versionsToTry())("with dry_run on PostgreSQL $version", ({ version, unavailable }) => {
  const missing = unavailable ?? psqlMissing;
  const folder = mkdtempSync(join(tmpdir(), "dry-run-"));
  let server: EmbeddedServer;
  beforeAll(async () => {
    if (!missing) server = await startServer({ version });
  }, 60_000);
  beforeEach(async () => {
    if (!missing) await emptyServer(server);
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const script = (text: string, database = "shop") => databaseScript(accessPlan(parse(text)), database);
  const change = (sql: string) => runScript(server, folder, sql);
  const rows = async (sql: string, database = "postgres", user: string = SUPERUSER) => {
    const client = await server.connect({ user, database });
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  /** How many rows each catalog has, and which transactions wrote them: whatever is committed shows. */
  const catalogs = async (database: string) => {
    const tables = await rows(
      "SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' AND relname !~ '^pg_statistic' ORDER BY 1",
    );
    const each = tables.map(
      ({ name }) =>
        `SELECT '${name}' AS name, count(*), md5(string_agg(xmin::text, ' ' ORDER BY xmin::text)) FROM ${name}`,
    );
    return rows(`${each.join(" UNION ALL ")} ORDER BY 1`, database);
  };
  /** The lines of a dry run, and that it left all of the catalogs as they were. */
  const dryRun = async (sql: string, database = "shop") => {
    const before = await catalogs(database);
    const said = runScript(server, folder, sql, "-v", "dry_run=1");
    expect(await catalogs(database)).toEqual(before);
    expect([said.status, said.stderr]).toEqual([0, ""]);
    return said.stdout.trimEnd().split("\n");
  };
  const promise = (name: string, run: () => Promise<void>) => testUnless(missing, name, run, 60_000);

  promise("a database that is not there is not made, and it says which of its roles are there", async () => {
    await rows("CREATE ROLE orders_api LOGIN");
    expect(await dryRun(script(FILE), "postgres")).toEqual([
      "Dry run: the database shop is not there. It would be made with all that the top of this script says, and nothing has been changed. Of its roles these are there, and become what it says: orders_api.",
    ]);
    await rows("DROP ROLE orders_api");
    expect((await dryRun(script(FILE), "postgres")).join("")).toMatch(/nothing has been changed\.$/);
  });

  promise("it says all that a database gets and loses, and leaves it as it was", async () => {
    await rows("CREATE DATABASE shop", "postgres", ADMIN_USER);
    // From 16 on it is rds_superuser that may grant rds_iam.
    const iam = version >= 16 ? "rds_superuser" : "postgres";
    const says = await dryRun(script(FILE));
    expect(says).toEqual([
      WOULD_CHANGE,
      "+ role mover: CONNECTION LIMIT 100, LOGIN",
      "+ role orders_api: CONNECTION LIMIT 100, LOGIN",
      "+ role shop_orders_owner: NOLOGIN",
      "+ role shop_orders_ro: NOLOGIN",
      "+ role shop_orders_rw: NOLOGIN",
      "+ sessions of mover: role=shop_orders_owner",
      '+ sessions of postgres: lock_timeout=60s, search_path=""',
      `+ mover in rds_iam: by ${iam}`,
      "+ mover in shop_orders_owner: by postgres",
      `+ orders_api in rds_iam: by ${iam}`,
      "+ orders_api in shop_orders_rw: by postgres",
      "+ schema orders: owner shop_orders_owner",
      "+ functions to come by postgres: not for PUBLIC",
      "+ functions to come by shop_orders_owner: not for PUBLIC",
      "- PUBLIC on database shop: CONNECT, TEMPORARY",
      "- PUBLIC on schema public: USAGE",
      "+ shop_orders_owner on database shop: CONNECT",
      "+ shop_orders_ro on database shop: CONNECT",
      "+ shop_orders_ro on schema orders: USAGE",
      "+ shop_orders_ro on sequences to come by shop_orders_owner in orders: SELECT",
      "+ shop_orders_ro on tables to come by shop_orders_owner in orders: SELECT",
      "+ shop_orders_rw on database shop: CONNECT",
      "+ shop_orders_rw on functions to come by shop_orders_owner in orders: EXECUTE",
      "+ shop_orders_rw on schema orders: USAGE",
      "+ shop_orders_rw on sequences to come by shop_orders_owner in orders: SELECT, USAGE",
      "+ shop_orders_rw on tables to come by shop_orders_owner in orders: DELETE, INSERT, SELECT, UPDATE",
    ]);
    expect(await dryRun(script(FILE))).toEqual(says);
    expect(change(script(FILE))).toEqual(CHANGED);
    expect(runScript(server, folder, script(FILE), "-v", "dry_run=1")).toEqual(NOTHING);
  });

  promise("it names whatever somebody did by hand, and mends nothing", async () => {
    change(script(FILE));
    await rows(
      `SET ROLE shop_orders_owner; CREATE TABLE orders.item (id int);
       CREATE FUNCTION orders.one(int) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      "shop",
    );
    for (const [statement, says, user = SUPERUSER] of BY_HAND) {
      await rows(statement, "shop", user);
      expect([statement, await dryRun(script(FILE))]).toEqual([
        statement,
        expect.arrayContaining([WOULD_CHANGE, says]),
      ]);
      expect([statement, change(script(FILE))]).toEqual([statement, CHANGED]);
      expect(runScript(server, folder, script(FILE), "-v", "dry_run=1")).toEqual(NOTHING);
    }
  });

  promise("many tables that get the same are one line", async () => {
    change(script(FILE));
    await rows(
      `SET ROLE shop_orders_owner; DO $$ BEGIN FOR n IN 1..30 LOOP
       EXECUTE format('CREATE TABLE orders.t%s (id int)', n); END LOOP; END $$;
       REVOKE ALL ON ALL TABLES IN SCHEMA orders FROM shop_orders_ro`,
      "shop",
    );
    expect(await dryRun(script(FILE))).toEqual([
      WOULD_CHANGE,
      "+ shop_orders_ro on tables of orders: SELECT (t1, t10, t11, t12, t13, and 25 more)",
    ]);
  });

  promise("new names of a schema and of a database are said, and both stay what they are", async () => {
    const renamed = (names: string) => FILE.replace("  services:", `  renamed: { ${names} }\n  services:`);
    change(script(FILE));
    const sales = renamed("shop.orders: shop.sales")
      .replace("[orders]", "[sales]")
      .replaceAll("shop.orders:", "shop.sales:");
    const toSales = sales.replace(
      "renamed: { shop.sales: shop.sales }",
      "renamed: { shop.orders: shop.sales }",
    );
    expect(await dryRun(script(toSales))).toEqual([
      WOULD_CHANGE,
      "~ role shop_orders_owner: becomes shop_sales_owner",
      "~ role shop_orders_ro: becomes shop_sales_ro",
      "~ role shop_orders_rw: becomes shop_sales_rw",
      "- sessions of mover: role=shop_orders_owner",
      "+ sessions of mover: role=shop_sales_owner",
      "~ schema orders: becomes sales",
    ]);
    const store = renamed("shop: store")
      .replace("shop: [", "store: [")
      .replaceAll(" shop.orders:", " store.orders:");
    expect(await dryRun(script(store, "store"))).toEqual([
      WOULD_CHANGE,
      "~ database shop: becomes store",
      "~ role shop_orders_owner: becomes store_orders_owner",
      "~ role shop_orders_ro: becomes store_orders_ro",
      "~ role shop_orders_rw: becomes store_orders_rw",
      "- sessions of mover: role=shop_orders_owner",
      "+ sessions of mover: role=store_orders_owner",
    ]);
    expect(change(script(store, "store"))).toEqual(CHANGED);
    expect(await dryRun(script(store, "store"), "store")).toEqual(["Dry run: nothing would change."]);
    await rows("ALTER DATABASE store RENAME TO shop", "postgres");
    expect(await dryRun(script(store, "store"))).toEqual([WOULD_CHANGE, "~ database shop: becomes store"]);
  });

  promise(
    "what is neither yes nor no stops it before anything is done, and no is a run for real",
    async () => {
      for (const value of ["", "ture", "2", "'; DROP ROLE postgres; --"]) {
        const { status, stdout, stderr } = runScript(server, folder, script(FILE), "-v", `dry_run=${value}`);
        expect([value, status, stdout]).toEqual([value, 3, ""]);
        expect(stderr).toContain("invalid input syntax for type boolean");
        expect(await rows("SELECT FROM pg_database WHERE datname = 'shop'")).toEqual([]);
      }
      for (const value of ["0", "off", "no"]) {
        expect(runScript(server, folder, script(FILE), "-v", `dry_run=${value}`).stdout).toMatch(/change/);
      }
      expect(await rows("SELECT FROM pg_database WHERE datname = 'shop'")).toHaveLength(1);
    },
  );

  promise("where the run would stop with an error it stops with the same", async () => {
    change(script(FILE));
    await rows("CREATE TABLE orders.alien (); ALTER TABLE orders.alien OWNER TO rdsadmin", "shop");
    const before = await catalogs("shop");
    for (const args of [["-v", "dry_run=1"], []]) {
      const { status, stdout, stderr } = runScript(server, folder, script(FILE), ...args);
      expect([status, stdout]).toEqual([3, ""]);
      expect(stderr).toContain("TABLE orders.alien belongs to rdsadmin");
    }
    expect(await catalogs("shop")).toEqual(before);
  });

  promise("a name cannot write to the terminal", async () => {
    change(script(FILE));
    const role = '"\u001b[2Jgone\n- \u009b all \u202e"';
    await rows(`CREATE ROLE ${role}`, "postgres", ADMIN_USER);
    await rows(`GRANT ${role} TO orders_api`, "postgres", ADMIN_USER);
    expect(await dryRun(script(FILE))).toEqual([
      WOULD_CHANGE,
      "- orders_api in ?[2Jgone?- ? all ?: by postgres",
    ]);
  });
});
