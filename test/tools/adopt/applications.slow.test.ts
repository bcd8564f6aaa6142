import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { type AccessPlan, accessPlan } from "../../../model/access/plan";
import { ADMIN_USER, SUPERUSER } from "../../../model/postgresql/names";
import { quoteIdentifier } from "../../../model/postgresql/quoting";
import { accessYaml } from "../../../tools/adopt/access-yaml";
import type { LiveServer } from "../../../tools/adopt/live-server";
import type { MovePhase } from "../../../tools/adopt/move-heading";
import { moveSql } from "../../../tools/adopt/move-sql";
import { propose } from "../../../tools/adopt/propose";
import { readLive } from "../../../tools/adopt/read-live";
import { type EmbeddedServer, startServer } from "../../../tools/postgres/embedded-server";
import { verify } from "../../../tools/verify/verify";
import { parse, testEnvironment } from "../../helpers/environment";
import { versionsToTry } from "../../helpers/extent";
import { catalogReader, Deployment, emptyServer } from "../../helpers/postgres";
import { testUnless } from "../../helpers/skip";
import { makeApplications } from "./applications";
import { FACTS } from "./live";

describe.each(versionsToTry())("on PostgreSQL $version", ({ version, unavailable }) => {
  let server: EmbeddedServer;
  beforeAll(async () => {
    if (unavailable !== undefined) return;
    server = await startServer({ version });
  }, 60_000);
  afterAll(() => server?.stop());
  const read = () => readLive(catalogReader(server, ADMIN_USER));

  testUnless(
    unavailable,
    "what is proposed for applications as it is, moved and finished, is what verify expects",
    async () => {
      await makeApplications(server);
      const live = await read();
      const plan = planOf(live);
      const findings = async () => (await verify(plan, catalogReader(server))).findings;
      await run(server, plan, live, "move");
      const logins = propose(live, FACTS).identities.flatMap(({ login }) => login ?? []);
      const strange = (await findings()).filter(
        ({ detail }) => ![...logins, "crm_rw"].some((login) => detail.startsWith(`${login} `)),
      );
      expect(strange).toEqual([]);
      await run(server, plan, live, "finish");
      expect(await findings()).toEqual([]);
    },
    120_000,
  );

  testUnless(
    unavailable,
    "a server that this project made is proposed as its file has it",
    async () => {
      const { access } = testEnvironment("dev");
      const deployment = await Deployment.of(server, accessPlan(testEnvironment("dev")));
      await deployment.close();
      const proposal = propose(await read(), FACTS);
      const grants = (services: Readonly<Record<string, { readonly grants: object }>> = {}) =>
        Object.fromEntries(Object.entries(services).map(([key, each]) => [key, each.grants]));
      expect(grants(proposal.access?.services)).toEqual(grants({ ...access.services, ...access.people }));
      expect(proposal.identities.filter(({ inPlace, login }) => !inPlace && login !== null)).toEqual([]);
      expect(proposal.schemaMoves).toEqual([]);
    },
    60_000,
  );

  testUnless(
    unavailable,
    "whatever names and objects there are, a server is read as whoever may connect, and something is proposed",
    async () => {
      await emptyServer(server);
      await makeHostile(server);
      for (const user of [ADMIN_USER, 'a"b', SUPERUSER]) {
        const live = await readLive(catalogReader(server, user));
        const closed = live.databases.filter(({ connectable }) => !connectable).map(({ name }) => name);
        expect(closed).toEqual(user === 'a"b' ? ["closed", "shut"] : ["shut"]);
        const hostile = live.databases.find(({ name }) => name === HOSTILE);
        expect(hostile?.mentions).toEqual([
          { schema: 'Sch"ema', routine: '"F""n"(x "Sch""ema"."T")', names: "public", by: "text" },
        ]);
        expect(hostile?.others.map(({ type, identity }) => `${type} ${identity}`)).toEqual([
          "event trigger guard",
          "foreign-data wrapper wrapper",
          'operator "Sch""ema".===(integer,integer)',
          "publication changes",
          "server elsewhere",
          'user mapping "a""b" on server elsewhere',
        ]);
        expect(hostile?.largeObjects).toEqual([{ owner: 'a"b', count: 1 }]);
        const { access, beyond } = propose(live, FACTS);
        expect(access?.databases).toEqual(user === 'a"b' ? undefined : { closed: ["closed"] });
        expect(beyond.map(({ where }) => where)).toEqual(
          expect.arrayContaining([`database ${HOSTILE}`, "database shut"]),
        );
      }
    },
    60_000,
  );
});

const HOSTILE = 'my "db"; --';

async function makeHostile(server: EmbeddedServer): Promise<void> {
  const superuser = await server.connect({ user: SUPERUSER });
  for (const statement of [
    'CREATE ROLE "a""b" LOGIN',
    'CREATE ROLE "rds; DROP" NOLOGIN',
    `CREATE DATABASE ${quoteIdentifier(HOSTILE)} OWNER "a""b"`,
    `ALTER DATABASE ${quoteIdentifier(HOSTILE)} SET search_path = 'Sch"ema', '$user'`,
    "CREATE DATABASE closed OWNER postgres",
    "REVOKE CONNECT ON DATABASE closed FROM PUBLIC",
    "CREATE DATABASE shut ALLOW_CONNECTIONS false",
  ]) {
    await superuser.query(statement);
  }
  await superuser.end();
  const closed = await server.connect({ database: "closed" });
  await closed.query("CREATE TABLE public.item ()");
  await closed.end();
  const inside = await server.connect({ user: SUPERUSER, database: HOSTILE });
  await inside.query(`
    CREATE SCHEMA "Sch""ema" AUTHORIZATION "a""b";
    CREATE FOREIGN DATA WRAPPER wrapper; CREATE SERVER elsewhere FOREIGN DATA WRAPPER wrapper;
    CREATE USER MAPPING FOR "a""b" SERVER elsewhere;
    CREATE FUNCTION public.guard() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE EVENT TRIGGER guard ON ddl_command_start EXECUTE FUNCTION public.guard();
    CREATE PUBLICATION changes;
    ALTER EVENT TRIGGER guard OWNER TO rdsadmin;
    SET ROLE "a""b";
    CREATE TABLE "Sch""ema"."T" (id int, "c""ol" int);
    GRANT SELECT ("c""ol") ON "Sch""ema"."T" TO "rds; DROP";
    CREATE FUNCTION "Sch""ema"."F""n"(x "Sch""ema"."T") RETURNS int LANGUAGE sql AS $f$SELECT 1 /* "public" . "T", republic.t */$f$;
    CREATE FUNCTION "Sch""ema".eq(int, int) RETURNS bool LANGUAGE sql AS 'SELECT true';
    CREATE OPERATOR "Sch""ema".=== (FUNCTION = "Sch""ema".eq, LEFTARG = int, RIGHTARG = int);
    SELECT lo_create(0)`);
  await inside.end();
}

/** The plan of what is proposed, as it is written. */
function planOf(live: LiveServer): AccessPlan {
  const { name, account, region } = FACTS.file;
  const section = accessYaml(propose(live, FACTS));
  return accessPlan(parse(`name: ${name}\naccount: "${account}"\nregion: ${region}\n${section}`));
}

async function run(server: EmbeddedServer, plan: AccessPlan, live: LiveServer, phase: MovePhase) {
  for (const { name } of plan.databases) {
    const admin = await server.connect({ database: name });
    await admin.query(moveSql(plan, live, name, phase));
    await admin.end();
  }
}
