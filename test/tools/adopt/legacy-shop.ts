import type { Client } from "pg";
import { ADMIN_USER, SUPERUSER } from "../../../model/postgresql/names";
import type { EmbeddedServer } from "../../../tools/postgres/embedded-server";

/** Roles as somebody made them by hand on RDS: the admin, who is no superuser. */
const ROLES = `
  CREATE ROLE shop_app LOGIN PASSWORD 'old';
  CREATE ROLE deployer LOGIN PASSWORD 'old';
  CREATE ROLE analysts;
  CREATE ROLE reporting LOGIN PASSWORD 'old' IN ROLE analysts;
  CREATE ROLE "Quo""ted" LOGIN PASSWORD 'old';
  CREATE ROLE bystander LOGIN PASSWORD 'old';
  ALTER ROLE deployer SET statement_timeout = '5s';
  ALTER ROLE deployer IN DATABASE shop SET search_path = billing, public;
  GRANT shop_app, deployer TO CURRENT_USER`;

/** What an application's migrations left in public, unqualified as they write it. */
const APPLICATION = `
  CREATE TYPE status AS ENUM ('new', 'paid');
  CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
  CREATE TYPE spot AS (x int, y int);
  CREATE COLLATION german (provider = icu, locale = 'de');
  CREATE TABLE users (id serial PRIMARY KEY, email email NOT NULL UNIQUE, place spot);
  CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id int REFERENCES users, state status DEFAULT 'new',
    total numeric DEFAULT 0, note text COLLATE german);
  CREATE INDEX ON orders (user_id);
  CREATE STATISTICS orders_stats ON user_id, state FROM orders;
  CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
  CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE events_rest PARTITION OF events DEFAULT;
  CREATE TABLE "We""ird.Table" ("Col""umn" text);
  CREATE SEQUENCE invoice_numbers START 1000;
  CREATE VIEW paid AS SELECT o.id, u.email FROM orders o JOIN users u ON u.id = o.user_id WHERE state = 'paid';
  CREATE MATERIALIZED VIEW totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY 1;
  CREATE FUNCTION next_invoice() RETURNS bigint LANGUAGE sql AS 'SELECT nextval(''invoice_numbers'')';
  CREATE FUNCTION log_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO events VALUES ('2025-05-05', TG_OP); RETURN NEW; END $$;
  CREATE FUNCTION user_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM users';
  CREATE FUNCTION "Fn""x"("a""b" int) RETURNS int LANGUAGE sql AS 'SELECT $1';
  CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM events WHERE what = ''old''';
  CREATE AGGREGATE largest(int) (SFUNC = int4larger, STYPE = int);
  CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
  CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple);
  CREATE TRIGGER logged AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION log_order();
  CREATE TABLE tenants (id int, name text);
  ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
  CREATE POLICY everybody ON tenants USING (true) WITH CHECK (true);
  INSERT INTO users (email) SELECT 'user' || n || '@example.com' FROM generate_series(1, 50) n;
  INSERT INTO orders (user_id, state, total) SELECT 1 + n % 50, CASE WHEN n % 2 = 0 THEN 'paid' ELSE 'new' END::status, n FROM generate_series(1, 200) n;
  INSERT INTO events VALUES ('2024-01-01', 'old');
  INSERT INTO "We""ird.Table" VALUES ('Ünïcode');
  INSERT INTO tenants VALUES (1, 'one');
  REFRESH MATERIALIZED VIEW totals;
  GRANT SELECT ON ALL TABLES IN SCHEMA public TO analysts;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO analysts;
  ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
  GRANT SELECT ("Col""umn") ON "We""ird.Table" TO "Quo""ted" WITH GRANT OPTION;
  GRANT INSERT ON users TO PUBLIC`;

