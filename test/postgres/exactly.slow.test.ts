import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { ADMIN_USER, SUPERUSER } from "../../model/postgresql/names";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { verify } from "../../tools/verify/verify";
import { testEnvironment } from "../helpers/environment";
import { versionsToTry } from "../helpers/extent";
import { catalogReader, Deployment } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";

/** What somebody gave the file's roles, or everybody, beyond the file: as whom, by which statements. */
const BEYOND: Readonly<Record<string, readonly (readonly [string, ...string[]])[]>> = {
  "a table for everybody": [[SUPERUSER, "GRANT ALL ON orders.present_table TO PUBLIC"]],
  "a view, a sequence and a column for rds_iam": [
    [
      "orders_migrations",
      "GRANT SELECT ON orders.future_view TO rds_iam",
      "GRANT USAGE ON SEQUENCE orders.future_sequence TO rds_iam",
      "GRANT UPDATE (value) ON orders.future_table TO rds_iam",
    ],
  ],
  "columns for everybody, a login and a group": [
    [
      SUPERUSER,
      "GRANT SELECT (id), UPDATE (value) ON orders.present_table TO PUBLIC, billing_worker, shop_billing_rw",
    ],
  ],
  "a table for another schema's group": [
    [SUPERUSER, "GRANT SELECT ON orders.present_table TO shop_billing_ro"],
  ],
  "a schema for everybody, and for a login to create in": [
    [SUPERUSER, "GRANT USAGE ON SCHEMA billing TO PUBLIC", "GRANT CREATE ON SCHEMA orders TO orders_api"],
  ],
  "schemas of the admin's": [[ADMIN_USER, "GRANT CREATE ON DATABASE shop TO orders_api, shop_orders_ro"]],
  "privileges that logins granted on, the planned ones included": [
    [
      "orders_migrations",
      "REVOKE SELECT ON orders.future_table FROM shop_orders_ro",
      "GRANT SELECT ON orders.future_table TO orders_api WITH GRANT OPTION",
    ],
    ["orders_api", "GRANT SELECT ON orders.future_table TO billing_worker, shop_orders_ro"],
  ],
  "privileges that a group's members granted on": [
    [SUPERUSER, "GRANT SELECT ON orders.future_table TO shop_orders_ro WITH GRANT OPTION"],
    ["on_call", "SET ROLE shop_orders_ro", "GRANT SELECT ON orders.future_table TO billing_worker, rds_iam"],
  ],
  "what is to come, for everybody and for a login": [
    [
      "orders_migrations",
      "ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner IN SCHEMA orders GRANT SELECT ON TABLES TO PUBLIC, orders_api",
      "ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner GRANT USAGE ON SEQUENCES TO rds_iam",
      "ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner IN SCHEMA orders GRANT INSERT ON TABLES TO shop_billing_rw",
    ],
  ],
  "a stranger inside a login, and one inside a group": [
    [ADMIN_USER, 'GRANT orders_api, shop_billing_rw TO "a stranger"'],
  ],
  "a login inside another": [[ADMIN_USER, "GRANT orders_api TO billing_worker WITH ADMIN OPTION"]],
  "a group for rds_iam": [[ADMIN_USER, "GRANT shop_orders_ro TO rds_iam"]],
  "a membership that a member passed on": [
    [ADMIN_USER, "GRANT shop_orders_rw TO orders_api WITH ADMIN OPTION"],
    ["orders_api", 'GRANT shop_orders_rw TO "a stranger", billing_worker'],
  ],
  "a planned membership that a member made its own": [
    [
      ADMIN_USER,
      "REVOKE shop_orders_ro FROM on_call",
      "GRANT shop_orders_ro TO orders_api WITH ADMIN OPTION",
    ],
    ["orders_api", "GRANT shop_orders_ro TO on_call"],
  ],
  "attributes that the admin may give": [[ADMIN_USER, "ALTER ROLE orders_api CREATEDB CREATEROLE NOINHERIT"]],
};

/** What is a superuser's to undo: the SQL says so and changes nothing. */
const REFUSED: Readonly<Record<string, readonly [string, string, number?]>> = {
  "ALTER ROLE orders_api BYPASSRLS": [
    "ALTER ROLE orders_api NOBYPASSRLS",
    "role orders_api has SUPERUSER, REPLICATION or BYPASSRLS, which only a superuser can take from it",
  ],
  "ALTER ROLE shop_orders_ro REPLICATION": [
    "ALTER ROLE shop_orders_ro NOREPLICATION",
    "role shop_orders_ro has SUPERUSER, REPLICATION or BYPASSRLS, which only a superuser can take from it",
  ],
  'GRANT orders_api TO "a stranger"': [
    'REVOKE orders_api FROM "a stranger"',
    "a stranger is a member of orders_api by a grant of rdsadmin, which only that role or a superuser can take back",
    16,
  ],
};

