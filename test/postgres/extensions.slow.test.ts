import { afterAll, beforeAll, beforeEach, describe, expect } from "@jest/globals";
import { type AccessPlan, accessPlan } from "../../model/access/plan";
import { databaseSql } from "../../model/access/sql";
import { SUPERUSER } from "../../model/postgresql/names";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import type { Finding } from "../../tools/verify/finding";
import { verify } from "../../tools/verify/verify";
import { declared, MINIMAL, parse } from "../helpers/environment";
import { versionsToTry } from "../helpers/extent";
import { catalogReader, emptyServer } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";

/** The plan of a file whose database has these extensions; without any, the short form. */
function planWith(extensions: string, change = (text: string) => text): AccessPlan {
  const long = extensions === "" ? "[orders]" : `{ schemas: [orders], extensions: ${extensions} }`;
  return accessPlan(parse(declared(change(MINIMAL.replace("[billing, orders]", long)))));
}

describe.each(versionsToTry())("on PostgreSQL $version", ({ version, unavailable }) => {
  let server: EmbeddedServer;
  beforeAll(async () => {
    if (unavailable === undefined) server = await startServer({ version });
  }, 60_000);
  beforeEach(async () => {
    if (unavailable === undefined) await emptyServer(server);
  });
  afterAll(() => server?.stop());

  const rows = async (sql: string, database = "shop", user = SUPERUSER) => {
    const client = await server.connect({ user, database });
    const found = await client.query(sql).finally(() => client.end());
    return found.rows;
  };
  const extensions = () =>
    rows(
      "SELECT extname || ' ' || extnamespace::regnamespace AS is FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1",
    ).then((all) => all.map(({ is }) => is));
  const said = async (plan: AccessPlan) =>
    (await verify(plan, catalogReader(server))).findings.map(
      ({ kind, subject, detail }: Finding) => `${kind} ${subject}: ${detail}`,
    );

  testUnless(unavailable, "one that is there in another schema stays there, and verify says so", async () => {
    await server.apply(planWith(""));
    await rows("CREATE EXTENSION citext SCHEMA orders", "shop", SUPERUSER);
    const plan = planWith("[citext, pg_trgm]");
    expect(await server.apply(plan)).toEqual(["changed"]);
    expect(await extensions()).toEqual(["citext orders", "pg_trgm public"]);
    expect(await said(plan)).toEqual([
      "different extension shop.citext: is in the schema orders in place of public, where only who may use orders finds it",
    ]);
    expect(await server.apply(plan)).toEqual(["nothing to change"]);
  });

  testUnless(
    unavailable,
    "one that leaves the file stays, and verify finds it and who may still use public",
    async () => {
      await server.apply(planWith("[citext]"));
      const plan = planWith("");
      await server.apply(plan);
      expect(await extensions()).toEqual(["citext public"]);
      expect(await said(plan)).toEqual([
        expect.stringMatching(/^extra schema shop\.public: shop_orders_owner has USAGE/),
        expect.stringMatching(/^extra schema shop\.public: shop_orders_ro has USAGE/),
        expect.stringMatching(/^extra schema shop\.public: shop_orders_rw has USAGE/),
        expect.stringMatching(/^extra extension shop\.citext: is there, and test\.yaml does not name it/),
      ]);
    },
  );

  testUnless(
    unavailable,
    "a database that gets another name keeps them, and nothing is made anew",
    async () => {
      await server.apply(planWith("[cube, earthdistance]"));
      const made = "SELECT string_agg(oid::text, ',' ORDER BY extname) AS oids FROM pg_extension";
      const [before] = await rows(made);
      await rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop'", "postgres");
      await rows("ALTER DATABASE shop RENAME TO store", "postgres");
      const plan = planWith("[cube, earthdistance]", (text) =>
        text
          .replace("shop:", "store:")
          .replace("shop.orders", "store.orders")
          .replace("  services:", "  renamed: { shop: store }\n  services:"),
      );
      await server.apply(plan);
      expect(await rows(made, "store")).toEqual([before]);
      expect(await said(plan)).toEqual([]);
    },
  );

  testUnless(
    unavailable,
    "everybody may execute what RDS's own roles made, and of what is the admin's nobody",
    async () => {
      await server.apply(planWith("[pg_trgm, { name: dblink, reason: for now }]"));
      const closed = `SELECT count(*)::int AS closed FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
      AND d.deptype = 'e' WHERE pronamespace = 'public'::regnamespace AND NOT has_function_privilege('orders_api', p.oid, 'EXECUTE')`;
      // dblink_connect_u and its twin are a superuser's by their own script.
      expect(await rows(closed)).toEqual([{ closed: 2 }]);
      await rows(
        "CREATE FUNCTION public.part_of_one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "shop",
        "postgres",
      );
      await rows("ALTER EXTENSION pg_trgm ADD FUNCTION public.part_of_one()");
      expect(await rows(closed)).toEqual([{ closed: 3 }]);
      await rows("GRANT EXECUTE ON FUNCTION public.part_of_one() TO shop_orders_ro", "shop", "postgres");
      const plan = planWith("[pg_trgm, { name: dblink, reason: for now }]");
      expect(await said(plan)).toEqual([]);
      await rows("GRANT EXECUTE ON FUNCTION public.dblink_connect_u(text) TO shop_orders_ro");
      await rows("GRANT EXECUTE ON FUNCTION public.similarity(text, text) TO shop_orders_ro");
      await rows("ALTER FUNCTION public.part_of_one() SECURITY DEFINER");
      expect(await said(plan)).toEqual([
        "extra SECURITY DEFINER routine shop.public.dblink_connect_u(text): shop_orders_ro has EXECUTE",
        "extra SECURITY DEFINER routine shop.public.part_of_one(): shop_orders_ro has EXECUTE",
        "extra routine shop.public.similarity(text, text): shop_orders_ro has EXECUTE",
      ]);
    },
  );

  testUnless(
    unavailable,
    "what a server does not carry is left out by name, and refused when it is not",
    async () => {
      const plan = planWith("[postgis, pg_trgm, postgis_topology, vector]");
      const offered = await server.offered(plan);
      expect(offered.leftOut).toEqual([
        "shop.postgis: this PostgreSQL does not carry it, RDS may",
        "shop.postgis_topology: this PostgreSQL does not carry it, RDS may",
        "shop.vector: this PostgreSQL does not carry it, RDS may",
      ]);
      expect(offered.plan.databases[0]?.extensions).toEqual([{ name: "pg_trgm", schema: "public" }]);
      expect(await server.apply(offered.plan)).toEqual(["changed"]);
      await expect(server.apply(plan)).rejects.toThrow('extension "postgis" is not available');
      expect(await server.offered(planWith("[citext]"))).toEqual({ plan: planWith("[citext]"), leftOut: [] });
    },
  );

  testUnless(unavailable, "the admin makes them by the plan's own SQL where it may", async () => {
    const plan = planWith("[citext, pgcrypto]");
    const admin = await server.connect();
    await admin.query(databaseSql(plan, "shop").create);
    await admin.end();
    await rows(databaseSql(plan, "shop").apply, "shop", "postgres");
    expect(await extensions()).toEqual(["citext public", "pgcrypto public"]);
  });
});