/** A schema of another owner, which the application writes to. */
const BILLING = `
  CREATE SCHEMA billing;
  CREATE TABLE billing.invoices (id bigserial PRIMARY KEY, order_id int, amount numeric);
  INSERT INTO billing.invoices (order_id, amount) SELECT n, n * 2 FROM generate_series(1, 20) n;
  GRANT USAGE ON SCHEMA billing TO shop_app, analysts;
  GRANT SELECT, INSERT, UPDATE ON billing.invoices TO shop_app;
  GRANT USAGE ON SEQUENCE billing.invoices_id_seq TO shop_app;
  GRANT SELECT ON billing.invoices TO analysts`;

/** The access section that such a server may become. */
export const LEGACY_ACCESS = `access:
  databases: { shop: { schemas: [app, billing], extensions: [hstore] } }
  adopted: { shop: { public: app } }
  namespaces: { shop: {} }
  services:
    shop-app-iam: { namespace: shop, grants: { shop.app: read-write, shop.billing: read-write } }
    shop-app-migrations: { namespace: shop, grants: { shop.app: owner } }
    reporting-iam: { namespace: shop, grants: { shop.app: read-only, shop.billing: read-only } }
    deployer: { namespace: shop, grants: { shop.billing: owner } }
`;

/** Everything that must be the same after a move, wherever it is then. */
const CONTENTS = ["users", "orders", "events", '"We""ird.Table"', "paid", "totals", "tenants"];

/** A server of a company that began with one database and a password. */
export async function makeLegacyShop(server: EmbeddedServer): Promise<void> {
  await as(server, ADMIN_USER, "postgres", async (admin) => {
    await admin.query("CREATE DATABASE shop");
    await admin.query(ROLES);
    await admin.query("ALTER DATABASE shop OWNER TO shop_app");
  });
  await as(server, SUPERUSER, "shop", async (superuser) => {
    await superuser.query(
      "CREATE EXTENSION hstore SCHEMA public; GRANT ALL ON SCHEMA public TO shop_app; GRANT CREATE ON DATABASE shop TO deployer",
    );
  });
  await as(server, "shop_app", "shop", (client) => client.query(APPLICATION));
  await as(server, "deployer", "shop", (client) => client.query(BILLING));
  await as(server, ADMIN_USER, "postgres", (admin) =>
    admin.query("REVOKE shop_app, deployer FROM CURRENT_USER; GRANT rds_iam TO deployer"),
  );
}

/** What is in the application's tables, as a superuser sees it in a schema. */
export function contents(server: EmbeddedServer, schema: string): Promise<unknown> {
  return as(server, SUPERUSER, "shop", async (client) => {
    await client.query(`SET search_path = ${schema}`);
    const all = CONTENTS.map((name) => `SELECT '${name}' AS of, t::text FROM ${name} t`).join(" UNION ALL ");
    return (await client.query(`${all} ORDER BY 1, 2`)).rows;
  });
}

/** Does something as somebody. */
export async function as<Result>(
  server: EmbeddedServer,
  user: string,
  database: string,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await server.connect({ user, database });
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Everything that a move changes, of all that is a user's: owners, privileges, memberships, settings. */
export function rights(server: EmbeddedServer): Promise<unknown> {
  return as(server, SUPERUSER, "shop", async (client) => {
    const rows = async (sql: string) => (await client.query(sql)).rows;
    return [
      await rows("SELECT * FROM pg_database WHERE datname = 'shop'"),
      await rows("SELECT * FROM pg_roles ORDER BY oid"),
      await rows("SELECT to_jsonb(m) - 'oid' AS row FROM pg_auth_members m ORDER BY roleid, member, grantor"),
      await rows("SELECT * FROM pg_db_role_setting ORDER BY setdatabase, setrole"),
      await rows("SELECT to_jsonb(d) - 'oid' AS row FROM pg_default_acl d ORDER BY 1"),
      await rows("SELECT * FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY oid"),
      await rows("SELECT oid, relnamespace, relowner, relacl FROM pg_class WHERE oid >= 16384 ORDER BY oid"),
      await rows("SELECT oid, pronamespace, proowner, proacl FROM pg_proc WHERE oid >= 16384 ORDER BY oid"),
      await rows("SELECT oid, typnamespace, typowner FROM pg_type WHERE oid >= 16384 ORDER BY oid"),
    ];
  });
}
