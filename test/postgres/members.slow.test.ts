import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { expectation } from "../../model/access/expectation";
import { type AccessPlan, accessPlan } from "../../model/access/plan";
import { type EmbeddedServer, startServer } from "../../tools/postgres/embedded-server";
import { compareCatalog } from "../../tools/verify/compare-catalog";
import { readCatalog } from "../../tools/verify/read-catalog";
import { MINIMAL, parse } from "../helpers/environment";
import { versionsToTry } from "../helpers/extent";
import { catalogReader, Deployment, outcome } from "../helpers/postgres";
import { testUnless } from "../helpers/skip";

const ANNA = "anna@acme.com";
const BEN = "ben@acme.com";

/** A group of people with these members, or with a login that all share. */
const planOf = (members: readonly string[] | undefined, level = "read-only", more = ""): AccessPlan =>
  accessPlan(
    parse(`${MINIMAL}  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      grants: { shop.orders: ${level} }
${members ? `      members: ${JSON.stringify(members)}\n` : ""}${more}`),
  );
const shared = planOf(undefined);
const READ = "SELECT * FROM orders.future_table";
const WRITE = "DELETE FROM orders.future_table";

describe.each(versionsToTry())("members of a group on PostgreSQL $version", ({ version, unavailable }) => {
  let server: EmbeddedServer;
  beforeAll(async () => {
    if (unavailable === undefined) server = await startServer({ version });
  }, 60_000);
  afterAll(() => server?.stop());

  const drift = async (plan: AccessPlan) => {
    const expected = expectation(plan);
    const { findings } = compareCatalog(expected, await readCatalog(expected, catalogReader(server)));
    return findings.map(({ topic, subject, detail }) => `${topic}: ${subject} ${detail}`);
  };
  /** What a login may do in a session of its own: read, write. */
  const mayDo = async (user: string) => {
    const session = await server.connect({ user, database: "shop" }).catch((error: Error) => error.message);
    if (typeof session === "string") return session;
    try {
      return [await outcome(session, READ), await outcome(session, WRITE)].join();
    } finally {
      await session.end();
    }
  };
  /** What Terraform does with a login that is no longer in the plan. */
  const drop = async (user: string) => {
    const admin = await server.connect();
    const dropped = await admin.query(`DROP ROLE ${user}`).then(
      () => "dropped",
      (error: Error) => error.message,
    );
    await admin.end();
    return dropped;
  };
  const stranger = (user: string) => [
    `role: database user ${user} logs in with an IAM token, and test.yaml does not know it`,
  ];

  testUnless(
    unavailable,
    "from a login that all share to one each and back, the old ones are cut off, named, and can be dropped",
    async () => {
      const deployment = await Deployment.of(server, shared);
      const members = planOf([ANNA, BEN]);
      expect(await mayDo("on_call")).toBe("allowed,denied");

      expect(await deployment.apply(members)).toEqual(["changed"]);
      expect(await mayDo("on_call_anna")).toBe("allowed,denied");
      expect(await mayDo("on_call_ben")).toBe("allowed,denied");
      expect(await mayDo("on_call")).toBe('permission denied for database "shop"');
      expect(await drift(members)).toEqual(stranger("on_call"));
      expect(await deployment.apply(members)).toEqual(["nothing to change"]);
      expect(await drop("on_call")).toBe("dropped");
      expect(await drift(members)).toEqual([]);

      expect(await deployment.apply(shared)).toEqual(["changed"]);
      expect(await mayDo("on_call")).toBe("allowed,denied");
      expect(await drift(shared)).toEqual([...stranger("on_call_anna"), ...stranger("on_call_ben")]);
      expect([await drop("on_call_anna"), await drop("on_call_ben")]).toEqual(["dropped", "dropped"]);
      expect(await drift(shared)).toEqual([]);
      await deployment.close();
    },
  );

  testUnless(
    unavailable,
    "one who leaves is cut off, and the others' roles and memberships are the rows that they were",
    async () => {
      const deployment = await Deployment.of(server, planOf([ANNA, BEN]));
      const rows = () =>
        deployment.rows(
          `SELECT concat_ws(' ', xmin, r.*) AS row FROM pg_authid r WHERE rolname = 'on_call_ben'
           UNION ALL SELECT concat_ws(' ', xmin, m.*) FROM pg_auth_members m
             WHERE pg_get_userbyid(member) = 'on_call_ben' ORDER BY 1`,
        );
      const before = await rows();
      const anna = await server.connect({ user: "on_call_anna", database: "shop" });
      await anna.query("SELECT lo_create(0)");
      await deployment.apply(planOf([BEN]));
      expect(await rows()).toEqual(before);
      expect(before).toHaveLength(3);
      // Her session is open, and has no right any more.
      expect(await outcome(anna, READ)).toBe("denied");
      await anna.end();
      expect(await mayDo("on_call_ben")).toBe("allowed,denied");
      const ben = await server.connect({ user: "on_call_ben", database: "shop" });
      expect(await drop("on_call_ben")).toBe("dropped");
      expect(await outcome(ben, READ)).toBe("denied");
      await ben.end();
      // She owns something: her login stays, and nothing is lost.
      expect(await drop("on_call_anna")).toContain("cannot be dropped because some objects depend on it");
      await deployment.close();
    },
  );

  testUnless(
    unavailable,
    "limits and settings hold for each, and members who own a schema share what they make in it",
    async () => {
      const owners = planOf([ANNA, BEN], "owner", "      statementTimeout: 30s\n      connectionLimit: 2\n");
      const deployment = await Deployment.of(server, owners);
      expect(await drift(owners)).toEqual([]);
      const anna = await server.connect({ user: "on_call_anna", database: "shop" });
      await anna.query("CREATE TABLE orders.made_by_anna (id int)");
      // The deployment has the other of her two.
      await expect(server.connect({ user: "on_call_anna", database: "shop" })).rejects.toThrow(
        'too many connections for role "on_call_anna"',
      );
      const ben = await server.connect({ user: "on_call_ben", database: "shop" });
      expect((await ben.query("SHOW statement_timeout")).rows).toEqual([{ statement_timeout: "30s" }]);
      expect((await ben.query("SELECT session_user, current_user")).rows).toEqual([
        { session_user: "on_call_ben", current_user: "shop_orders_owner" },
      ]);
      await ben.query("ALTER TABLE orders.made_by_anna ADD COLUMN name text");
      expect(await outcome(ben, "SET ROLE on_call_anna")).toBe("denied");
      await Promise.all([anna.end(), ben.end()]);
      await deployment.close();
    },
  );
});
