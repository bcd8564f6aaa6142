import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { accessPlan } from "../../../model/access/plan";
import { SUPERUSER } from "../../../model/postgresql/names";
import { lockOut } from "../../../tools/lock-out/lock-out";
import { parse } from "../../helpers/environment";
import { eventually } from "../../helpers/eventually";
import { catalogReader } from "../../helpers/postgres";
import { type ProxyFixture, startProxyFixture, TIMEOUT } from "../laptop/proxy/fixture";

let fixture: ProxyFixture;
beforeAll(async () => {
  fixture = await startProxyFixture();
}, TIMEOUT);
afterAll(() => fixture?.stop());

const failure = (work: Promise<unknown>) =>
  work.then(
    () => "it worked",
    (error: Error) => error.message,
  );

test(
  "sessions that a proxy has for an identity end, those that one client keeps as well, and its clients get none again",
  async () => {
    const { server, connect } = fixture;
    const pooled = await connect();
    await pooled.end();
    const [idle, within, other] = [await connect(), await connect(), await connect({ user: "billing" })];
    // What pins a session of RDS Proxy, and a transaction that is open.
    await idle.query("SET statement_timeout = '1min'; CREATE TEMPORARY TABLE kept (id int)");
    await within.query("BEGIN");
    const superuser = await server.connect({ user: SUPERUSER });
    const sessions = async () =>
      (await superuser.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'orders_api'"))
        .rows[0].n;
    await eventually(async () => (await sessions()) >= 2);
    const said: string[] = [];
    const worked = await lockOut(accessPlan(parse()), {
      name: "orders-api",
      now: "2026-12-02T09:30:00Z",
    }).run(
      {
        aws: async ([service]) => (service === "sts" ? '{"Account":"123456789012"}' : ""),
        connect: () => catalogReader(server, "postgres")(),
      },
      (line) => said.push(line),
    );
    expect([worked, said.find((line) => / ended, and none came back$/.test(line))]).toEqual([
      true,
      expect.stringMatching(/^ {3}[2-9] ended/),
    ]);
    for (const client of [idle, within])
      expect(await failure(client.query("SELECT 1"))).not.toBe("it worked");
    // The token is good, and IAM lets the proxy connect: PostgreSQL does not.
    expect(await failure(connect())).toContain("is not permitted to log in");
    expect(await sessions()).toBe(0);
    expect(await failure(other.query("SELECT 1"))).toBe("it worked");
    await superuser.query("ALTER ROLE orders_api LOGIN");
    await superuser.end();
  },
  TIMEOUT,
);
