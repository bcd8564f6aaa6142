import { afterAll, beforeAll, beforeEach, describe, expect } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { ADMIN_USER } from "../../model/postgresql/names";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { verify } from "../../tools/verify/verify";
import { blocks, page } from "../docs/pages";
import { testEnvironment } from "../helpers/environment";
import { versionsToTry } from "../helpers/extent";
import { catalogReader, Deployment, loginsIn } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";

const UNDO = "DROP OWNED BY shop_orders_ro";
/** Ways of a member to do it, and what else it may drop. */
const WAYS = [
  [UNDO],
  ["SET ROLE shop_orders_ro", "DROP OWNED BY CURRENT_USER"],
  [`DO $$ BEGIN EXECUTE '${UNDO}'; END $$`],
  ["DROP OWNED BY on_call"],
  ["DROP OWNED BY rds_iam"],
];
/** Tables of the owner's, with a policy of each kind. Their column says who is to see a row. */
const POLICIES = `SET ROLE shop_orders_owner;
  CREATE TABLE orders.guarded AS SELECT unnest(ARRAY['all', 'ro', 'rw', 'none']) AS who;
  ALTER TABLE orders.guarded ENABLE ROW LEVEL SECURITY;
  CREATE POLICY "for all" ON orders.guarded USING (who IN ('all', 'none')) WITH CHECK (false);
  CREATE POLICY for_ro ON orders.guarded FOR SELECT TO shop_orders_ro USING (who = 'ro' OR who = 'all');
  CREATE POLICY for_rw ON orders.guarded TO shop_orders_rw, orders_migrations USING (who = 'rw') WITH CHECK (who <> 'all');
  CREATE POLICY not_ro ON orders.guarded AS RESTRICTIVE FOR SELECT TO shop_orders_ro USING (who <> 'none');
  RESET ROLE`;
const [GUARD = "", POLICY = ""] = blocks(page("docs/access-model.md"))
  .filter(({ language }) => language === "sql")
  .map(({ text }) => text)
  .filter((text) => /EVENT TRIGGER|CREATE POLICY/.test(text));

