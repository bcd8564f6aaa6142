import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { expectation } from "../../model/access/expectation";
import { accessPlan } from "../../model/access/plan";
import { databaseScript } from "../../model/access/sql";
import { ADMIN_USER, SUPERUSER } from "../../model/postgresql/names";
import { compareCatalog } from "../../tools/verify/compare-catalog";
import { readCatalog } from "../../tools/verify/read-catalog";
import { parse } from "../helpers/environment";
import { catalogReader } from "../helpers/postgres";
import { run } from "../helpers/run";
import { testUnless } from "../helpers/skip";
import { AccessDeployment } from "./helpers/access-deployment";
import { missing as missingTools, succeeded } from "./helpers/local-deployment";
import { beyondNotKept } from "./helpers/not-kept";
import { planned } from "./helpers/plan-json";
import { providerMissing } from "./helpers/providers";

jest.setTimeout(300_000);
const missing =
  missingTools ??
  providerMissing("cyrilgdn/postgresql") ??
  (run("psql", ["--version"]).status === 0 ? undefined : "psql is not installed");
const STACK = "dev-access";
const yaml = readFileSync(join(__dirname, "environment.yaml"), "utf8");
const SCHEMA_RENAMED = yaml.replaceAll("orders]", "sales]").replaceAll("shop.orders", "shop.sales");
const DATABASE_RENAMED = yaml.replaceAll("shop: [", "store: [").replaceAll("shop.", "store.");
/** A file without one of its two schemas, and without who owned it. */
const without = (target: string, text: string) => {
  const [, schema = ""] = target.split(".");
  return text
    .replace(`[billing, ${schema}]`, "[billing]")
    .replaceAll(new RegExp(`, ${target}: \\S+|${target}: read-write, `, "g"), "")
    .replace(/ {4}orders-migrations:[\s\S]*?owner \}\n/, "");
};
const SCHEMA_GONE = without("shop.orders", yaml);
const NAMESPACE_RENAMED = yaml
  .replaceAll("namespace: shop", "namespace: store")
  .replace("{ shop: {} }", "{ store: {} }");
const READ = "SELECT value FROM orders.kept";

/** A file that says what was called otherwise. */
const renamed = (text: string, names: string) =>
  text.replace("  services:", `  renamed: { ${names} }\n  services:`);
