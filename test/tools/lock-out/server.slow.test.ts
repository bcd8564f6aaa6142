import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import { UserError } from "../../../lib/user-error";
import { accessPlan } from "../../../model/access/plan";
import { SUPERUSER } from "../../../model/postgresql/names";
import type { Aws } from "../../../tools/deployed/aws-cli";
import { lockOut } from "../../../tools/lock-out/lock-out";
import { type EmbeddedServer, startServer } from "../../../tools/postgres/embedded-server";
import { type Standby, startStandby } from "../../../tools/postgres/standby";
import { MINIMAL, parse } from "../../helpers/environment";
import { eventually } from "../../helpers/eventually";
import { versionsToTry } from "../../helpers/extent";
import { catalogConnection } from "../../helpers/postgres";
import { testUnless } from "../../helpers/skip";

const NOW = "2026-12-02T09:30:00Z";
const CLUSTER = { identifier: "test", region: "eu-west-1" };
const PLAN = accessPlan(
  parse(`${MINIMAL}    orders-migrations:
      namespace: shop
      grants: { shop.orders: owner }
  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      grants: { shop.orders: read-only }
      members: [anna@acme.com, ben@acme.com]
`),
);
const [ANNA, BEN] = ["on_call_anna", "on_call_ben"] as const;

/** A session that does not end the test when somebody ends it. */
async function session(server: EmbeddedServer, user: string): Promise<Client> {
  const client = await server.connect({ user, database: "shop" });
  client.on("error", () => undefined);
  return client;
}
const isOpen = (client: Client) =>
  client.query("SELECT 1").then(
    () => true,
    () => false,
  );

