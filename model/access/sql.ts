import { adminSettings, LOCK_TIMEOUT } from "../postgresql/admin-settings";
import { IAM_LOGIN_ROLE } from "../postgresql/names";
import { commentText, quoteIdentifier, quoteLiteral, quoteTexts } from "../postgresql/quoting";
import type { GrantPlan } from "./grants";
import { databaseUsers, type IdentityPlan } from "./identity";
import { type AccessPlan, type DatabasePlan, databaseGroups, type SchemaPlan, thoseIn } from "./plan";
import { renameDatabase, renameSchemas } from "./rename-sql";
import { everyRole, REVOKE_BEYOND, revokeBeyond } from "./sql-beyond";
import { extensionSql } from "./sql-extensions";
import { SQL_FUNCTIONS } from "./sql-functions";
import { leaveGroups } from "./sql-memberships";
import { ensureSettings, settingFunctions } from "./sql-settings";

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
  /** With the functions of the SQL at hand, and nobody else at it. */
  readonly statements: readonly string[];
  /** Roles beyond the plan's that are to have nothing on the database and the plan's schemas. */
  readonly roles: readonly string[];
}

/**
 * The SQL of one database of a plan.
 * @throws Error when the plan has no such database
 */
export function databaseSql(plan: AccessPlan, name: string, before?: Before): DatabaseSql {
  const { create, statements, outcome } = databaseParts(plan, name, before);
  return { create, apply: `${statements}\n${outcome}` };
}