/** What a run refuses to destroy, in the guard's words. */
const refused = (said: string) =>
  [...said.replace(/\s+/g, " ").matchAll(/Resource terraform_data\.protected\["([^"]+)"\] has/g)]
    .map(([, name]) => name)
    .sort();

// One access stack with deletion protection, and a table in it: each test goes on where the one before it ended.
describe("a schema or database that is renamed or removed in the file", () => {
  let local: AccessDeployment;

  beforeAll(async () => {
    if (missing) return;
    local = await AccessDeployment.start();
    await local.synth(yaml);
    succeeded(await local.terraform.init(STACK));
    succeeded(await local.terraform.apply(STACK));
    // Terraform cannot give the admin its settings: once, somebody runs what verify prints.
    for (const { fix = "" } of await differences(yaml)) await query(ADMIN_USER, "postgres", fix);
    await query(
      SUPERUSER,
      "shop",
      "SET ROLE shop_orders_owner; CREATE TABLE orders.kept AS SELECT 1 AS value",
    );
  });
  afterAll(() => local?.stop());

  const query = async (user: string, database: string, sql: string) => {
    const client = await local.server.connect({ user, database });
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const psql = (script: string) => {
    const file = join(local.terraform.folder, "script.sql");
    writeFileSync(file, script);
    const { server } = local;
    const connection = `host=localhost port=${server.port} user=${ADMIN_USER} dbname=postgres sslmode=verify-full sslrootcert=${server.caFile}`;
    const said = run("psql", ["-X", connection, "-f", file], { env: { PGPASSWORD: server.adminPassword } });
    expect(said).toMatchObject({ status: 0, stdout: "changed\n" });
  };
  const changes = async () => beyondNotKept(STACK, await planned(local.terraform, STACK));
  const connect = (database?: string) => catalogReader(local.server)(database);
  /** What differs between the live database and the plan of an environment file. */
  const differences = async (text: string) => {
    const expected = expectation(accessPlan(parse(text)));
    return compareCatalog(expected, await readCatalog(expected, connect)).findings;
  };

  const accidents = {
    "a schema that is renamed": [SCHEMA_RENAMED, ["schema shop.orders"]],
    "a schema that is gone": [SCHEMA_GONE, ["schema shop.orders"]],
    "a database that is renamed": [
      DATABASE_RENAMED,
      ["database shop", "schema shop.billing", "schema shop.orders"],
    ],
    "a namespace that is renamed": [NAMESPACE_RENAMED, ["namespace shop"]],
  } as const;
  for (const [what, [text, names]] of Object.entries(accidents)) {
    testUnless(missing, `${what} fails the plan by name, and nobody loses a privilege`, async () => {
      await local.synth(text);
      const { status, text: said } = await local.terraform.apply(STACK);
      expect(status).toBe(1);
      expect(refused(said)).toEqual(names);
      expect(await differences(yaml)).toEqual([]);
      expect(await query("orders_api", "shop", READ)).toEqual([{ value: 1 }]);
    });
  }

  testUnless(missing, "once the file is as it was, there is nothing to change", async () => {
    await local.synth(yaml);
    expect(await changes()).toEqual({});
  });

  testUnless(missing, "a new name in `renamed` is refused as long as the SQL has not been run", async () => {
    await local.synth(renamed(SCHEMA_RENAMED, "shop.orders: shop.sales"));
    const { status, text } = await local.terraform.apply(STACK);
    expect([status, text]).toEqual([1, expect.stringContaining("Cannot import non-existent remote object")]);
    expect(await differences(yaml)).toEqual([]);
  });

  const named = {
    "a schema": [SCHEMA_RENAMED, "shop.orders: shop.sales", "shop", /schema-orders|shop.orders/],
    "a database": [
      DATABASE_RENAMED.replaceAll("orders]", "sales]").replaceAll("store.orders", "store.sales"),
      "shop: store",
      "store",
      /database-shop|database shop|schema shop/,
    ],
  } as const;
  for (const [what, [text, names, database, old]] of Object.entries(named)) {
    testUnless(
      missing,
      `with it, ${what} has its new name from the SQL on; Terraform takes over what is there, and takes nothing away`,
      async () => {
        psql(databaseScript(accessPlan(parse(renamed(text, names))), database));
        expect(await query("orders_api", database, "SELECT value FROM sales.kept")).toEqual([{ value: 1 }]);
        await local.synth(renamed(text, names));
        const actions = Object.values(await changes()).map(({ action }) => action);
        expect(actions.filter((action) => ["delete", "replace"].includes(action))).toEqual([]);
        succeeded(await local.terraform.apply(STACK, "plan"));
        expect(await differences(text)).toEqual([]);
        expect(await changes()).toEqual({});
        await local.synth(text);
        expect(await changes()).toEqual({});
        const { text: addresses } = await local.terraform.run(STACK, "state", "list");
        expect(addresses).not.toMatch(old);
        expect(await query("orders_api", database, "SELECT value FROM sales.kept")).toEqual([{ value: 1 }]);
      },
    );
  }

  testUnless(missing, "without deletion protection, a schema without tables goes, and no other", async () => {
    const [before] = named["a database"];
    const gone = without("store.sales", before);
    const unprotected = gone.replace("deletionProtection: true", "deletionProtection: false");
    await query(SUPERUSER, "store", "DROP TABLE sales.kept");
    await local.synth(unprotected);
    // What PUBLIC lost on functions is kept under the owner's name, and only SQL gives it back (docs/deploying.md).
    const stopped = await local.terraform.apply(STACK);
    expect([stopped.status, stopped.text]).toEqual([1, expect.stringContaining("some objects depend on it")]);
    await query(
      ADMIN_USER,
      "store",
      "GRANT store_sales_owner TO CURRENT_USER; ALTER DEFAULT PRIVILEGES FOR ROLE store_sales_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
    );
    succeeded(await local.terraform.apply(STACK));
    expect(await differences(gone)).toEqual([]);
    expect(await query(SUPERUSER, "store", "SELECT FROM pg_namespace WHERE nspname = 'sales'")).toEqual([]);
    await local.synth(gone);
    expect(await changes()).toEqual({});
  });
});
