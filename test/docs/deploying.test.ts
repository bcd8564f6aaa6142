import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Client } from "pg";
import { accessPlan } from "../../model/access/plan";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { parse } from "../helpers/environment";
import { outcome } from "../helpers/postgres";

const PLAN = accessPlan(
  parse(`name: dev
account: "123456789012"
region: eu-west-1
access:
  databases: { shop: [orders] }
  namespaces: { shop: {} }
  services:
    orders-api: { namespace: shop, grants: { shop.orders: read-write } }
    orders-migrations: { namespace: shop, grants: { shop.orders: owner } }
`),
);

let server: EmbeddedServer;
beforeAll(async () => {
  server = await startServer();
}, 120_000);
afterAll(() => server?.stop());

test("docs/deploying.md moves a service from a password to IAM while its old login goes on working", async () => {
  // What many start from: one user with a password, who owns everything.
  const admin = await server.connect();
  await admin.query("CREATE ROLE orders_app LOGIN PASSWORD 'old' IN ROLE rds_password");
  await admin.query("GRANT orders_app TO CURRENT_USER");
  await admin.query("CREATE DATABASE shop");
  const before = await server.connect({ database: "shop" });
  await before.query("CREATE SCHEMA orders AUTHORIZATION orders_app");
  await admin.query("REVOKE orders_app FROM CURRENT_USER");
  const old = await server.connect({ user: "orders_app", database: "shop" });
  await old.query("CREATE TABLE orders.items (id serial PRIMARY KEY, name text)");
  await old.query("INSERT INTO orders.items (name) VALUES ('before')");

  await runDocumented(before, "REASSIGN OWNED BY");
  await server.apply(PLAN);

  const add = "INSERT INTO orders.items (name) VALUES ('after')";
  const api = await server.connect({ user: "orders_api", database: "shop" });
  expect((await api.query("SELECT name FROM orders.items")).rows).toEqual([{ name: "before" }]);
  const again = await server.connect({ user: "orders_app", database: "shop" });
  const migrations = await server.connect({ user: "orders_migrations", database: "shop" });
  for (const client of [old, again, api, migrations]) expect(await outcome(client, add)).toBe("allowed");
  await migrations.query("CREATE TABLE orders.refunds (id serial PRIMARY KEY)");
  for (const client of [old, again, api, migrations]) {
    expect(await outcome(client, "INSERT INTO orders.refunds DEFAULT VALUES")).toBe("allowed");
  }

  await admin.query("ALTER ROLE orders_app NOLOGIN");
  await runDocumented(before, "DROP OWNED BY");
  expect(await outcome(api, add)).toBe("allowed");
}, 60_000);

test("docs/deploying.md ends the sessions of a login that holds deployments up, and keeps it out", async () => {
  await server.apply(PLAN);
  const login = await server.connect({ user: "orders_api", database: "shop" });
  await login.query("SELECT pg_advisory_lock(hashtext('access-plan'))");
  const ended = new Promise((resolve) => login.once("end", resolve));
  await runDocumented(await server.connect(), "ALTER ROLE orders_api NOLOGIN");
  await ended;
  await expect(server.connect({ user: "orders_api", database: "shop" })).rejects.toThrow(
    "not permitted to log in",
  );
  expect(await server.apply(PLAN)).toEqual(["changed"]);
  await server.connect({ user: "orders_api", database: "shop" });
}, 60_000);

/** Runs the SQL block of the page that holds a text. */
async function runDocumented(client: Client, marker: string): Promise<void> {
  const page = readFileSync("docs/deploying.md", "utf8");
  const block = [...page.matchAll(/^ *```sql\n([\s\S]*?)```/gm)].find(([, sql]) =>
    sql?.includes(marker),
  )?.[1];
  if (block === undefined) throw new Error(`docs/deploying.md has no SQL with ${marker}`);
  await client.query(block);
}