describe.each(versionsToTry())("on PostgreSQL $version", ({ version, unavailable }) => {
  let server: EmbeddedServer;
  let superuser: Client;
  /** What was asked of IAM and of the server, in this order. */
  let asked: string[];
  let said: string[];
  beforeAll(async () => {
    if (unavailable !== undefined) return;
    server = await startServer({ version, settings: { max_prepared_transactions: "5" } });
    await server.apply(PLAN);
    superuser = await server.connect({ user: SUPERUSER });
  }, 60_000);
  beforeEach(async () => {
    asked = [];
    said = [];
    if (superuser)
      await superuser.query(`ALTER ROLE orders_api LOGIN; ALTER ROLE ${ANNA} LOGIN; ALTER ROLE ${BEN} LOGIN`);
  });
  afterAll(async () => {
    await superuser?.end();
    await server?.stop();
  });

  /** IAM, which says yes. */
  const iam: Aws = async (args) => {
    asked.push(args.slice(0, 2).join(" "));
    return args[0] === "sts" ? '{"Account":"123456789012"}' : "";
  };
  /** The admin, as the command connects: over TLS, by password. */
  const connect = async () => {
    const { query, close } = catalogConnection(await server.connect());
    return {
      query: async <Row extends object>(sql: string, values?: readonly unknown[]) => {
        asked.push(sql.trim().split(/[ \n]/)[0] ?? "");
        return query<Row>(sql, values);
      },
      close,
    };
  };
  const run = (
    name: string,
    means: Partial<Parameters<ReturnType<typeof lockOut>["run"]>[0]> = {},
    undo = false,
  ) =>
    lockOut(PLAN, { name, now: NOW, undo }).run({ aws: iam, connect, ...means }, (line) => said.push(line));
  const loginsOf = async (...users: string[]) => {
    const { rows } = await superuser.query(
      "SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname = ANY ($1)",
      [users],
    );
    return Object.fromEntries(rows.map(({ rolname, rolcanlogin }) => [rolname, rolcanlogin]));
  };

  testUnless(
    unavailable,
    "an identity's sessions end, whatever they are at and whatever role they have set, and nobody else's",
    async () => {
      const migrations = await Promise.all([1, 2, 3].map(() => session(server, "orders_migrations")));
      const [idle, setRole, busy] = migrations;
      const other = await session(server, "orders_api");
      await setRole?.query("SET ROLE shop_orders_owner");
      await busy?.query("BEGIN; CREATE TABLE orders.left_behind (id int)");
      const sleeping = busy?.query("SELECT pg_sleep(600)").catch((error: Error) => error.message);
      expect(await run("orders-migrations")).toBe(true);
      expect(await sleeping).toBe("terminating connection due to administrator command");
      expect(await Promise.all([idle, setRole].map((each) => each && isOpen(each)))).toEqual([false, false]);
      expect(await isOpen(other)).toBe(true);
      expect(said).toContain("   3 ended, and none came back");
      expect(said).toContain("orders-migrations is locked out.");
      const { rows } = await (await session(server, "orders_api")).query(
        "SELECT to_regclass('orders.left_behind') AS it",
      );
      expect(rows).toEqual([{ it: null }]);
      await superuser.query("ALTER ROLE orders_migrations LOGIN");
    },
  );

  testUnless(
    unavailable,
    "IAM comes first, then logins, then sessions: while IAM is asked, the old state still holds",
    async () => {
      const open = await session(server, "orders_api");
      const states: unknown[] = [];
      const aws: Aws = async (args) => {
        if (args[0] === "iam") states.push([args[5], await loginsOf("orders_api"), await isOpen(open)]);
        return iam(args);
      };
      expect(await run("orders-api", { aws })).toBe(true);
      expect(states).toEqual([
        ["locked-out", { orders_api: true }, true],
        ["AWSRevokeOlderSessions", { orders_api: true }, true],
      ]);
      // Three looks at which nobody is there come after the one that ends it.
      expect(asked).toEqual([
        ...[
          "sts get-caller-identity",
          "iam put-role-policy",
          "sts get-caller-identity",
          "iam put-role-policy",
        ],
        ...["ALTER", "SELECT", "SELECT", "SELECT", "SELECT", "SELECT"],
      ]);
      expect(await loginsOf("orders_api")).toEqual({ orders_api: false });
    },
  );

  testUnless(unavailable, "who comes back in a loop while it runs stays out", async () => {
    let going = true;
    let logins = 0;
    const refusals = new Set<string>();
    const loop = async () => {
      while (going) {
        try {
          const client = await session(server, "orders_api");
          logins++;
          while (going && (await isOpen(client)));
          await client.end().catch(() => undefined);
        } catch (error) {
          refusals.add(String(Object(error).message));
        }
      }
    };
    const loops = Array.from({ length: 8 }, loop);
    await eventually(() => logins >= 8);
    expect(await run("orders-api")).toBe(true);
    const before = logins;
    await eventually(() => refusals.size > 0);
    going = false;
    await Promise.all(loops);
    expect(logins).toBe(before);
    expect([...refusals]).toEqual(['role "orders_api" is not permitted to log in']);
    const { rows } = await superuser.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'orders_api'",
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  testUnless(
    unavailable,
    "one member of a group goes, and the others stay; with the group all of them go",
    async () => {
      const [anna, ben] = [await session(server, ANNA), await session(server, BEN)];
      expect(await run(ANNA)).toBe(true);
      expect([await isOpen(anna), await isOpen(ben)]).toEqual([false, true]);
      expect(await loginsOf(ANNA, BEN)).toEqual({ [ANNA]: false, [BEN]: true });
      expect(await run("on-call")).toBe(true);
      expect(await isOpen(ben)).toBe(false);
      expect(await loginsOf(ANNA, BEN)).toEqual({ [ANNA]: false, [BEN]: false });
    },
  );

  testUnless(
    unavailable,
    "it may be done again, and let in again: then everything is as it was",
    async () => {
      expect(await run("orders-api")).toBe(true);
      expect(await run("orders-api")).toBe(true);
      expect(await run("orders-api", {}, true)).toBe(true);
      expect(asked.at(-1)).toBe("iam delete-role-policy");
      const back = await session(server, "orders_api");
      expect(await isOpen(back)).toBe(true);
      await back.end();
      const gone: Aws = async (args) => {
        if (args[0] !== "iam") return iam(args);
        throw Object.assign(new UserError(["the AWS CLI failed"]), { cause: "(NoSuchEntity) when calling" });
      };
      expect(await run("orders-api", { aws: gone }, true)).toBe(true);
      expect(said).toContain("   it had no policy locked-out");
    },
  );

  testUnless(
    unavailable,
    "when AWS refuses, PostgreSQL does its part, and the end says which steps failed",
    async () => {
      const open = await session(server, "orders_api");
      const aws: Aws = async () => {
        throw new UserError(["the AWS credentials have expired; run `aws sso login`"]);
      };
      expect(await run("orders-api", { aws })).toBe(false);
      expect(await isOpen(open)).toBe(false);
      expect(await loginsOf("orders_api")).toEqual({ orders_api: false });
      expect(said.filter((line) => line.includes("failed"))).toEqual([
        "   failed: the AWS credentials have expired; run `aws sso login`",
        "   failed: the AWS credentials have expired; run `aws sso login`",
        "Not all is done: steps 1, 2 failed. Every step may be done twice: put right what it says, and run this again.",
      ]);
      expect(said.join("\n")).not.toContain("is locked out.");
    },
  );

  testUnless(
    unavailable,
    "with another account's credentials nothing is put on a role of the same name there",
    async () => {
      const aws: Aws = async (args) => {
        asked.push(args.slice(0, 2).join(" "));
        return '{"Account":"999999999999"}';
      };
      expect(await run("orders-api", { aws })).toBe(false);
      expect(asked.filter((each) => each.startsWith("iam"))).toEqual([]);
      expect(said).toContain(
        "   failed: the AWS credentials are those of account 999999999999, and test is in 123456789012; set AWS_PROFILE to a profile of that account",
      );
    },
  );

  testUnless(
    unavailable,
    "when PostgreSQL is not to be had, or fails in a way that nobody thought of, IAM does its part",
    async () => {
      const problems = [new UserError(["nothing listens on localhost:1"]), new TypeError("what is this")];
      const failing = async () => {
        throw problems.shift() ?? new UserError(["nothing listens on localhost:1"]);
      };
      expect(await run("orders-api", { connect: failing })).toBe(false);
      expect(asked.filter((each) => each.startsWith("iam"))).toHaveLength(2);
      expect(said).toContain("   failed: nothing listens on localhost:1");
      expect(said).toContain("   failed: what is this");
      expect(said.some((line) => line.startsWith("Not all is done: steps 3, 4, 5 failed."))).toBe(true);
    },
  );

  testUnless(
    unavailable,
    "a database user that is not there keeps no other, and one that may not be changed is said",
    async () => {
      const admin = catalogConnection(await server.connect());
      await superuser.query(`ALTER ROLE ${ANNA} RENAME TO elsewhere`);
      expect(await run("on-call")).toBe(true);
      expect(said).toContain(`   ${ANNA}: there is none`);
      expect(await loginsOf(BEN)).toEqual({ [BEN]: false });
      await superuser.query(`ALTER ROLE elsewhere RENAME TO ${ANNA}`);
      await superuser.query(`ALTER ROLE ${ANNA} LOGIN SUPERUSER`);
      expect(await run("on-call")).toBe(false);
      expect(said.some((line) => line.includes(`failed: ${ANNA}: `))).toBe(true);
      expect(said).toContain(
        `   failed: ${ANNA} may log in again: somebody has deployed meanwhile; run this again`,
      );
      await superuser.query(`ALTER ROLE ${ANNA} NOSUPERUSER`);
      await admin.close();
    },
  );

  testUnless(unavailable, "the look finds who else acts as it, and what it prepared", async () => {
    await superuser.query("GRANT orders_api TO orders_migrations");
    const open = await session(server, "orders_api");
    await open.query("BEGIN; SELECT * FROM pg_class LIMIT 1; PREPARE TRANSACTION 'theirs'");
    expect(await run("orders-api")).toBe(false);
    expect(said.filter((line) => line.startsWith("   failed"))).toEqual([
      "   failed: orders_migrations may act as orders_api: lock that one out as well, or take the membership away",
      "   failed: the prepared transaction theirs of orders_api keeps its locks; ROLLBACK PREPARED ends it",
    ]);
    await superuser.query("REVOKE orders_api FROM orders_migrations");
    const here = await server.connect({ user: SUPERUSER, database: "shop" });
    await here.query("ROLLBACK PREPARED 'theirs'");
    await here.end();
    expect(await run("orders-api")).toBe(true);
  });
});

describe("with readers", () => {
  let server: EmbeddedServer;
  let standby: Standby;
  beforeAll(async () => {
    server = await startServer();
    await server.apply(PLAN);
    standby = await startStandby(server);
    await standby.caughtUp();
  }, 60_000);
  afterAll(async () => {
    await standby?.stop();
    await server?.stop();
  });

  const onReader = async (user: string) => {
    const client = new Client({ host: standby.socketFolder, port: standby.port, user, database: "shop" });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  };
  const rds: Readonly<Record<string, unknown>> = {
    "describe-db-clusters": {
      DBClusters: [
        {
          DBClusterMembers: ["test-1", "test-2", "test-3"].map((DBInstanceIdentifier, index) => ({
            DBInstanceIdentifier,
            IsClusterWriter: index === 0,
          })),
        },
      ],
    },
    "describe-db-instances": {
      DBInstances: ["test-1", "test-2", "test-3"].map((DBInstanceIdentifier) => ({
        DBInstanceIdentifier,
        Endpoint: { Address: `${DBInstanceIdentifier}.abc` },
      })),
    },
  };
  const aws: Aws = async ([service = "", question = ""]) =>
    service === "sts" ? '{"Account":"123456789012"}' : JSON.stringify(rds[question] ?? {});

  test("sessions end on each of them, and one that is not to be had is said, with what to do", async () => {
    const open = await onReader("orders_api");
    const other = await onReader("orders_migrations");
    const hosts: string[] = [];
    const said: string[] = [];
    const worked = await lockOut(PLAN, { name: "orders-api", now: NOW, cluster: CLUSTER }).run(
      {
        aws,
        connect: async (reader) => {
          if (reader === undefined) return catalogConnection(await server.connect());
          hosts.push(reader);
          if (reader === "test-3.abc") throw new UserError(["test-3.abc:5432 cannot be reached"]);
          return catalogConnection(await onReader(SUPERUSER));
        },
      },
      (line) => said.push(line),
    );
    expect(worked).toBe(false);
    expect(hosts).toEqual(["test-2.abc", "test-3.abc"]);
    expect([await isOpen(open), await isOpen(other)]).toEqual([false, true]);
    expect(said).toContain("   test-2: 1 ended, and none came back");
    expect(said).toContain(
      "   failed: test-3: test-3.abc:5432 cannot be reached; run this inside of the network, or end everybody's sessions there: aws rds reboot-db-instance --db-instance-identifier test-3 --region eu-west-1",
    );
    await standby.caughtUp();
    await expect(onReader("orders_api")).rejects.toThrow('role "orders_api" is not permitted to log in');
    await other.end();
  });

  test("a reader in place of the writer changes nothing, and is said", async () => {
    const said: string[] = [];
    const connect = async () => catalogConnection(await onReader(SUPERUSER));
    expect(
      await lockOut(PLAN, { name: "on-call", now: NOW }).run({ aws, connect }, (line) => said.push(line)),
    ).toBe(false);
    expect(said).toContain(
      `   failed: ${ANNA}: PGHOST is a reader, which changes nothing; set it to the writer's endpoint`,
    );
  });
});