describe.each(versionsToTry())("on PostgreSQL $version", ({ version, unavailable }) => {
  const plan = accessPlan(testEnvironment("dev"));
  let server: EmbeddedServer;
  let deployment: Deployment;
  beforeAll(async () => {
    if (unavailable !== undefined) return;
    server = await startServer({ version });
    deployment = await Deployment.of(server, plan);
  }, 60_000);
  afterAll(() => server?.stop());

  const found = async () => {
    const { findings } = await verify(plan, catalogReader(server));
    return findings;
  };
  const differences = async () => (await found()).map(({ subject, detail }) => `${subject} ${detail}`);
  const byHand = async (user: string, ...statements: readonly string[]) => {
    const client = await server.connect({ user, database: "shop" });
    for (const statement of statements) await client.query(statement);
    await client.end();
  };

  for (const [name, sessions] of Object.entries(BEYOND)) {
    testUnless(
      unavailable,
      `${name}: the SQL takes it away in one run, and then has nothing to change`,
      async () => {
        for (const [user, ...statements] of sessions) await byHand(user, ...statements);
        expect(await differences()).not.toEqual([]);
        expect(await deployment.apply()).toContain("changed");
        expect(await differences()).toEqual([]);
        expect(await deployment.apply()).toEqual(["nothing to change", "nothing to change"]);
      },
    );
  }

  testUnless(unavailable, "what a stranger was granted is a stranger's, and stays", async () => {
    await byHand(
      SUPERUSER,
      'GRANT USAGE ON SCHEMA orders TO "a stranger"',
      'GRANT SELECT ON orders.future_table TO "a stranger"',
    );
    const before = await differences();
    expect(before).toHaveLength(2);
    expect(await deployment.apply()).toEqual(["nothing to change", "nothing to change"]);
    expect(await differences()).toEqual(before);
    await byHand(
      SUPERUSER,
      'REVOKE ALL ON SCHEMA orders FROM "a stranger"',
      'REVOKE ALL ON orders.future_table FROM "a stranger"',
    );
  });

  // Up to 15 memberships have no options.
  if (version >= 16)
    testUnless(
      unavailable,
      "a login may be in rds_iam without being able to become it: nobody takes that for a mistake",
      async () => {
        await byHand(ADMIN_USER, "GRANT rds_iam TO orders_api WITH INHERIT FALSE, SET FALSE");
        expect(await differences()).toEqual([]);
        expect(await deployment.apply()).toEqual(["nothing to change", "nothing to change"]);
        expect(await deployment.outcome("orders_api", "shop", "SET ROLE rds_iam")).toBe("denied");
        expect(
          await deployment.outcome(
            "orders_api",
            "shop",
            "ALTER DEFAULT PRIVILEGES FOR ROLE rds_iam GRANT SELECT ON TABLES TO PUBLIC",
          ),
        ).toBe("denied");
        await byHand(ADMIN_USER, "GRANT rds_iam TO orders_api WITH INHERIT TRUE, SET TRUE");
      },
    );

  testUnless(
    unavailable,
    "what a stranger could grant on is not passed over, and verify says how to undo it",
    async () => {
      await byHand("orders_migrations", 'GRANT ALL ON orders.future_table TO "a stranger" WITH GRANT OPTION');
      await byHand("orders_migrations", 'GRANT USAGE ON SCHEMA orders TO "a stranger"');
      await byHand(
        SUPERUSER,
        'SET ROLE "a stranger"',
        "GRANT INSERT ON orders.future_table TO shop_orders_ro",
        "GRANT SELECT ON orders.future_table TO billing_worker",
      );
      await expect(deployment.apply()).rejects.toThrow(
        "this takes nothing away, since it was granted by a stranger: revoke what that role may grant on",
      );
      await (await deployment.client(ADMIN_USER, "shop")).query("ROLLBACK");
      for (const { fix = "" } of await found()) await byHand(ADMIN_USER, fix);
      expect(await differences()).toEqual([]);
      expect(await deployment.apply()).toEqual(["nothing to change", "nothing to change"]);
    },
  );

  for (const [done, [undone, said, since = 15]] of Object.entries(REFUSED)) {
    if (version < since) continue;
    testUnless(unavailable, `${done} is not passed over`, async () => {
      await byHand(SUPERUSER, done);
      await expect(deployment.apply()).rejects.toThrow(said);
      await (await deployment.client(ADMIN_USER, "shop")).query("ROLLBACK");
      await byHand(SUPERUSER, undone);
    });
  }
});
