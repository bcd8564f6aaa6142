import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { Client } from "pg";
import { accessPlan } from "../../model/access/plan";
import { databaseSql } from "../../model/access/sql";
import { ADMIN_OPTIONS, LOCK_TIMEOUT } from "../../model/postgresql/admin-settings";
import { ADMIN_USER, SUPERUSER } from "../../model/postgresql/names";
import { connect } from "../../tools/catalog/connection";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { verify } from "../../tools/verify/verify";
import { testEnvironment } from "../helpers/environment";
import { versionsToTry } from "../helpers/extent";
import { HIJACKING } from "../helpers/hijacking";
import { catalogReader } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";

const plan = accessPlan(testEnvironment("dev"));

/** A query of the postgresql provider's, which it runs as the admin before it grants a membership (1.26.0, isMemberOfRole). */
const OF_THE_PROVIDER =
  "SELECT 1 FROM information_schema.columns WHERE table_name='pg_auth_members' AND column_name = 'set_option'";

describe.each(versionsToTry())("the admin's sessions on PostgreSQL $version", ({ version, unavailable }) => {
  let server: EmbeddedServer;
  beforeAll(async () => {
    if (unavailable !== undefined) return;
    server = await startServer({ version });
    await server.apply(plan);
  }, 60_000);
  afterAll(() => server?.stop());

  /** Runs statements of somebody's, one by one, in a session of its own in the database shop. */
  const as = async (user: string, ...statements: readonly string[]) => {
    const client = await server.connect({ user, database: "shop" });
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  /** What a query of the admin's made, in a session with these options. */
  const madeByAdmin = async (options = "") => {
    const admin = new Client({ ...server.clientConfig({ database: "shop" }), options });
    await admin.connect();
    await admin.query(OF_THE_PROVIDER);
    const { rows } = await admin.query("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = 'taken'");
    await admin.query("DROP ROLE IF EXISTS taken");
    await admin.end();
    return rows;
  };

  testUnless(unavailable, "run nothing that somebody put into public", async () => {
    await as(SUPERUSER, "GRANT USAGE, CREATE ON SCHEMA public TO orders_api");
    await as("orders_api", HIJACKING);
    // By PostgreSQL's own search_path the attack works.
    expect(await madeByAdmin('-c search_path="$user",public')).toEqual([{ rolname: "taken" }]);
    // By what the SQL set for the admin, and by what the tunnel has before that, it does not.
    expect(await madeByAdmin()).toEqual([]);
    await as(ADMIN_USER, `ALTER ROLE ${ADMIN_USER} RESET ALL`);
    expect(await madeByAdmin()).toEqual([{ rolname: "taken" }]);
    expect(await madeByAdmin(ADMIN_OPTIONS)).toEqual([]);

    await as(SUPERUSER, "DROP FUNCTION public.take CASCADE", "REVOKE ALL ON SCHEMA public FROM orders_api");
    expect(await server.apply(plan)).toContain("changed");
    expect(await madeByAdmin()).toEqual([]);
  });

  testUnless(unavailable, "of verify find no name in a schema from the first statement on", async () => {
    const { host, port, ca, adminPassword: password } = server;
    const session = await connect(
      { host, port, ca, password, user: ADMIN_USER, database: "shop", timeoutSeconds: 15 },
      "shop",
    );
    expect(await session.query("SELECT current_schemas(true)::text AS found")).toEqual([
      { found: "{pg_catalog}" },
    ]);
    await session.close();
  });

  testUnless(unavailable, "get in when a login has all the connections that it may have", async () => {
    const few = { ...plan, identities: plan.identities.map((each) => ({ ...each, connectionLimit: 3 })) };
    expect(await server.apply(few)).toContain("changed");
    const held = [];
    for (let taken = 0; taken < 3; taken++) {
      held.push(await server.connect({ user: "orders_api", database: "shop" }));
    }
    await expect(as("orders_api", "SELECT")).rejects.toThrow('too many connections for role "orders_api"');
    await expect(as("on_call", "ALTER ROLE on_call CONNECTION LIMIT -1")).rejects.toThrow(
      "permission denied",
    );
    await as(ADMIN_USER, "SELECT");
    for (const client of held) await client.end();
    expect(await server.apply(plan)).toContain("changed");
  });

  testUnless(
    unavailable,
    "do not wait for ever for a lock that a login holds, and say whose it is",
    async () => {
      // The same key in another database is another lock.
      const other = await server.connect({ user: "orders_api", database: "postgres" });
      await other.query("SELECT pg_advisory_lock(hashtext('access-plan'))");
      const holder = await server.connect({ user: "on_call", database: "shop" });
      const { rows } = await holder.query<{ pid: number }>(
        "SELECT pg_backend_pid() AS pid, pg_advisory_lock(hashtext('access-plan'))",
      );
      const [{ pid } = { pid: 0 }] = rows;
      const { apply } = databaseSql(plan, "shop");
      const hasty = apply.replace(
        `SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`,
        "SET LOCAL lock_timeout = '100ms'",
      );
      expect(hasty).not.toBe(apply);
      await expect(as(ADMIN_USER, hasty)).rejects.toThrow(
        `a session of on_call (pid ${pid}) holds the lock that keeps two runs of this apart. If it is no such run, end it: SELECT pg_terminate_backend(${pid});`,
      );
      await as(ADMIN_USER, `SELECT pg_terminate_backend(${pid})`);
      await as(ADMIN_USER, apply);
      await other.end();
    },
  );

  testUnless(unavailable, "would wait for locks whose holders verify names, in any database", async () => {
    const login = await server.connect({ user: "orders_api", database: "postgres" });
    const { rows } = await login.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    const found = async () =>
      (await verify(plan, connection)).findings.map(({ subject, detail, fix }) => [subject, detail, fix]);
    const connection = catalogReader(server, ADMIN_USER);
    // Another key is nobody else's business.
    await login.query("SELECT pg_advisory_lock(4711)");
    expect(await found()).toEqual([]);
    const pid = rows[0]?.pid;
    for (const key of ["'on_call'::regrole::oid", "(SELECT oid FROM pg_database WHERE datname = 'shop')"]) {
      await login.query(`SELECT pg_advisory_lock(${key}::bigint)`);
      expect(await found()).toEqual([
        [
          "database user orders_api",
          `holds locks in the database postgres that a deployment waits for (pid ${pid})`,
          `SELECT pg_terminate_backend(pid) FROM unnest(ARRAY[${pid}]) pid;`,
        ],
      ]);
      await login.query(`SELECT pg_advisory_unlock(${key}::bigint)`);
    }
    await login.query("SELECT pg_advisory_lock(hashtext('access-plan'))");
    const [[, , fix = ""] = []] = await found();
    await as(ADMIN_USER, fix);
    expect(await found()).toEqual([]);
  });
});
