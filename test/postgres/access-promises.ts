import { databaseUsers, type IdentityBase, type SharedLogin } from "../../model/access/identity";
import { groupRoles } from "../../model/access/plan";
import { LEVEL_NAMES, type Level } from "../../model/postgresql/levels";
import { ADMIN_USER, IAM_LOGIN_ROLE } from "../../model/postgresql/names";
import { quoteIdentifier, quoteLiteral } from "../../model/postgresql/quoting";
import {
  type Deployment,
  levelOf,
  loginsIn,
  mayConnect,
  outcome,
  type Place,
  STRANGER,
} from "../helpers/postgres";
import { attempts, MEANINGS } from "./attempts";
import { limitsHold } from "./limits-hold";

/** Says where a deployment breaks a promise; nothing when it keeps it. */
export type Check = (deployment: Deployment) => Promise<string[]>;

/** What each identity can do, and what nobody can. */
export const ACCESS_PROMISES: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(
    LEVEL_NAMES.map((level) => [MEANINGS[level].promise, (deployment) => tryEverything(deployment, level)]),
  ),
  "what an owner creates belongs to its group and reaches the others": ownersCreate,
  "whoever has no grant in a schema sees nothing of it, of another database, or of public":
    foreignersSeeNothing,
  "a login can neither create roles nor pass its own rights on": loginsStayWhatTheyAre,
  "the sessions of a login have the limits of its identity, and look names up in the schemas that it says":
    limitsHold,
  "no login has a password": noPasswords,
  "PUBLIC can neither connect nor use the schema public": publicHasNothing,
  "the admin keeps its password login and can drop every login": adminStaysInCharge,
};

/** Tries every statement as every identity that has a level in a schema, or none; says what came out wrong. */
async function tryEverything(deployment: Deployment, level: Level | undefined): Promise<string[]> {
  const wrong: string[] = [];
  for (const identity of loginsIn(deployment.plan)) {
    for (const place of deployment.places) {
      if (levelOf(identity, place) !== level) continue;
      const rights = level === undefined ? [] : [...MEANINGS[level].rights];
      // Types are everybody's who may use the schema.
      if (rights.includes("read") || opensPublic(identity, place)) rights.push("use types");
      for (const { what, sql, right } of attempts(place)) {
        const expected = right !== undefined && rights.includes(right) ? "allowed" : "denied";
        for (const first of startsOf(identity)) {
          const found = await deployment.outcome(identity.databaseUser, place.database.name, ...first, sql);
          if (found === expected) continue;
          wrong.push(
            `${[describe(identity, place), ...first, what].join(": ")}: ${found} in place of ${expected}`,
          );
        }
      }
    }
  }
  return wrong;
}

/** Whether extensions open `public` to an identity, whatever its level there. */
function opensPublic({ grants }: IdentityBase, { database, schema }: Place): boolean {
  const { name, extensions = [] } = database;
  return !schema.managed && extensions.length > 0 && grants.some((grant) => grant.database === name);
}

async function ownersCreate(deployment: Deployment): Promise<string[]> {
  const wrong: string[] = [];
  for (const { database, schema } of deployment.places) {
    const rows = await deployment.rows(
      `SELECT relname, relowner::regrole::text AS owner, pg_get_userbyid(relowner) AS name FROM pg_class
       WHERE relnamespace = $1::text::regnamespace AND relkind IN ('r', 'v', 'm', 'S') AND relname LIKE 'future%'`,
      [quoteIdentifier(schema.name)],
      database.name,
    );
    // Two tables, a sequence of one of them, a view, a materialised view and a sequence.
    if (rows.length !== 6) wrong.push(`${schema.name}: ${rows.length} objects in place of 6`);
    for (const { relname, name } of rows) {
      if (name !== schema.owner) wrong.push(`${schema.name}.${relname} belongs to ${name}`);
    }
  }
  return wrong;
}

