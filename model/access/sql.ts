import { adminSettings, LOCK_TIMEOUT } from "../postgresql/admin-settings";
import { IAM_LOGIN_ROLE } from "../postgresql/names";
import { commentText, dollarQuoted, quoteIdentifier, quoteLiteral, quoteTexts } from "../postgresql/quoting";
import type { GrantPlan } from "./grants";
import { databaseUsers, type IdentityPlan } from "./identity";
import { type AccessPlan, type DatabasePlan, databaseGroups, type SchemaPlan, thoseIn } from "./plan";
import { psqlScript } from "./psql-script";
import { renameSchemas } from "./rename-sql";
import { everyRole, REVOKE_BEYOND, revokeBeyond } from "./sql-beyond";
import { CHANGE_FUNCTIONS } from "./sql-changes";
import { extensionSql } from "./sql-extensions";
import { SQL_FUNCTIONS } from "./sql-functions";
import { LEAVE_GROUPS, leaveGroups } from "./sql-memberships";
import { ensureSettings, settingFunctions } from "./sql-settings";
import { sqlSummary } from "./sql-summary";

/** What puts one database's access in place, for a program that connects by itself. */
export interface DatabaseSql {
  /** Creates the database, outside of any transaction; to be run in another one when it is missing. */
  readonly create: string;
  /**
   * One transaction, to be run in the database as the admin. Its last result has one row and one column, `result`:
   * `changed` or `nothing to change`.
   */
  readonly apply: string;
}

/** What comes before in the same transaction, where a database was there already (tools/adopt). */
export interface Before {
  /** What the script says of itself, as comments. */
  readonly heading: string;
  /** Of PL/pgSQL, with the functions of the SQL at hand, and nobody else at it. */
  readonly statements: readonly string[];
  /** Functions that the statements call. */
  readonly functions: string;
  /** Roles beyond the plan's that are to have nothing on the database and the plan's schemas. */
  readonly roles: readonly string[];
}

/**
 * The SQL of one database of a plan.
 * @throws Error when the plan has no such database
 */
export function databaseSql(plan: AccessPlan, name: string, before?: Before): DatabaseSql {
  const { statements } = databaseParts(plan, name, before);
  return { create: createDatabase(name), apply: `${statements}\n${OUTCOME}` };
}

/** The same as a script for psql, which stops at the first error and then leaves everything as it was. */
export function databaseScript(plan: AccessPlan, name: string, before?: Before): string {
  return psqlScript({
    ...databaseParts(plan, name, before),
    create: createDatabase(name),
    outcome: OUTCOME,
  });
}

/** What was said last. */
const OUTCOME = [
  "SELECT CASE WHEN EXISTS (SELECT FROM pg_temp.access_changes()) THEN 'changed' ELSE 'nothing to change' END AS result;",
  "COMMIT;",
].join("\n");

function createDatabase(name: string): string {
  return `CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`;
}

/** The SQL of a database up to where it says what came of it. */
function databaseParts(plan: AccessPlan, name: string, before?: Before) {
  const database = plan.databases.find((each) => each.name === name);
  if (!database) throw new Error(`The plan of ${plan.environment} has no database ${name}.`);
  const identities = thoseIn(database, plan.identities);
  return {
    database,
    roles: [...databaseGroups(database), ...identities.flatMap(databaseUsers)],
    heading: before?.heading ?? sqlSummary(plan, database, identities),
    statements: [
      "BEGIN;",
      "-- Names below mean what they say, whatever the session's search_path is.",
      "SET LOCAL search_path = pg_catalog;",
      "-- A privilege that is there already is no news.",
      "SET LOCAL client_min_messages = warning;",
      "-- Any login can hold what this waits for.",
      `SET LOCAL lock_timeout = '${LOCK_TIMEOUT}';`,
      "",
      "-- What is to be. It is run at the very end, once the functions that it calls are there.",
      dollarQuoted(
        "CREATE OR REPLACE FUNCTION pg_temp.access() RETURNS void LANGUAGE plpgsql AS",
        "BEGIN",
        ...renameSchemas(database),
        ...(before?.statements ?? []),
        ...accessStatements(plan, database, identities, before?.roles ?? []),
        "END;",
      ),
      "",
      "-- How: each of these looks first, and changes only what differs. They end with the session.",
      SQL_FUNCTIONS,
      LEAVE_GROUPS,
      REVOKE_BEYOND,
      ...settingFunctions(plan),
      CHANGE_FUNCTIONS,
      ...(before === undefined ? [] : [before.functions]),
      "",
      "-- Two runs at once would trip over each other's rows (tuple concurrently updated).",
      "SELECT pg_temp.wait_for_turn();",
      "CREATE TEMPORARY TABLE pg_temp.access_before ON COMMIT DROP AS SELECT * FROM pg_temp.access_state();",
      "SELECT pg_temp.access();",
    ].join("\n"),
  };
}

