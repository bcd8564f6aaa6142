import { expectation } from "../../model/access/expectation";
import type { AccessPlan } from "../../model/access/plan";
import { ADMIN_USER, groupRole, SUPERUSER } from "../../model/postgresql/names";
import { quoteIdentifier } from "../../model/postgresql/quoting";
import { connect } from "../../tools/catalog/connection";
import { compareCatalog } from "../../tools/verify/compare-catalog";
import type { Finding } from "../../tools/verify/finding";
import { readCatalog } from "../../tools/verify/read-catalog";
import { type Deployment, loginsIn, outcome, STRANGER } from "../helpers/postgres";
import type { Check } from "./access-promises";
import { withAdded, withoutIdentity, withoutPlace } from "./changed-plans";

/** What happens when the plan changes, or somebody changes the database beside it. */
export const CHANGE_PROMISES: Readonly<Record<string, Check>> = {
  "a second run changes nothing": secondRunChangesNothing,
  "adding and removing a service leaves every other role's catalog rows untouched": othersAreUntouched,
  "rights granted by hand are found as drift, and nothing else is": handMadeRightsAreFound,
  "what a login makes for itself is found, and once that is fixed the admin can drop the login": ownThingsGo,
  "removing a schema that holds tables fails and loses nothing, no privilege either": tablesAreKept,
  "a removed service's open sessions are named, with how to end them": sessionsAreNamed,
};

async function secondRunChangesNothing(deployment: Deployment): Promise<string[]> {
  const said = await deployment.apply();
  return said.filter((result) => result !== "nothing to change");
}

async function othersAreUntouched(deployment: Deployment): Promise<string[]> {
  const added = "added by a test";
  const before = await rolesAndRights(deployment, added);
  await deployment.apply(withAdded(deployment.plan, added));
  const member = await deployment.rows("SELECT FROM pg_auth_members WHERE member = $1::text::regrole", [
    quoteIdentifier(added),
  ]);
  const during = await rolesAndRights(deployment, added);
  await deployment.apply();
  await (await deployment.client(ADMIN_USER, "postgres")).query(`DROP ROLE ${quoteIdentifier(added)}`);
  const after = await rolesAndRights(deployment, added);
  return [
    ...(member.length === 0 ? ["nothing was added"] : []),
    ...during.filter((row) => !before.includes(row)).map((row) => `adding: ${row}`),
    ...before.filter((row) => !during.includes(row)).map((row) => `adding, lost: ${row}`),
    ...after.filter((row) => !before.includes(row)).map((row) => `removing: ${row}`),
    ...before.filter((row) => !after.includes(row)).map((row) => `removing, lost: ${row}`),
  ];
}

/** Every row about roles, with the transaction that wrote it, and every right; but for those of one role. */
async function rolesAndRights(deployment: Deployment, except: string): Promise<string[]> {
  const query = `
    SELECT concat_ws(' ', 'role', xmin, r.*) AS row FROM pg_authid r WHERE rolname <> $1
    UNION ALL SELECT concat_ws(' ', 'membership', xmin, m.*) FROM pg_auth_members m
      WHERE pg_get_userbyid(member) <> $1 AND pg_get_userbyid(roleid) <> $1
    UNION ALL SELECT concat_ws(' ', 'setting', xmin, s.*) FROM pg_db_role_setting s
    UNION ALL SELECT concat_ws(' ', 'database', datname, datdba, datacl) FROM pg_database
    UNION ALL SELECT concat_ws(' ', 'schema', nspname, nspowner, nspacl) FROM pg_namespace WHERE nspname !~ '^pg_temp'
    UNION ALL SELECT concat_ws(' ', 'relation', oid, relname, relowner, relacl) FROM pg_class WHERE relnamespace >= 16384
    UNION ALL SELECT concat_ws(' ', 'default', defaclrole, defaclnamespace, defaclobjtype, defaclacl) FROM pg_default_acl`;
  const names = deployment.plan.databases.map(({ name }) => name);
  const rows = await Promise.all(
    names.map(async (name) =>
      (await deployment.rows(query, [except], name)).map(({ row }) => `${name}: ${row}`),
    ),
  );
  return rows.flat();
}