async function foreignersSeeNothing(deployment: Deployment): Promise<string[]> {
  const wrong = await tryEverything(deployment, undefined);
  for (const database of deployment.plan.databases) {
    // Extensions are in public for all who have access; what else everybody may do there is the admin's to give.
    const unplanned = !database.extensions && database.schemas.every(({ managed }) => managed);
    const admin = await deployment.client(ADMIN_USER, database.name);
    // Everybody may use this table, and only the schema is in the way.
    if (unplanned) await admin.query("CREATE TABLE public.open (); GRANT ALL ON public.open TO PUBLIC");
    for (const login of loginsIn(deployment.plan)) {
      const { databaseUser, grants } = login;
      const enters = mayConnect(login, database.name);
      const schemas = grants.filter((grant) => grant.database === database.name).map(({ schema }) => schema);
      const connects = await deployment.outcome(databaseUser, database.name);
      if (connects !== (enters ? "allowed" : "denied")) {
        wrong.push(`${databaseUser} connecting to ${database.name}: ${connects}`);
      }
      if (!enters) continue;
      if (unplanned) {
        for (const sql of ["SELECT * FROM public.open", "CREATE TABLE public.mine ()"]) {
          const found = await deployment.outcome(databaseUser, database.name, sql);
          if (found !== "denied") wrong.push(`${databaseUser}: ${sql}: ${found}`);
        }
      }
      const session = await deployment.client(databaseUser, database.name);
      const { rows } = await session.query(
        `SELECT table_schema || '.' || table_name AS seen FROM information_schema.tables
         WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_schema <> ALL ($1)
           AND NOT (table_schema = 'public' AND table_name = 'open')`,
        [schemas],
      );
      wrong.push(...rows.map(({ seen }) => `${databaseUser} sees ${database.name}.${seen}`));
    }
    if (unplanned) await admin.query("DROP TABLE public.open");
  }
  return wrong;
}

async function loginsStayWhatTheyAre(deployment: Deployment): Promise<string[]> {
  const wrong: string[] = [];
  const stranger = quoteIdentifier(STRANGER);
  for (const identity of loginsIn(deployment.plan)) {
    const self = quoteIdentifier(identity.databaseUser);
    const foreign = groupRoles(deployment.plan).filter((group) => !identity.memberOf.includes(group));
    const statements = [
      "CREATE ROLE made",
      `DROP ROLE ${stranger}`,
      ...["SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS"].map(
        (attribute) => `ALTER ROLE ${self} ${attribute}`,
      ),
      `ALTER ROLE ${self} CONNECTION LIMIT -1`,
      `ALTER ROLE ${stranger} PASSWORD 'secret'`,
      ...identity.memberOf.map((role) => `GRANT ${quoteIdentifier(role)} TO ${stranger}`),
      `GRANT ${self} TO ${stranger}`,
      ...[ADMIN_USER, "rds_superuser", "pg_read_all_data"].map((role) => `GRANT ${role} TO ${self}`),
      ...[ADMIN_USER, STRANGER, ...foreign].map((role) => `SET ROLE ${quoteIdentifier(role)}`),
      `SET SESSION AUTHORIZATION ${stranger}`,
      "CREATE SCHEMA made",
      "CREATE TEMPORARY TABLE made ()",
      "SELECT * FROM pg_authid",
      "COPY (SELECT 1) TO PROGRAM 'true'",
      "SELECT pg_read_file('/etc/passwd')",
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
    ];
    const entered = deployment.plan.databases.filter(({ name }) => mayConnect(identity, name));
    for (const { name: database } of entered) {
      for (const first of startsOf(identity)) {
        for (const sql of statements) {
          const found = await deployment.outcome(identity.databaseUser, database, ...first, sql);
          if (found !== "denied")
            wrong.push(`${[identity.databaseUser, ...first, sql].join(": ")}: ${found}`);
        }
      }
    }
    for (const place of deployment.places) wrong.push(...(await passesOn(deployment, identity, place)));
  }
  return wrong;
}

