import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { borrowedRights } from "../../model/access/borrowed-rights";
import { accessPlan } from "../../model/access/plan";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { testEnvironment } from "../helpers/environment";
import { versionsToTry } from "../helpers/extent";
import { Deployment, levelOf, loginsIn, type Place } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";

/** What code does in a schema that is not its author's, by what the session must be able to do there. */
const DEEDS = {
  "read-only": (schema: string) => `PERFORM * FROM ${schema}.present_table`,
  "read-write": (schema: string) => `INSERT INTO ${schema}.present_table DEFAULT VALUES`,
} as const;

interface Trap {
  readonly made: (at: string) => string;
  readonly done: (at: string) => string;
  /** Levels with which somebody falls into it. */
  readonly by: readonly string[];
}

/** Ways in which the author of a schema's code has others run it: what is made, and the harmless thing that they then do. */
const TRAPS: Readonly<Record<string, Trap>> = {
  "a view": {
    made: (at) => `CREATE VIEW ${at}_view AS SELECT ${at}_deed()`,
    done: (at) => `SELECT * FROM ${at}_view`,
    by: ["read-only", "read-write"],
  },
  "a policy": {
    made: (
      at,
    ) => `CREATE TABLE ${at}_table AS SELECT 1 AS value; ALTER TABLE ${at}_table ENABLE ROW LEVEL SECURITY;
      CREATE POLICY trap ON ${at}_table USING (${at}_deed() IS NOT NULL)`,
    done: (at) => `SELECT * FROM ${at}_table`,
    by: ["read-only", "read-write"],
  },
  "a default": {
    made: (at) => `CREATE TABLE ${at}_table (value int, trap int DEFAULT ${at}_deed())`,
    done: (at) => `INSERT INTO ${at}_table (value) VALUES (1)`,
    by: ["read-write"],
  },
  "a trigger": {
    made: (
      at,
    ) => `CREATE TABLE ${at}_table (value int); CREATE FUNCTION ${at}_trigger() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM ${at}_deed(); RETURN NEW; END';
      CREATE TRIGGER trap BEFORE INSERT ON ${at}_table FOR EACH ROW EXECUTE FUNCTION ${at}_trigger()`,
    done: (at) => `INSERT INTO ${at}_table (value) VALUES (1)`,
    by: ["read-write"],
  },
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
  afterAll(async () => {
    await deployment?.close();
    await server?.stop();
  });

  const nameOf = ({ database, schema }: Place) => `${database.name}.${schema.name}`;

  /** Sets a trap in a schema, as somebody who may migrate it: who falls into it, so that the deed is done elsewhere. */
  const victims = async ({ made, done, by }: Trap, code: Place, deed: string): Promise<string[]> => {
    const author = loginsIn(plan).find((identity) => levelOf(identity, code) === "owner");
    if (!author) return [];
    const at = `${quoteIdentifier(code.schema.name)}.trap`;
    const session = await deployment.client(author.databaseUser, code.database.name);
    await session.query(`CREATE FUNCTION ${at}_deed() RETURNS int LANGUAGE plpgsql
      AS 'BEGIN ${deed}; RETURN 1; END'; GRANT EXECUTE ON FUNCTION ${at}_deed() TO PUBLIC; ${made(at)}`);
    const fallen: string[] = [];
    for (const identity of loginsIn(plan).filter((each) => by.includes(levelOf(each, code) ?? "owner"))) {
      const outcome = await deployment.outcome(identity.databaseUser, code.database.name, done(at));
      expect(["allowed", "denied"]).toContain(outcome);
      if (outcome === "allowed") fallen.push(identity.key);
    }
    await session.query(
      `DROP ROUTINE ${at}_deed() CASCADE; DROP TABLE IF EXISTS ${at}_table; DROP ROUTINE IF EXISTS ${at}_trigger()`,
    );
    return fallen;
  };

  /** What the report says of a trap. */
  const told = ({ by }: Trap): string[] => {
    const levels = Object.keys(DEEDS);
    const uses = (key: string, schema: string) =>
      deployment.places.some(
        (place) =>
          nameOf(place) === schema &&
          plan.identities.some((each) => each.key === key && by.includes(levelOf(each, place) ?? "owner")),
      );
    return borrowedRights(plan).flatMap(({ codeOf, schema, level, through }) =>
      through
        .filter((key) => uses(key, codeOf))
        // Who may write may also read.
        .flatMap((key) =>
          levels.slice(0, levels.indexOf(level) + 1).map((deed) => [codeOf, deed, schema, key].join(" ")),
        ),
    );
  };

  for (const [name, trap] of Object.entries(TRAPS)) {
    testUnless(
      unavailable,
      `an author of code reaches by ${name} exactly what the report says of those who use the schema`,
      async () => {
        const reached: string[] = [];
        for (const code of deployment.places) {
          for (const other of deployment.places) {
            if (other.database !== code.database || other.schema === code.schema) continue;
            for (const [level, deed] of Object.entries(DEEDS)) {
              const fallen = await victims(trap, code, deed(quoteIdentifier(other.schema.name)));
              reached.push(...fallen.map((key) => [nameOf(code), level, nameOf(other), key].join(" ")));
            }
          }
        }
        expect(reached.sort()).toEqual(told(trap).sort());
        expect(reached).not.toEqual([]);
      },
    );
  }

  testUnless(
    unavailable,
    "giving up rights first does not help, and a read-only transaction only for as long as it lasts",
    async () => {
      const author = await deployment.client("billing_migrations", "shop");
      await author.query(`CREATE FUNCTION billing.trap() RETURNS int LANGUAGE plpgsql AS $$BEGIN
          PERFORM set_config('role', 'none', false), set_config('search_path', 'billing, pg_catalog', false);
          INSERT INTO orders.present_table DEFAULT VALUES; RETURN 1;
        EXCEPTION WHEN read_only_sql_transaction THEN PERFORM set_config('search_path', 'billing, pg_catalog', false); RETURN 0; END$$;
        CREATE FUNCTION billing.caught(int, int) RETURNS bool LANGUAGE plpgsql AS $$BEGIN
          INSERT INTO orders.present_table DEFAULT VALUES; RETURN true; END$$;
        CREATE OPERATOR billing.= (LEFTARG = int, RIGHTARG = int, FUNCTION = billing.caught);
        GRANT EXECUTE ON FUNCTION billing.trap(), billing.caught(int, int) TO shop_billing_ro;
        CREATE VIEW billing.trap AS SELECT billing.trap() AS written`);
      const rows = async () =>
        Number((await deployment.rows("SELECT count(*) FROM orders.present_table", [], "shop"))[0]?.count);
      const before = await rows();
      const session = await server.connect({ user: "orders_api", database: "shop" });
      await session.query("SET ROLE shop_billing_ro");
      await session.query("SELECT * FROM billing.trap");
      expect(await rows()).toBe(before + 1);

      await session.query("RESET ALL");
      await session.query("BEGIN READ ONLY");
      expect((await session.query("SELECT * FROM billing.trap")).rows).toEqual([{ written: 0 }]);
      await session.query("COMMIT");
      expect(await rows()).toBe(before + 1);
      // Its own query, later on: `=` is no longer PostgreSQL's.
      await session.query("SELECT 1 = 1");
      expect(await rows()).toBe(before + 2);
      await session.end();
    },
  );
});
