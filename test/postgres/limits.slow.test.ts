import { afterAll, afterEach, beforeAll, describe, expect } from "@jest/globals";
import type { Client } from "pg";
import { errorCode } from "../../lib/user-error";
import { expectation } from "../../model/access/expectation";
import { type AccessPlan, accessPlan } from "../../model/access/plan";
import { ADMIN_USER } from "../../model/postgresql/names";
import { applyPlan } from "../../tools/postgres/apply-plan";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { compareCatalog } from "../../tools/verify/compare-catalog";
import { readCatalog } from "../../tools/verify/read-catalog";
import { parse } from "../helpers/environment";
import { versionsToTry } from "../helpers/extent";
import { catalogReader } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";

const GRANTS = "grants: { shop.orders: read-write, shop.billing: read-only }";
/** Of a service that reads and writes, with an owner for each schema. */
const planWith = (own: string): AccessPlan =>
  accessPlan(
    parse(`name: test
account: "123456789012"
region: eu-west-1
access:
  databases: { shop: [billing, orders, public] }
  services:
    api: { namespace: n, ${GRANTS}${own} }
    billing-owner: { namespace: n, grants: { shop.billing: owner }, searchPath: [billing] }
    orders-owner: { namespace: n, grants: { shop.orders: owner }, searchPath: [orders] }
  namespaces: { n: {} }
`),
  );

describe.each(versionsToTry())("limits on PostgreSQL $version", ({ version, unavailable }) => {
  let server: EmbeddedServer;
  let open: Client[] = [];
  beforeAll(async () => {
    if (unavailable === undefined) server = await startServer({ version });
  }, 60_000);
  afterAll(() => server?.stop());
  afterEach(async () => {
    await Promise.all(open.map((client) => client.end()));
    open = [];
  });

  const session = async (user: string): Promise<Client> => {
    const client = await server.connect({ user, database: "shop" });
    // One that the server ends says so by an event, too.
    client.on("error", () => {});
    open.push(client);
    return client;
  };
  const apply = async (own: string) => {
    const plan = planWith(own);
    const clients: Client[] = [];
    const said = await applyPlan(plan, async (database) => {
      const client = await server.connect({ user: ADMIN_USER, database });
      clients.push(client);
      return client;
    });
    await Promise.all(clients.map((client) => client.end()));
    return said;
  };
  const findings = async (own: string) => {
    const expected = expectation(planWith(own));
    const live = await readCatalog(expected, catalogReader(server));
    return compareCatalog(expected, live).findings.map(({ kind, detail }) => `${kind}: ${detail}`);
  };
  const codeOf = (run: Promise<unknown>) => run.then(() => "allowed", errorCode);

  testUnless(
    unavailable,
    "a statement that runs longer than it may ends, and its session goes on",
    async () => {
      await apply(", statementTimeout: 100ms");
      const api = await session("api");
      expect(await codeOf(api.query("SELECT pg_sleep(30)"))).toBe("57014");
      expect(await codeOf(api.query("SELECT 1"))).toBe("allowed");
    },
  );

  testUnless(
    unavailable,
    "a session whose transaction waits too long ends; one without a transaction may wait",
    async () => {
      await apply(", idleInTransactionSessionTimeout: 100ms");
      const [waiting, idle] = [await session("api"), await session("api")];
      const ended = new Promise((resolve) => waiting.once("error", (error) => resolve(errorCode(error))));
      await waiting.query("BEGIN");
      expect(await ended).toBe("25P03");
      expect(await codeOf(idle.query("SELECT 1"))).toBe("allowed");
    },
  );

  testUnless(unavailable, "one connection more than it may have is refused, to it alone", async () => {
    await apply(", connectionLimit: 2");
    await session("api");
    await session("api");
    expect(await codeOf(session("api"))).toBe("53300");
    expect(await codeOf(session("orders-owner".replace("-", "_")))).toBe("allowed");
  });

  testUnless(
    unavailable,
    "names without a schema mean what the path says, and an owner's are in its schema",
    async () => {
      await apply(", searchPath: [billing, orders]");
      for (const owner of ["billing_owner", "orders_owner"]) {
        const migration = await session(owner);
        await migration.query(
          "CREATE TABLE IF NOT EXISTS item (id int); CREATE TABLE IF NOT EXISTS whose AS SELECT current_schema() AS name",
        );
      }
      const whose = async () => (await (await session("api")).query("SELECT name FROM whose")).rows[0].name;
      expect(await whose()).toBe("billing");
      await apply(", searchPath: [orders, billing]");
      expect(await whose()).toBe("orders");
      expect(await codeOf((await session("api")).query("INSERT INTO item VALUES (1)"))).toBe("allowed");
      await apply("");
      expect(await codeOf((await session("api")).query("SELECT name FROM whose"))).toBe("42P01");
    },
  );

  testUnless(
    unavailable,
    "a schema of the path in which it has no grant is skipped: whoever creates there decides nothing",
    async () => {
      await apply(", searchPath: [orders, public]");
      const api = await session("api");
      expect((await api.query("SELECT current_schemas(false)::text[] AS path")).rows[0].path).toEqual([
        "orders",
      ]);
    },
  );

  testUnless(
    unavailable,
    "what a changed file says is set, what it says no longer taken back, and the rest stays for verify",
    async () => {
      const all =
        ", statementTimeout: 30s, idleInTransactionSessionTimeout: 1min, searchPath: [orders, $user]";
      for (const own of [all, ", searchPath: [billing]", ", statementTimeout: 1h"]) {
        await apply(own);
        expect([own, await apply(own), await findings(own)]).toEqual([own, ["nothing to change"], []]);
      }
      const admin = await session(ADMIN_USER);
      await admin.query("ALTER ROLE api SET statement_timeout = '1h'; ALTER ROLE api SET work_mem = '1GB'");
      expect(await findings(all)).toEqual([
        "missing: lacks the setting idle_in_transaction_session_timeout=60000",
        'missing: lacks the setting search_path="orders", "$user"',
        expect.stringContaining(
          "different: has the setting statement_timeout=1h in place of statement_timeout=30000",
        ),
        "extra: has the setting work_mem=1GB",
      ]);
      await apply(all);
      expect(await findings(all)).toEqual(["extra: has the setting work_mem=1GB"]);
      await admin.query("ALTER ROLE api RESET work_mem");
    },
  );

  testUnless(
    unavailable,
    "are no wall but for connections: a login may set the others anew for itself, which verify finds",
    async () => {
      const own = ", statementTimeout: 30s, searchPath: [orders], connectionLimit: 5";
      await apply(own);
      const api = await session("api");
      expect(await codeOf(api.query("SET statement_timeout = 0"))).toBe("allowed");
      expect(await codeOf(api.query("SET search_path = billing"))).toBe("allowed");
      expect(await codeOf(api.query("ALTER ROLE api CONNECTION LIMIT 50"))).toBe("42501");
      await api.query("ALTER ROLE api SET statement_timeout = 0; ALTER ROLE api RESET search_path");
      expect(await findings(own)).toEqual([
        'missing: lacks the setting search_path="orders"',
        "different: has the setting statement_timeout=0 in place of statement_timeout=30000",
      ]);
      await apply(own);
      expect(await findings(own)).toEqual([]);
    },
  );
});