/** What somebody may do by hand, and how it is undone; run by the superuser in the first database. */
function handMade({ plan, places }: Deployment): { do: string; undo: string; topic: string }[] {
  const [place] = places;
  const [identity] = loginsIn(plan);
  if (!place || !identity) return [];
  const { database, schema } = place;
  const name = quoteIdentifier(schema.name);
  const table = `${name}.future_table`;
  const [owner, readers] = [schema.owner, groupRole(database.name, schema.name, "read-only")].map(
    quoteIdentifier,
  );
  const login = quoteIdentifier(identity.databaseUser);
  const stranger = quoteIdentifier(STRANGER);
  const pair = (topic: string, what: string, to: string, from: string) => ({
    topic,
    do: `${what} ${to}`.replace("…", "GRANT"),
    undo: `${what} ${from}`.replace("…", "REVOKE"),
  });
  const granted = (topic: string, what: string, grantee: string) =>
    pair(topic, `… ${what}`, `TO ${grantee}`, `FROM ${grantee}`);
  return [
    granted("membership", readers ?? "", stranger),
    granted("grant", `SELECT ON ${table}`, stranger),
    granted("grant", `SELECT (value) ON ${table}`, login),
    granted("grant", `CREATE ON SCHEMA ${name}`, login),
    granted("grant", `CONNECT ON DATABASE ${quoteIdentifier(database.name)}`, "PUBLIC"),
    {
      topic: "default privilege",
      do: `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA ${name} GRANT SELECT ON TABLES TO ${stranger}`,
      undo: `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA ${name} REVOKE SELECT ON TABLES FROM ${stranger}`,
    },
    {
      topic: "owner",
      do: `ALTER TABLE ${table} OWNER TO ${login}`,
      undo: `ALTER TABLE ${table} OWNER TO ${owner}`,
    },
    { topic: "role", do: `ALTER ROLE ${login} CREATEDB`, undo: `ALTER ROLE ${login} NOCREATEDB` },
  ];
}

async function handMadeRightsAreFound(deployment: Deployment): Promise<string[]> {
  const [first] = deployment.plan.databases;
  if (!first) return ["the plan has no database"];
  const superuser = await deployment.client(SUPERUSER, first.name);
  const topics = async () => (await findings(deployment, deployment.plan)).map(sentence);
  const wrong = (await topics()).map((finding) => `found though nothing was done: ${finding}`);
  for (const { do: statement, undo, topic } of handMade(deployment)) {
    await superuser.query(statement);
    const found = await topics();
    if (!found.some((finding) => finding.startsWith(`${topic}: `))) {
      wrong.push(`${statement}: not found; ${found.join("; ") || "nothing is"}`);
    }
    await superuser.query(undo);
  }
  return [...wrong, ...(await topics()).map((finding) => `found though it was undone: ${finding}`)];
}

/** How a live server differs from a plan, read as the admin reads it. */
async function findings({ server }: Deployment, plan: AccessPlan): Promise<readonly Finding[]> {
  const { host, port, adminPassword: password, ca } = server;
  const address = { host, port, user: ADMIN_USER, password, database: "postgres", ca, timeoutSeconds: 15 };
  const expected = expectation(plan);
  return compareCatalog(expected, await readCatalog(expected, (database) => connect(address, database)))
    .findings;
}

function sentence({ topic, subject, detail }: Finding): string {
  return `${topic}: ${subject} ${detail}`;
}

/**
 * PostgreSQL lets every login make large objects, default privileges and settings of its own, and only a superuser
 * could take that away. It gives no access to anything, but a login with such things cannot be dropped.
 */