/** Which rights an identity can give to others. What an owner made is its own, to grant like any owner. */
async function passesOn(
  deployment: Deployment,
  identity: IdentityBase & SharedLogin,
  place: Place,
): Promise<string[]> {
  const level = levelOf(identity, place);
  if (level === undefined) return [];
  const { database, schema } = place;
  const table = `${quoteIdentifier(schema.name)}.future_table`;
  const rights = [
    ["CONNECT", "database", quoteIdentifier(database.name), quoteLiteral(database.name)],
    ...(level === "owner"
      ? []
      : [
          ["USAGE", "schema", quoteIdentifier(schema.name), quoteLiteral(schema.name)],
          ["SELECT", "table", table, quoteLiteral(table)],
        ]),
  ] as const;
  const wrong: string[] = [];
  for (const [right, kind, target, literal] of rights) {
    // Who has no right to grant gets a warning and not an error, so what counts is what came of it.
    const found = await deployment.outcome(
      identity.databaseUser,
      database.name,
      `GRANT ${right} ON ${kind} ${target} TO ${quoteIdentifier(STRANGER)}`,
      `SELECT 1 / (NOT has_${kind}_privilege(${quoteLiteral(STRANGER)}, ${literal}, '${right}'))::int`,
    );
    if (found !== "allowed" && found !== "denied") {
      wrong.push(`${describe(identity, place)}: passes on ${right}: ${found}`);
    }
  }
  return wrong;
}

async function noPasswords(deployment: Deployment): Promise<string[]> {
  const names = deployment.plan.identities.flatMap(databaseUsers);
  const rows = await deployment.rows(
    "SELECT rolname, rolpassword, rolcanlogin FROM pg_authid WHERE rolname = ANY ($1)",
    [names],
  );
  return [
    ...rows
      .filter(({ rolpassword }) => rolpassword !== null)
      .map(({ rolname }) => `${rolname} has a password`),
    ...names
      .filter((name) => !rows.some(({ rolname, rolcanlogin }) => rolname === name && rolcanlogin))
      .map((name) => `${name} is no login`),
  ];
}

async function publicHasNothing(deployment: Deployment): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name } of deployment.plan.databases) {
    const connects = await deployment.outcome(STRANGER, name);
    if (connects !== "denied") wrong.push(`a stranger connecting to ${name}: ${connects}`);
    const rows = await deployment.rows(
      `SELECT privilege FROM unnest(ARRAY['CONNECT', 'TEMPORARY', 'CREATE']) privilege
         WHERE has_database_privilege('public', current_database(), privilege)
       UNION SELECT privilege || ' on the schema public' FROM unnest(ARRAY['USAGE', 'CREATE']) privilege
         WHERE has_schema_privilege('public', 'public', privilege)`,
      [],
      name,
    );
    wrong.push(...rows.map(({ privilege }) => `PUBLIC has ${privilege} in ${name}`));
  }
  return wrong;
}

async function adminStaysInCharge(deployment: Deployment): Promise<string[]> {
  // Connects by TCP with its password, and fails if it cannot.
  const admin = await deployment.server.connect();
  const roles = [
    IAM_LOGIN_ROLE,
    ...groupRoles(deployment.plan),
    ...deployment.plan.identities.flatMap(databaseUsers),
  ];
  const { rows } = await admin.query(
    "SELECT role FROM unnest($1::text[]) role WHERE pg_has_role(current_user, role, 'USAGE')",
    [roles],
  );
  const dropped = await outcome(
    admin,
    ...loginsIn(deployment.plan).map(({ databaseUser }) => `DROP ROLE ${quoteIdentifier(databaseUser)}`),
  );
  await admin.end();
  return [
    ...rows.map(({ role }) => `the admin has the rights of ${role}`),
    ...(dropped === "allowed" ? [] : [`dropping every login: ${dropped}`]),
  ];
}

/** What a session may do first: an owner's runs as its group, and may go back to being the login alone. */
function startsOf({ sessionRole }: IdentityBase): string[][] {
  return sessionRole === undefined ? [[]] : [[], ["SET ROLE NONE"]];
}

function describe({ databaseUser }: SharedLogin, { database, schema }: Place): string {
  return `${databaseUser} in ${database.name}.${schema.name}`;
}