/** The SQL of a database, with the part that tells the outcome apart: psql prints nothing else. */
function databaseParts(plan: AccessPlan, name: string, before?: Before) {
  const database = plan.databases.find((each) => each.name === name);
  if (!database) throw new Error(`The plan of ${plan.environment} has no database ${name}.`);
  const identities = thoseIn(database, plan.identities);
  return {
    rename: renameDatabase(database),
    create: `CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`,
    statements: [
      "BEGIN;",
      "-- Names below mean what they say, whatever the session's search_path is.",
      "SET LOCAL search_path = pg_catalog;",
      "-- A privilege that is there already is no news.",
      "SET LOCAL client_min_messages = warning;",
      "-- Any login can hold what this waits for.",
      `SET LOCAL lock_timeout = '${LOCK_TIMEOUT}';`,
      SQL_FUNCTIONS,
      REVOKE_BEYOND,
      ...settingFunctions(plan),
      "-- Two runs at once would trip over each other's rows (tuple concurrently updated).",
      "SELECT pg_temp.wait_for_turn();",
      `SELECT set_config('access.before', ${fingerprint(database)}, true);`,
      ...renameSchemas(database),
      ...(before?.statements ?? []),
      "-- Whom this is about. What others were granted stays as it is.",
      `SELECT set_config('access.roles', ${quoteTexts([...everyRole(plan), ...(before?.roles ?? [])])}::text, true);`,
      "",
      "-- The admin's own sessions, from the next one on: they find no name in a user's schema, and do not wait for ever.",
      ...adminSettings.map(
        ({ name, value }) =>
          `SELECT pg_temp.ensure_setting(current_user, ${quoteLiteral(name)}, ${quoteLiteral(value)});`,
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
      "",
    ].join("\n"),
    outcome: [
      `SELECT CASE WHEN current_setting('access.before') = ${fingerprint(database)}`,
      `  THEN 'nothing to change' ELSE 'changed' END AS result;`,
      "COMMIT;",
    ].join("\n"),
  };
}

/** The same as a script for psql, which stops at the first error and then leaves everything as it was. */
export function databaseScript(plan: AccessPlan, name: string, before?: Before): string {
  const { rename, create, statements, outcome } = databaseParts(plan, name, before);
  return `${before?.heading ?? heading(plan, name)}
\\set ON_ERROR_STOP on
\\set QUIET on
\\pset tuples_only on
\\pset format unaligned
SET search_path = '';
${rename === undefined ? "" : `${rename}\n`}SELECT ${quoteLiteral(create)} WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = ${quoteLiteral(name)}) \\gexec
\\connect ${quoteIdentifier(name)}
\\o /dev/null
${statements}
\\o
${outcome}
`;
}

function heading(plan: AccessPlan, name: string): string {
  return `-- Access to the database ${commentText(name)} of the environment ${plan.environment}, rendered from ${commentText(plan.file)}.
-- Change that file and render again (npm run synth); a change made here is lost.
--
-- Creates the database if it is missing, its schemas, group roles and database users, for those who do not run Terraform.
-- These roles, rds_iam and PUBLIC then have exactly what the file says on the database and on the file's schemas and what is in
-- them, and the roles are in no other groups: whatever else they were granted there is taken away. Where only a superuser
-- can do that it stops and says so. What extensions bring along stays, and what other roles were granted: npm run verify
-- finds that and the rest.
-- It may run again at any time: what is in place stays, and the last line says whether anything changed. It drops
-- nothing. Run it as the admin, and after another database's script rather than beside it, since roles are common to all:
--   psql "host=… user=postgres dbname=postgres sslmode=verify-full sslrootcert=…" -X -f ${commentText(name)}.sql`;
}

/**
 * Everything the script may change, as one text: equal before and after means that nothing changed.
 * Rows are compared by what they say: the admin's membership in an owner group comes and goes within a run.
 */
function fingerprint({ name, extensions }: DatabasePlan): string {
  return `md5(concat_ws('|',
    (SELECT string_agg(r::text, ',' ORDER BY r.rolname) FROM pg_roles r),
    (SELECT string_agg(concat_ws(' ', m.roleid, m.member, m.grantor, m.admin_option), ',' ORDER BY m.roleid, m.member, m.grantor) FROM pg_auth_members m),
    (SELECT concat_ws(' ', d.datdba, d.datacl) FROM pg_database d WHERE d.datname = ${quoteLiteral(name)}),
${extensions ? "    (SELECT string_agg(e.extname, ',' ORDER BY e.extname) FROM pg_extension e),\n" : ""}    (SELECT string_agg(concat_ws(' ', n.nspname, n.nspowner, n.nspacl), ',' ORDER BY n.nspname) FROM pg_namespace n WHERE n.nspname !~ '^pg_(temp|toast)'),
    (SELECT string_agg(concat_ws(' ', c.oid, c.relowner, c.relacl), ',' ORDER BY c.oid) FROM pg_class c WHERE c.relkind IN ('r','p','v','m','f','S') AND c.relpersistence <> 't'),
    (SELECT string_agg(concat_ws(' ', a.attrelid, a.attnum, a.attacl), ',' ORDER BY a.attrelid, a.attnum) FROM pg_attribute a WHERE a.attacl IS NOT NULL),
    (SELECT string_agg(concat_ws(' ', p.oid, p.proowner, p.proacl), ',' ORDER BY p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname !~ '^pg_'),
    (SELECT string_agg(concat_ws(' ', a.defaclrole, a.defaclnamespace, a.defaclobjtype, a.defaclacl), ',' ORDER BY a.defaclrole, a.defaclnamespace, a.defaclobjtype) FROM pg_default_acl a)))`;
}

/** @param connectionLimit of a login; without, nobody logs in as the role */
function ensureRole(name: string, connectionLimit?: number): string {
  const login = connectionLimit === undefined ? "" : `, connection_limit => ${connectionLimit}`;
  return `SELECT pg_temp.ensure_role(${quoteLiteral(name)}${login});`;
}

function ensureMember(member: string, groups: readonly string[]): string {
  return `SELECT pg_temp.ensure_member(${[member, ...groups].map(quoteLiteral).join(", ")});`;
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
          `SELECT pg_temp.ensure_setting(${quoteLiteral(databaseUser)}, 'role', ${quoteLiteral(sessionRole)});`,
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
    ? `SELECT pg_temp.ensure_grant(${wanted}, ${quoteLiteral(role)});`
    : `SELECT pg_temp.ensure_default(${wanted}, ${quoteLiteral(createdBy)}, ${quoteLiteral(role)});`;
}