describe.each(versionsToTry())("on PostgreSQL $version", ({ version, unavailable }) => {
  const plan = accessPlan(testEnvironment("dev"));
  let server: EmbeddedServer;
  let deployment: Deployment;
  beforeAll(async () => {
    if (unavailable === undefined) server = await startServer({ version });
  }, 60_000);
  beforeEach(async () => {
    if (unavailable !== undefined) return;
    deployment = await Deployment.of(server, plan);
    await deployment.rows(POLICIES, [], "shop");
  }, 60_000);
  afterAll(() => server?.stop());

  const as = async (user: string, sql: string) => (await deployment.client(user, "shop")).query(sql);
  const policies = () =>
    deployment
      .rows("SELECT polname AS name FROM pg_policy ORDER BY 1", [], "shop")
      .then((rows) => rows.map(({ name }) => name));
  const findings = async (topic: string) => {
    const { findings } = await verify(plan, catalogReader(server));
    return findings.filter((finding) => finding.topic === topic);
  };
  /** What each of the schema's readers sees, and may write. */
  const seen = async () => {
    const rows = "SELECT coalesce(string_agg(who, ',' ORDER BY who), '') AS rows FROM orders.guarded";
    const writes = ["all", "ro"].map((who) => `INSERT INTO orders.guarded VALUES ('${who}')`);
    return Promise.all(
      ["on_call", "orders_api", "orders_migrations"].map(async (user) => [
        user,
        (await as(user, rows)).rows[0].rows,
        await deployment.outcome(user, "shop", writes[0] ?? ""),
        await deployment.outcome(user, "shop", writes[1] ?? ""),
      ]),
    );
  };
  const SEEN = [
    ["on_call", "all,ro", "denied", "denied"],
    ["orders_api", "all,none,rw", "denied", "allowed"],
    ["orders_migrations", "all,none,ro,rw", "allowed", "allowed"],
  ];

  testUnless(
    unavailable,
    "a member takes its group's default privileges and place in policies, and nothing else; the plan's SQL puts the former back",
    async () => {
      const kept = () =>
        deployment.rows(
          `SELECT 'table' AS kind, relname::text AS name, relacl::text AS acl FROM pg_class WHERE relnamespace = 'orders'::regnamespace
           UNION ALL SELECT 'schema', nspname, nspacl::text FROM pg_namespace WHERE nspname = 'orders'
           UNION ALL SELECT 'database', datname, datacl::text FROM pg_database WHERE datname = 'shop'
           UNION ALL SELECT 'member', roleid::regrole::text, member::regrole::text FROM pg_auth_members ORDER BY 1, 2, 3`,
          [],
          "shop",
        );
      const before = await kept();
      expect(await seen()).toEqual(SEEN);
      await as("on_call", UNDO);
      expect(await policies()).toEqual(["for all", "for_rw"]);
      expect(await kept()).toEqual(before);
      expect(
        (await findings("default privilege")).map(({ subject, detail }) => `${subject} ${detail}`),
      ).toEqual([
        "sequences that shop_orders_owner creates in shop.orders shop_orders_ro lacks SELECT",
        "tables that shop_orders_owner creates in shop.orders shop_orders_ro lacks SELECT",
      ]);
      // The restrictive policy held this row back.
      expect((await seen())[0]).toEqual(["on_call", "all,none", "denied", "denied"]);
      await deployment.rows(
        "SET ROLE shop_orders_owner; CREATE TABLE orders.meanwhile (); RESET ROLE",
        [],
        "shop",
      );
      expect((await findings("grant")).map(({ detail }) => detail)).toEqual(["shop_orders_ro lacks SELECT"]);
      expect(await deployment.apply()).toEqual(["nothing to change", "changed"]);
      expect([...(await findings("default privilege")), ...(await findings("grant"))]).toEqual([]);
    },
  );

  testUnless(
    unavailable,
    "policies that a member could drop are found, and as verify writes them they survive and let the same rows through",
    async () => {
      const found = await findings("policy");
      expect(found.map(({ subject, detail }) => `${subject} ${detail}`)).toEqual([
        "table shop.orders.guarded has the policy for_ro, which whoever has the rights of shop_orders_ro can drop (DROP OWNED BY)",
        "table shop.orders.guarded has the policy for_rw, which whoever has the rights of orders_migrations or shop_orders_rw can drop (DROP OWNED BY)",
        "table shop.orders.guarded has the policy not_ro, which whoever has the rights of shop_orders_ro can drop (DROP OWNED BY)",
      ]);
      for (const { fix = "" } of found) await as(ADMIN_USER, fix);
      expect(await findings("policy")).toEqual([]);
      expect(await seen()).toEqual(SEEN);
      for (const way of WAYS) await as("on_call", [...way, "RESET ROLE"].join("; "));
      for (const way of ["shop_orders_rw", "orders_api"]) await as("orders_api", `DROP OWNED BY ${way}`);
      expect(await policies()).toEqual(["for all", "for_ro", "for_rw", "not_ro"]);
      expect(await seen()).toEqual(SEEN);
    },
  );

  testUnless(unavailable, "the policy in the docs survives and shows its rows to whom it says", async () => {
    await deployment.rows(
      `SET ROLE shop_orders_owner; CREATE TABLE orders.items AS SELECT 'a' AS customer; ALTER TABLE orders.items ENABLE ROW LEVEL SECURITY; ${POLICY}; RESET ROLE`,
      [],
      "shop",
    );
    await as("on_call", UNDO);
    for (const [user, rows] of [
      ["on_call", 1],
      ["orders_api", 0],
    ] as const) {
      await as(user, "SET app.customer = 'a'");
      expect((await as(user, "SELECT FROM orders.items")).rowCount).toBe(rows);
    }
  });

  testUnless(unavailable, "a table of which every policy was dropped is found", async () => {
    await deployment.rows(
      `SET ROLE shop_orders_owner; DROP POLICY "for all" ON orders.guarded; DROP POLICY for_rw ON orders.guarded; RESET ROLE`,
      [],
      "shop",
    );
    await as("on_call", UNDO);
    expect((await findings("policy")).map(({ detail }) => detail)).toEqual([
      "shows rows to nobody but its owner: it has row-level security and no policy, and whoever a policy names can drop it (DROP OWNED BY)",
    ]);
  });

  testUnless(
    unavailable,
    "the docs' event trigger lets no login run DROP OWNED, and the admin does",
    async () => {
      await deployment.rows(GUARD, [], "shop");
      for (const { databaseUser } of loginsIn(plan)) {
        for (const way of WAYS) {
          const outcome = await deployment.outcome(databaseUser, "shop", ...way);
          expect([databaseUser, way, outcome]).toEqual([databaseUser, way, "denied"]);
        }
      }
      for (const turnedOff of [
        "SET session_replication_role = replica",
        "DROP EVENT TRIGGER drop_owned_is_for_admins",
        "DROP FUNCTION public.drop_owned_is_for_admins() CASCADE",
        ...(version >= 17 ? ["SET event_triggers = off"] : []),
      ]) {
        expect([turnedOff, await deployment.outcome("on_call", "shop", turnedOff)]).toEqual([
          turnedOff,
          "denied",
        ]);
      }
      expect(await policies()).toEqual(["for all", "for_ro", "for_rw", "not_ro"]);
      expect(await deployment.apply()).toEqual(["nothing to change", "nothing to change"]);
      for (const topic of ["policy", "default privilege", "grant", "owner"])
        expect(await findings(topic)).toEqual([]);
      await deployment.rows("CREATE ROLE gone; GRANT gone TO postgres", [], "shop");
      expect(await deployment.outcome(ADMIN_USER, "shop", "DROP OWNED BY gone")).toBe("allowed");
    },
  );
});
