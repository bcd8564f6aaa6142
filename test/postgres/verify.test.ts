import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import { type Expectation, expectation } from "../../model/access/expectation";
import { type AccessPlan, accessPlan } from "../../model/access/plan";
import { databaseSql } from "../../model/access/sql";
import { LEVEL_NAMES } from "../../model/postgresql/levels";
import { ADMIN_USER, SUPERUSER } from "../../model/postgresql/names";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import type { CatalogConnection } from "../../tools/catalog/read-only";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { compareCatalog } from "../../tools/verify/compare-catalog";
import type { Verification } from "../../tools/verify/finding";
import { readCatalog } from "../../tools/verify/read-catalog";
import { MINIMAL, parse, testEnvironment } from "../helpers/environment";
import { oneIn, versionsToTry } from "../helpers/extent";
import { catalogReader, Deployment } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";
import { BEYOND_THE_FILE, type Drift } from "./beyond-the-file";

const plan = accessPlan(testEnvironment("dev"));

const ORDERS_TABLES = "tables that shop_orders_owner creates in shop.orders";
const CASES: Readonly<Record<string, Drift>> = {
  ...BEYOND_THE_FILE,
  "a membership": {
    as: "postgres",
    sql: "GRANT shop_orders_rw TO billing_worker",
    findings: ["extra membership: database user billing_worker is a member of shop_orders_rw"],
  },
  "a membership with the right to pass it on, used": {
    sql: "GRANT shop_orders_ro TO billing_worker WITH ADMIN OPTION; SET ROLE billing_worker; GRANT shop_orders_ro TO on_call",
    findings: ["extra membership: database user billing_worker is a member of shop_orders_ro"],
  },
  "a membership taken away": {
    as: "postgres",
    sql: "REVOKE shop_orders_rw FROM orders_api",
    findings: ["missing membership: database user orders_api is not a member of shop_orders_rw"],
    mendedBy: "apply",
  },
  "a membership without its privileges": {
    as: "postgres",
    since: 16,
    sql: "GRANT shop_orders_rw TO orders_api WITH INHERIT FALSE",
    findings: [
      "different membership: database user orders_api is a member of shop_orders_rw without its privileges (INHERIT FALSE or SET FALSE)",
    ],
  },
  "the right to grant a group on": {
    as: "postgres",
    sql: "GRANT shop_orders_rw TO orders_api WITH ADMIN OPTION",
    findings: [
      "different membership: database user orders_api may make others members of shop_orders_rw (ADMIN OPTION)",
    ],
  },
  "a login that the admin inherits": {
    as: "postgres",
    sql: "GRANT orders_api TO postgres",
    findings: [
      "extra membership: admin postgres inherits rds_iam through orders_api: RDS asks it for an IAM token and refuses its password",
    ],
  },
  "the right to read everything": {
    sql: 'GRANT pg_read_all_data TO "a stranger"',
    findings: ["extra membership: role a stranger is a member of pg_read_all_data"],
  },
  "an IAM login": {
    as: "postgres",
    sql: "CREATE ROLE hand_made LOGIN IN ROLE rds_iam",
    findings: [
      "extra role: database user hand_made logs in with an IAM token, and test/environments/dev.yaml does not know it",
    ],
    after: "DROP ROLE hand_made",
  },
  "a password": {
    as: "postgres",
    sql: "ALTER ROLE orders_api PASSWORD 'secret'",
    findings: ["extra password: database user orders_api has a password"],
  },
  "role attributes": {
    as: "postgres",
    sql: "ALTER ROLE orders_api CREATEDB CREATEROLE NOINHERIT CONNECTION LIMIT 3",
    findings: [
      "different role: database user orders_api has CONNECTION LIMIT 3, CREATEDB, CREATEROLE, NOINHERIT, which is not planned",
    ],
  },
  "a group that logs in": {
    as: "postgres",
    sql: "ALTER ROLE shop_orders_rw LOGIN",
    findings: ["different role: group role shop_orders_rw has LOGIN, which is not planned"],
  },
  "settings of roles": {
    as: "postgres",
    sql: `ALTER ROLE orders_api SET search_path = evil, "$user"; ALTER ROLE orders_api IN DATABASE shop SET statement_timeout = '9s'`,
    findings: [
      'extra setting: database user orders_api has the setting search_path=evil, "$user"',
      "extra setting: database user orders_api has the setting statement_timeout=9s in the database shop",
    ],
  },
  "another session role": {
    as: "postgres",
    sql: "ALTER ROLE orders_migrations SET role = shop_billing_owner",
    findings: [
      "different setting: database user orders_migrations has the setting role=shop_billing_owner in place of role=shop_orders_owner",
    ],
  },
  "no session role": {
    as: "postgres",
    sql: "ALTER ROLE orders_migrations RESET role",
    findings: ["missing setting: database user orders_migrations lacks the setting role=shop_orders_owner"],
    mendedBy: "apply",
  },
  "the admin's own settings": {
    as: "postgres",
    sql: "ALTER ROLE postgres RESET search_path; ALTER ROLE postgres SET lock_timeout = 0; ALTER ROLE postgres IN DATABASE shop SET search_path = public",
    findings: [
      'missing setting: admin postgres lacks the setting search_path=""',
      "different setting: admin postgres has the setting lock_timeout=0 in place of lock_timeout=60s",
      "extra setting: admin postgres has the setting search_path=public in the database shop",
    ],
  },
  "the right to create in public, for a stranger too": {
    sql: 'GRANT USAGE, CREATE ON SCHEMA public TO "a stranger"',
    findings: ["extra grant: schema shop.public a stranger has CREATE"],
    after: 'REVOKE ALL ON SCHEMA public FROM "a stranger"',
  },
  "a login dropped": {
    as: "postgres",
    sql: "DROP ROLE orders_api",
    findings: ["missing role: database user orders_api there is no such role"],
    mendedBy: "apply",
  },
  "PUBLIC on the database": {
    as: "postgres",
    sql: "GRANT CONNECT, TEMPORARY ON DATABASE shop TO PUBLIC",
    findings: ["extra grant: database shop PUBLIC has CONNECT, TEMPORARY"],
  },
  "the right to create schemas": {
    as: "postgres",
    sql: "GRANT CREATE ON DATABASE shop TO orders_api",
    findings: ["extra grant: database shop orders_api has CREATE"],
  },
  "the right to connect taken away": {
    as: "postgres",
    sql: "REVOKE CONNECT ON DATABASE shop FROM shop_orders_rw",
    findings: ["missing grant: database shop shop_orders_rw lacks CONNECT"],
    mendedBy: "apply",
  },
  "PUBLIC on the schema public": {
    sql: "GRANT USAGE ON SCHEMA public TO PUBLIC",
    findings: ["extra grant: schema shop.public PUBLIC has USAGE"],
  },
  "a stranger on a schema": {
    sql: 'GRANT USAGE ON SCHEMA orders TO "a stranger"',
    findings: ["extra grant: schema shop.orders a stranger has USAGE"],
  },
  "PUBLIC on a table": {
    sql: "GRANT SELECT ON orders.present_table TO PUBLIC",
    findings: ["extra grant: table shop.orders.present_table PUBLIC has SELECT"],
  },
  "more on a view for the group that may only read it": {
    sql: "GRANT SELECT, UPDATE, TRIGGER ON orders.present_view TO shop_orders_ro WITH GRANT OPTION",
    findings: [
      `extra grant: view shop.orders.present_view shop_orders_ro has TRIGGER, UPDATE and may grant SELECT, TRIGGER, UPDATE on to others`,
    ],
  },
  "PUBLIC on a column": {
    sql: "GRANT SELECT (id), UPDATE (value) ON orders.present_table TO PUBLIC",
    findings: [
      "extra grant: column shop.orders.present_table.id PUBLIC has SELECT",
      "extra grant: column shop.orders.present_table.value PUBLIC has UPDATE",
    ],
  },
  "a login on a sequence": {
    sql: "GRANT UPDATE ON SEQUENCE orders.future_sequence TO orders_api",
    findings: ["extra grant: sequence shop.orders.future_sequence orders_api has UPDATE"],
  },
  "rights on a materialized view taken away": {
    sql: "REVOKE SELECT ON orders.present_matview FROM shop_orders_ro",
    findings: ["missing grant: materialized view shop.orders.present_matview shop_orders_ro lacks SELECT"],
    mendedBy: "apply",
  },
  "default privileges": {
    sql: "ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner IN SCHEMA orders GRANT SELECT ON TABLES TO PUBLIC",
    findings: [`extra default privilege: ${ORDERS_TABLES} PUBLIC has SELECT`],
  },
  "default privileges in every schema": {
    sql: "ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner GRANT USAGE ON SEQUENCES TO orders_api",
    findings: [
      "extra default privilege: sequences that shop_orders_owner creates in any schema of shop orders_api has USAGE",
    ],
  },
  "default privileges taken away": {
    sql: "ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner IN SCHEMA orders REVOKE DELETE ON TABLES FROM shop_orders_rw",
    findings: [`missing default privilege: ${ORDERS_TABLES} shop_orders_rw lacks DELETE`],
    mendedBy: "apply",
  },
  "default privileges of everybody on functions": {
    sql: `ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
      ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
      ALTER DEFAULT PRIVILEGES FOR ROLE shop_billing_owner IN SCHEMA billing GRANT EXECUTE ON FUNCTIONS TO PUBLIC`,
    findings: [
      "extra default privilege: functions that postgres creates in any schema of shop PUBLIC has EXECUTE",
      "extra default privilege: functions that shop_billing_owner creates in shop.billing PUBLIC has EXECUTE",
      "extra default privilege: functions that shop_orders_owner creates in any schema of shop PUBLIC has EXECUTE",
    ],
  },
  "functions that everybody may execute": {
    sql: "GRANT EXECUTE ON ALL ROUTINES IN SCHEMA orders TO PUBLIC",
    findings: [
      "extra grant: 6 SECURITY DEFINER routines in shop.orders: future_definer(), future_definer_procedure(), future_trigger(), present_definer(), present_definer_procedure(), present_trigger() PUBLIC has EXECUTE",
      "extra grant: 6 routines in shop.orders: future_aggregate(integer), future_function(), future_procedure(), present_aggregate(integer), present_function(), present_procedure() PUBLIC has EXECUTE",
    ],
    mendedBy: "apply",
  },
  "a function with its owner's rights that a reader may execute": {
    sql: "GRANT EXECUTE ON FUNCTION orders.present_definer() TO shop_orders_ro",
    findings: [
      "extra grant: SECURITY DEFINER routine shop.orders.present_definer() shop_orders_ro has EXECUTE",
    ],
  },
  "a function that was a reader's to execute, and now has its owner's rights": {
    sql: "GRANT EXECUTE ON FUNCTION orders.future_function() TO shop_orders_ro; ALTER FUNCTION orders.future_function() SECURITY DEFINER",
    findings: [
      "extra grant: SECURITY DEFINER routine shop.orders.future_function() shop_orders_ro has EXECUTE",
    ],
    mendedBy: "apply",
    after: "ALTER FUNCTION orders.future_function() SECURITY INVOKER",
  },
  "a function that a login may execute, and pass on": {
    sql: "GRANT EXECUTE ON FUNCTION orders.future_function() TO orders_api WITH GRANT OPTION",
    findings: [
      "extra grant: routine shop.orders.future_function() orders_api has EXECUTE and may grant EXECUTE on to others",
    ],
  },
  "a function that a login made for itself": {
    as: "orders_migrations",
    sql: "SET ROLE NONE; CREATE FUNCTION orders.own() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    findings: [
      "missing grant: SECURITY DEFINER routine shop.orders.own() shop_orders_rw lacks EXECUTE",
      "different owner: SECURITY DEFINER routine shop.orders.own() belongs to orders_migrations in place of shop_orders_owner",
      "extra grant: SECURITY DEFINER routine shop.orders.own() PUBLIC has EXECUTE",
    ],
    after: "DROP FUNCTION orders.own()",
  },
  "rights on a procedure taken away": {
    sql: "REVOKE EXECUTE ON PROCEDURE orders.future_procedure() FROM shop_orders_rw",
    findings: ["missing grant: routine shop.orders.future_procedure() shop_orders_rw lacks EXECUTE"],
  },
  "a function of the admin's in a schema that everybody may use": {
    sql: `CREATE FUNCTION public.harmless() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION public.harmless() OWNER TO postgres;
      CREATE FUNCTION public.admins() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; ALTER FUNCTION public.admins() OWNER TO postgres;
      GRANT USAGE ON SCHEMA public TO PUBLIC`,
    findings: [
      "extra grant: SECURITY DEFINER routine shop.public.admins() PUBLIC has EXECUTE",
      "extra grant: schema shop.public PUBLIC has USAGE",
    ],
    after: "DROP FUNCTION public.admins(), public.harmless()",
  },
  "the owner of a table": {
    sql: "ALTER TABLE orders.present_table OWNER TO orders_api",
    findings: [
      "different owner: table shop.orders.present_table belongs to orders_api in place of shop_orders_owner",
    ],
  },
  "the owner of a function": {
    sql: "ALTER FUNCTION orders.future_function() OWNER TO billing_worker",
    findings: [
      "different owner: routine shop.orders.future_function() belongs to billing_worker in place of shop_orders_owner",
    ],
  },
  "types that others own": {
    sql: `CREATE TYPE orders."Mood" AS ENUM ('good'); CREATE DOMAIN orders.amount AS int; CREATE TYPE orders.span AS RANGE (subtype = float8);
      ALTER TYPE orders."Mood" OWNER TO orders_api; ALTER DOMAIN orders.amount OWNER TO orders_api; ALTER TYPE orders.span OWNER TO orders_api`,
    findings: [
      'different owner: 3 types in shop.orders: "Mood", amount, span belong to orders_api in place of shop_orders_owner',
    ],
    after: 'DROP TYPE orders."Mood", orders.amount, orders.span',
  },
  "the owner of a schema": {
    sql: "ALTER SCHEMA billing OWNER TO orders_api",
    findings: ["different owner: schema shop.billing belongs to orders_api in place of shop_billing_owner"],
  },
  "the owner of the database": {
    sql: "ALTER DATABASE shop OWNER TO on_call",
    findings: ["different owner: database shop belongs to on_call in place of postgres"],
  },
  "a large object": {
    as: "orders_api",
    sql: "SELECT lo_create(4711)",
    findings: ["extra owner: database user orders_api owns the large object 4711 of the database shop"],
    after: "SELECT lo_unlink(4711)",
  },
  "a table in another database": {
    database: "postgres",
    sql: "CREATE TABLE public.mine (); ALTER TABLE public.mine OWNER TO orders_api",
    findings: ["extra owner: database user orders_api owns an object of the database postgres"],
    after: "DROP TABLE IF EXISTS public.mine",
  },
  "the right to connect to another database": {
    as: "postgres",
    sql: "GRANT CONNECT ON DATABASE postgres TO orders_api",
    findings: ["extra grant: database user orders_api has privileges on the database postgres"],
  },
  "a function of the system": {
    sql: "GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO orders_api",
    findings: [
      "extra grant: database user orders_api has privileges on the function pg_catalog.pg_read_file(pg_catalog.text) of the database shop",
    ],
  },
  "a schema emptied and dropped": {
    sql: "DROP SCHEMA billing CASCADE",
    findings: ["missing schema: schema shop.billing there is no such schema"],
    mendedBy: "apply",
  },
  "a group without its schema": {
    sql: "DROP SCHEMA billing; DROP OWNED BY shop_billing_ro; DROP ROLE shop_billing_ro",
    findings: [
      "missing schema: schema shop.billing there is no such schema",
      "missing role: group role shop_billing_ro there is no such role",
    ],
    mendedBy: "apply",
  },
  "a database dropped": {
    database: "postgres",
    sql: "DROP DATABASE shop WITH (FORCE)",
    findings: ["missing database: database shop there is no such database"],
    mendedBy: "apply",
  },
};