/** The body of the function that puts the access to a database in place: statements of PL/pgSQL. */
function accessStatements(
  plan: AccessPlan,
  database: DatabasePlan,
  identities: readonly IdentityPlan[],
  others: readonly string[],
): string[] {
  return [
    "-- Whom this is about. What others were granted stays as it is.",
    `PERFORM set_config('access.roles', ${quoteTexts([...everyRole(plan), ...others])}::text, true);`,
    "",
    "-- The admin's own sessions, from the next one on: they find no name in a user's schema, and do not wait for ever.",
    ...adminSettings.map(
      ({ name, value }) =>
        `PERFORM pg_temp.ensure_setting(current_user, ${quoteLiteral(name)}, ${quoteLiteral(value)});`,
    ),
    "",
    "-- Group roles: they hold every privilege, and nobody logs in as one.",
    ...databaseGroups(database).map((group) => ensureRole(group)),
    ...database.schemas.flatMap(({ owner, ownerReads = [] }) =>
      ownerReads.length === 0 ? [] : [ensureMember(owner, ownerReads)],
    ),
    "",
    "-- Whoever else is in one of these groups or users leaves it, and these users leave every other group.",
    leaveGroups(plan, database, identities),
    "",
    "-- Database users: no password, no privileges of their own. The sessions of an owner run as its group, so that",
    "-- what a migration creates belongs to the group.",
    ...identities.flatMap((identity) =>
      databaseUsers(identity).flatMap((user) => databaseUserSql(user, identity, database)),
    ),
    ...ensureSettings(plan, identities),
    "",
    "-- PUBLIC, which is everybody, loses what a new database gives it.",
    ...database.grants
      .filter((grant) => !database.schemas.some((schema) => concerns(schema, grant)))
      .map(grantSql),
    revokeBeyond(database),
    ...extensionSql(database),
    ...database.schemas.flatMap((schema) => ["", ...schemaSql(database, schema)]),
  ];
}

/** @param connectionLimit of a login; without, nobody logs in as the role */
function ensureRole(name: string, connectionLimit?: number): string {
  const login = connectionLimit === undefined ? "" : `, connection_limit => ${connectionLimit}`;
  return `PERFORM pg_temp.ensure_role(${quoteLiteral(name)}${login});`;
}

function ensureMember(member: string, groups: readonly string[]): string {
  return `PERFORM pg_temp.ensure_member(${[member, ...groups].map(quoteLiteral).join(", ")});`;
}

function databaseUserSql(
  databaseUser: string,
  { memberOf, sessionRole, connectionLimit }: IdentityPlan,
  database: DatabasePlan,
): string[] {
  const groups = databaseGroups(database);
  const here = memberOf.filter((role) => role === IAM_LOGIN_ROLE || groups.includes(role));
  return [
    ensureRole(databaseUser, connectionLimit),
    ensureMember(databaseUser, here),
    ...(sessionRole === undefined
      ? []
      : [
          `PERFORM pg_temp.ensure_setting(${quoteLiteral(databaseUser)}, 'role', ${quoteLiteral(sessionRole)});`,
        ]),
  ];
}

/** Whether a grant is the schema's, for its owner to make; the others are the admin's. */
function concerns(
  { name, managed, owner, groups }: SchemaPlan,
  { role, objectType, schema, createdBy }: GrantPlan,
) {
  return (
    groups.some((group) => group.role === role) ||
    (managed && createdBy === owner) ||
    (objectType === "function" && schema === name)
  );
}

function schemaSql(database: DatabasePlan, schema: SchemaPlan): string[] {
  const owner = quoteIdentifier(schema.owner);
  const name = quoteIdentifier(schema.name);
  const grants = database.grants.filter((grant) => concerns(schema, grant));
  return [
    ...(schema.managed
      ? [
          `-- Schema ${commentText(schema.name)}. Only a member of the owner may grant on what the owner has: the admin is one for a moment.`,
          `GRANT ${owner} TO CURRENT_USER;`,
          `CREATE SCHEMA IF NOT EXISTS ${name} AUTHORIZATION ${owner};`,
          `ALTER SCHEMA ${name} OWNER TO ${owner};`,
          revokeBeyond(database, schema),
          ...grants.map(grantSql),
          `REVOKE ${owner} FROM CURRENT_USER;`,
        ]
      : [
          `-- Schema ${commentText(schema.name)}, which is the admin's and stays so.`,
          revokeBeyond(database, schema),
          ...grants.map(grantSql),
        ]),
  ];
}

function grantSql({ privileges, objectType, schema, createdBy, role }: GrantPlan): string {
  const wanted = `${quoteLiteral(`{${privileges.join(", ")}}`)}, ${quoteLiteral(objectType)}, ${schema === undefined ? "NULL" : quoteLiteral(schema)}`;
  return createdBy === undefined
    ? `PERFORM pg_temp.ensure_grant(${wanted}, ${quoteLiteral(role)});`
    : `PERFORM pg_temp.ensure_default(${wanted}, ${quoteLiteral(createdBy)}, ${quoteLiteral(role)});`;
}