async function ownThingsGo(deployment: Deployment): Promise<string[]> {
  const wrong: string[] = [];
  for (const { databaseUser, database: start } of loginsIn(deployment.plan)) {
    const login = quoteIdentifier(databaseUser);
    const session = await deployment.server.connect({ user: databaseUser, database: start });
    await session.query("SET ROLE NONE");
    await session.query("SELECT lo_create(0)");
    await session.query("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC");
    await session.query(`ALTER ROLE ${login} SET work_mem = '1GB'`);
    await session.end();
    const found = (await findings(deployment, deployment.plan)).filter(({ subject }) =>
      subject.includes(databaseUser),
    );
    const topics = found.map(({ topic }) => topic).sort();
    if (topics.join() !== "default privilege,owner,setting") {
      wrong.push(`${databaseUser}: found ${found.map(sentence).join("; ") || "nothing"}`);
    }
    for (const { fix, database = "postgres" } of found) {
      if (fix) await (await deployment.client(ADMIN_USER, database)).query(fix);
    }
    const dropped = await outcome(await deployment.client(ADMIN_USER, "postgres"), `DROP ROLE ${login}`);
    if (dropped !== "allowed") wrong.push(`DROP ROLE ${login}: ${dropped}`);
  }
  return wrong;
}

async function tablesAreKept(deployment: Deployment): Promise<string[]> {
  const wrong: string[] = [];
  for (const place of deployment.places) {
    const { database, schema } = place;
    const name = quoteIdentifier(schema.name);
    const owner = quoteIdentifier(schema.owner);
    const rows = async () =>
      deployment.rows(
        `SELECT (SELECT count(*) FROM ${name}.present_table) AS present, (SELECT count(*) FROM ${name}.future_table) AS future,
           string_agg(concat_ws(' ', relname, relowner), ',' ORDER BY relname) AS objects
         FROM pg_class WHERE relnamespace = $1::text::regnamespace`,
        [name],
        database.name,
      );
    const before = JSON.stringify(await rows());
    const admin = await deployment.client(ADMIN_USER, database.name);
    const join = `GRANT ${owner} TO CURRENT_USER`;
    if (schema.managed) {
      const dropped = await outcome(admin, join, `DROP SCHEMA ${name}`);
      if (!dropped.includes("because other objects depend on it"))
        wrong.push(`DROP SCHEMA ${name}: ${dropped}`);
      const gone = await outcome(admin, join, `DROP ROLE ${owner}`);
      if (!gone.includes("because some objects depend on it")) wrong.push(`DROP ROLE ${owner}: ${gone}`);
    }
    const rights = await rolesAndRights(deployment, "");
    const said = await deployment.apply(withoutPlace(deployment.plan, place)).then(
      () => "",
      (error: Error) => error.message,
    );
    for (const { name: each } of deployment.plan.databases) {
      await (await deployment.client(ADMIN_USER, each)).query("ROLLBACK");
    }
    // Refused where somebody would leave a group; else nobody is touched.
    if (!/^$|the group of a schema that is no longer in the environment file$/.test(said)) wrong.push(said);
    const lost = (await rolesAndRights(deployment, "")).filter((row) => !rights.includes(row));
    wrong.push(...lost.map((row) => `without ${schema.name}: ${row}`));
    if (JSON.stringify(await rows()) !== before) wrong.push(`${schema.name} is not as it was`);
    await deployment.apply();
  }
  return wrong;
}

async function sessionsAreNamed(deployment: Deployment): Promise<string[]> {
  const [removed] = loginsIn(deployment.plan);
  if (!removed) return ["the plan has no identity"];
  const { databaseUser } = removed;
  const rest = withoutIdentity(deployment.plan, databaseUser);
  const { database } = removed;
  const admin = await deployment.client(ADMIN_USER, "postgres");
  const wrong: string[] = [];
  // By SQL the login stays, outside of every group; Terraform drops it.
  for (const dropped of [false, true]) {
    const session = await deployment.server.connect({ user: databaseUser, database });
    const { rows } = await session.query("SELECT pg_backend_pid() AS pid");
    const pid = String(rows[0].pid);
    await deployment.apply(rest);
    if (dropped) await admin.query(`DROP ROLE ${quoteIdentifier(databaseUser)}`);
    const found = (await findings(deployment, rest)).filter(({ topic }) => topic === "session");
    const named = found.find((finding) => JSON.stringify(finding).includes(pid));
    if (named?.fix) await admin.query(named.fix);
    else wrong.push(`${databaseUser}: ${found.map(sentence).join("; ") || "no session is named"}`);
    const ended = await session.query("SELECT 1").then(
      () => false,
      () => true,
    );
    if (!ended) wrong.push(`${databaseUser}: the session is still open`);
    await session.end();
    await deployment.apply();
  }
  return wrong;
}