const summaries = ({ findings }: Verification) =>
  findings.map(({ kind, topic, subject, detail }) => `${kind} ${topic}: ${subject} ${detail}`);

/** A connection of the catalogs' reader, with a count of what it was asked. */
async function open(server: EmbeddedServer, user: string, database = "postgres", asked: string[] = []) {
  const { query, close } = await catalogReader(server, user)(database);
  const connection: CatalogConnection = {
    query: (sql, values) => {
      asked.push(sql);
      return query(sql, values);
    },
    close,
  };
  return connection;
}

async function verified(
  server: EmbeddedServer,
  expected: Expectation,
  user = SUPERUSER,
): Promise<Verification> {
  return compareCatalog(expected, await readCatalog(expected, (database) => open(server, user, database)));
}

/** Runs statements one after the other in a session of their own: each in a transaction of its own, too. */
async function execute(server: EmbeddedServer, user: string, database: string, ...statements: string[]) {
  const client = new Client(server.clientConfig({ user, database }));
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Puts a plan in place by its SQL. */
async function apply(server: EmbeddedServer, of: AccessPlan) {
  const admin = await server.connect();
  for (const { name } of of.databases) {
    const { create, apply } = databaseSql(of, name);
    const { rows } = await admin.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (rows.length === 0) await admin.query(create);
    await execute(server, "postgres", name, apply);
  }
  await admin.end();
}

describe.each(versionsToTry().map((state) => [state.version, state.unavailable] as const))(
  "on PostgreSQL %s",
  (version, unavailable) => {
    const expected = expectation(plan);
    let server: EmbeddedServer;
    let deployment: Deployment;
    beforeAll(async () => {
      if (unavailable !== undefined) return;
      server = await startServer({ version });
      deployment = await Deployment.of(server, plan);
      await deployment.close();
    }, 60_000);
    afterAll(() => server?.stop());

    testUnless(
      unavailable,
      "what the plan's SQL made is as planned, to a superuser, to the admin and to a person",
      async () => {
        expect(await verified(server, expected)).toMatchObject({ findings: [], notChecked: [] });
        for (const user of ["postgres", "on_call"]) {
          const { findings, notChecked, holds } = await verified(server, expected, user);
          expect(findings).toEqual([]);
          expect(notChecked.map(({ subject }) => subject)).toEqual(["passwords of roles"]);
          expect(holds).toMatchObject({
            database: 2,
            schema: 3,
            role: expected.roles.length,
            membership: 17,
            // Of three owners, and two of the admin.
            setting: 5,
            password: 0,
          });
        }
      },
    );

    for (const [name, each] of oneIn(3, Object.entries(CASES))) {
      if (each.since && version < each.since) continue;
      testUnless(unavailable, `${name}, by hand, is found and can be mended`, async () => {
        const { sql, as = SUPERUSER, database = "shop", mendedBy = "fixes", next, after } = each;
        await execute(server, as, database, ...sql.split(";"));
        if (next) await execute(server, next.as, database, next.sql);
        const found = await verified(server, expected);
        expect(summaries(found)).toEqual(each.findings);
        if (mendedBy === "apply") await apply(server, plan);
        else {
          for (const { fix = "", by = ADMIN_USER, database: at = "postgres" } of found.findings) {
            await execute(server, by === "superuser" ? SUPERUSER : by, at, fix);
          }
        }
        expect(summaries(await verified(server, expected))).toEqual([]);
        if (after) await execute(server, SUPERUSER, database, after);
      });
    }

    testUnless(
      unavailable,
      "functions that run with their caller's rights may be granted to readers by hand, and the plan's SQL leaves it so",
      async () => {
        const by = (does: string, whom: string) =>
          execute(
            server,
            SUPERUSER,
            "shop",
            `${does} EXECUTE ON ROUTINE orders.by_hand(), orders.by_hand_too(int, OUT int) ${whom}`,
          );
        await execute(
          server,
          SUPERUSER,
          "shop",
          "SET ROLE shop_orders_owner",
          "CREATE FUNCTION orders.by_hand() RETURNS int LANGUAGE sql AS 'SELECT 1'",
          "CREATE PROCEDURE orders.by_hand_too(int, OUT int) LANGUAGE sql AS 'SELECT 1'",
        );
        await by("GRANT", "TO shop_orders_ro");
        expect(summaries(await verified(server, expected))).toEqual([]);
        await apply(server, plan);
        const reader = await server.connect({ user: "on_call", database: "shop" });
        const { rows } = await reader.query(
          "SELECT has_function_privilege('orders.by_hand()', 'EXECUTE') AS may",
        );
        await reader.end();
        expect(rows).toEqual([{ may: true }]);
        await execute(server, SUPERUSER, "shop", "DROP ROUTINE orders.by_hand, orders.by_hand_too");
      },
    );

    testUnless(unavailable, "what RDS does in its own database is no drift", async () => {
      await execute(
        server,
        SUPERUSER,
        SUPERUSER,
        `GRANT CONNECT ON DATABASE ${SUPERUSER} TO rds_iam; CREATE SCHEMA rds AUTHORIZATION rds_iam`,
      );
      expect(summaries(await verified(server, expected))).toEqual([]);
    });

    testUnless(unavailable, "what an extension brings along is no drift", async () => {
      await execute(
        server,
        SUPERUSER,
        "shop",
        "CREATE EXTENSION pg_stat_statements",
        "CREATE EXTENSION hstore SCHEMA orders",
      );
      const named: Expectation = {
        ...expected,
        databases: expected.databases.map((database) => ({
          ...database,
          ...(database.name === "shop" && {
            extensions: [
              { name: "hstore", schema: "orders" },
              { name: "pg_stat_statements", schema: "public" },
            ],
          }),
        })),
      };
      expect(summaries(await verified(server, named))).toEqual([]);
      await execute(server, SUPERUSER, "shop", "GRANT SELECT ON public.pg_stat_statements TO orders_api");
      expect(summaries(await verified(server, named))).toEqual([
        "extra grant: view shop.public.pg_stat_statements orders_api has SELECT",
      ]);
      await execute(
        server,
        SUPERUSER,
        "shop",
        "DROP EXTENSION pg_stat_statements",
        "DROP EXTENSION hstore",
        // A schema that an extension brings along and lets everybody use, as aws_s3 does.
        "CREATE SCHEMA aws_s3; GRANT USAGE ON SCHEMA aws_s3 TO PUBLIC",
      );
      const [extra] = summaries(await verified(server, expected));
      expect(extra).toBe("extra grant: schema shop.aws_s3 PUBLIC has USAGE");
      await execute(
        server,
        SUPERUSER,
        "shop",
        "SET allow_system_table_mods = on",
        "INSERT INTO pg_init_privs SELECT oid, 'pg_namespace'::regclass, 0, 'e', nspacl FROM pg_namespace WHERE nspname = 'aws_s3'",
      );
      expect(summaries(await verified(server, expected))).toEqual([]);
      await execute(server, SUPERUSER, "shop", "DROP SCHEMA aws_s3");
    });

    testUnless(
      unavailable,
      "the session of a login is named when the plan no longer knows it, and when it is dropped",
      async () => {
        await execute(server, "postgres", "shop", "CREATE ROLE leaver LOGIN IN ROLE rds_iam");
        const leaver = await server.connect({ user: "leaver" });
        const { rows } = await leaver.query<{ pid: number; oid: number }>(
          "SELECT pg_backend_pid() AS pid, current_user::regrole::oid AS oid",
        );
        const [{ pid, oid } = { pid: 0, oid: 0 }] = rows;
        expect(summaries(await verified(server, expected))).toEqual([
          "extra role: database user leaver logs in with an IAM token, and test/environments/dev.yaml does not know it",
          `extra session: database user leaver has a session open (pid ${pid})`,
        ]);
        await execute(server, "postgres", "shop", "DROP ROLE leaver");
        const found = await verified(server, expected);
        expect(summaries(found)).toEqual([
          `extra session: dropped role ${oid} has a session open (pid ${pid}), begun before it was dropped`,
        ]);
        const ended = new Promise((resolve) => leaver.once("end", resolve));
        await execute(server, SUPERUSER, "postgres", found.findings[0]?.fix ?? "");
        await ended;
        expect(summaries(await verified(server, expected))).toEqual([]);
      },
    );

    testUnless(unavailable, "names that need quotes are compared and mended as others are", async () => {
      const text = MINIMAL.replace("shop: [billing, orders]", 'Shop-DB: [select, "$body$", A_b, public]')
        .replace("shop.orders: read-write", "Shop-DB.select: owner")
        .replace("orders-api:", "order:");
      const legal = accessPlan(parse(text.replace('"$body$"', "b$body$")));
      const odd = expectation(legal);
      await (await Deployment.of(server, legal)).close();
      expect(summaries(await verified(server, odd))).toEqual([]);
      const evil = 'x"; DROP TABLE y; --';
      const name = quoteIdentifier(evil);
      const table = `"select".${name}`;
      await execute(
        server,
        SUPERUSER,
        "Shop-DB",
        `CREATE ROLE ${name}; CREATE TABLE ${table} (${name} int); ALTER TABLE ${table} OWNER TO "Shop-DB_select_owner"`,
        `GRANT SELECT ON ${table} TO PUBLIC; GRANT ALL (${name}) ON ${table} TO ${name}; GRANT "Shop-DB_select_ro" TO ${name}`,
      );
      const { findings } = await verified(server, odd);
      const found = findings.map(({ kind, topic }) => `${kind} ${topic}`);
      expect(found.filter((each) => each !== "missing grant")).toEqual([
        "extra membership",
        "extra grant",
        "extra grant",
      ]);
      // A table that nobody granted on: each group but the owner lacks what it is to have.
      expect(found).toHaveLength(3 + LEVEL_NAMES.length - 1);

      for (const { kind, fix = "", database = "postgres" } of findings) {
        if (kind === "extra") await execute(server, SUPERUSER, database, fix);
      }
      await apply(server, legal);
      expect(summaries(await verified(server, odd))).toEqual([]);
    });

    testUnless(
      unavailable,
      "in public, what RDS and extensions made is theirs; what the admin made is for whom it grants it, unless it runs as the admin",
      async () => {
        const withPublic = accessPlan(
          parse(
            MINIMAL.replace(
              "shop: [billing, orders]",
              "open: { schemas: [public], extensions: [hstore, { name: dblink, reason: for now }] }",
            ).replace("shop.orders: read-write", "open.public: read-write"),
          ),
        );
        const opened = expectation(withPublic);
        await (await Deployment.of(server, withPublic)).close();
        await execute(
          server,
          SUPERUSER,
          "open",
          "CREATE FUNCTION public.of_rds() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        );
        await execute(
          server,
          "postgres",
          "open",
          "CREATE FUNCTION public.of_admin() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
          "CREATE FUNCTION public.helper() RETURNS int LANGUAGE sql AS 'SELECT 1'",
          "GRANT EXECUTE ON FUNCTION public.helper() TO open_public_ro, open_public_rw",
        );
        await apply(server, withPublic);
        expect(summaries(await verified(server, opened))).toEqual([]);
        const user = await server.connect({ user: "orders_api", database: "open" });
        const may = async (sql: string) => await user.query(sql).then(() => "allowed", String);
        expect([
          await may("SELECT public.of_rds(), public.helper(), 'a=>1'::public.hstore"),
          await may("SELECT public.of_admin()"),
        ]).toEqual(["allowed", "error: permission denied for function of_admin"]);
        await user.end();
        await execute(
          server,
          "postgres",
          "open",
          "GRANT EXECUTE ON FUNCTION public.of_admin() TO open_public_rw",
        );
        expect(summaries(await verified(server, opened))).toEqual([
          "extra grant: SECURITY DEFINER routine open.public.of_admin() open_public_rw has EXECUTE",
        ]);
      },
    );
  },
);

describe("reading a server", () => {
  let server: EmbeddedServer;
  beforeAll(async () => {
    server = await startServer();
  }, 60_000);
  afterAll(() => server?.stop());

  const withServices = (count: number) =>
    accessPlan(
      parse(
        MINIMAL.replace(
          / {4}orders-api:[\s\S]*/,
          Array.from(
            { length: count },
            (_, number) => `    s-${number}: { namespace: shop, grants: { shop.orders: read-only } }\n`,
          ).join(""),
        ),
      ),
    );

  test("asks as many queries of 200 services as of 5, on one connection more than there are databases", async () => {
    const counts: number[][] = [];
    for (const services of [5, 200]) {
      const plan = withServices(services);
      await apply(server, plan);
      const connections: string[][] = [];
      const live = await readCatalog(expectation(plan), (database) => {
        const asked: string[] = [];
        connections.push(asked);
        return open(server, SUPERUSER, database, asked);
      });
      expect(compareCatalog(expectation(plan), live)).toMatchObject({
        findings: [],
        holds: { membership: services * 2 },
      });
      counts.push(connections.map(({ length }) => length));
    }
    expect(counts).toEqual([
      [9, 9],
      [9, 9],
    ]);
  });

  test("changes nothing: every query runs in a read-only transaction", async () => {
    const plan = withServices(1);
    await apply(server, plan);
    await readCatalog(expectation(plan), async (database) => {
      const connection = await open(server, SUPERUSER, database);
      return {
        ...connection,
        query: async <Row extends object>(sql: string, values?: readonly unknown[]) => {
          const rows = await connection.query<Row>(sql, values);
          if (/BEGIN/.test(sql))
            await expect(connection.query("CREATE TABLE public.x ()")).rejects.toThrow(
              "cannot execute CREATE TABLE in a read-only transaction",
            );
          if (/BEGIN/.test(sql)) await connection.query(`ROLLBACK; ${sql}`);
          return rows;
        },
      };
    });
  });

  test("refuses a version that is too old, and a database it may not look into, with what to do", async () => {
    const plan = withServices(1);
    await apply(server, plan);
    const old = readCatalog(expectation(plan), async () => ({
      query: async () =>
        JSON.parse('[{"version":140012,"serverVersion":"14.12","user":"me","readsPasswords":false}]'),
      close: async () => undefined,
    }));
    await expect(old).rejects.toThrow(
      "the server is PostgreSQL 14.12, and 15 is the oldest supported; upgrade it",
    );
    await execute(server, SUPERUSER, "postgres", "CREATE ROLE nobody LOGIN");
    await expect(
      readCatalog(expectation(plan), (database) => open(server, "nobody", database)),
    ).rejects.toThrow(
      "nobody may not connect to the database shop, or nobody may, and whoever verifies looks into all of the plan's; by the plan that is s_0 and the admin postgres",
    );
  });
});
