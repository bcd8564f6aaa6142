import { adminSettings, LOCK_TIMEOUT } from "../postgresql/admin-settings";
import { LEVEL_NAMES, LEVELS } from "../postgresql/levels";
import { IAM_LOGIN_ROLE } from "../postgresql/names";
import { commentText, dollarQuoted, quoteIdentifier, quoteLiteral } from "../postgresql/quoting";
import type { IdentityPlan } from "./identity";
import {
  type AccessPlan,
  type DatabasePlan,
  databaseGroups,
  type GrantPlan,
  groupRoles,
  type SchemaPlan,
} from "./plan";
import { renameDatabase, renameSchemas } from "./rename-sql";
import { SQL_FUNCTIONS } from "./sql-functions";

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

/**
 * The SQL of one database of a plan.
 * @throws Error when the plan has no such database
 */
export function databaseSql(plan: AccessPlan, name: string): DatabaseSql {
  const { create, statements, outcome } = databaseParts(plan, name);
  return { create, apply: `${statements}\n${outcome}` };
}

/** The SQL of a database, with the part that tells the outcome apart: psql prints nothing else. */
function databaseParts(plan: AccessPlan, name: string) {
  const database = plan.databases.find((each) => each.name === name);
  if (!database) throw new Error(`The plan of ${plan.environment} has no database ${name}.`);
  const identities = plan.identities.filter(({ grants }) => grants.some((grant) => grant.database === name));
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
      "-- Two runs at once would trip over each other's rows (tuple concurrently updated).",
      "SELECT pg_temp.wait_for_turn();",
      `SELECT set_config('access.before', ${fingerprint(name)}, true);`,
      ...renameSchemas(database),
      "",
      "-- The admin's own sessions, from the next one on: they find no name in a user's schema, and do not wait for ever.",
      ...adminSettings.map(
        ({ name, value }) =>
          `SELECT pg_temp.ensure_setting(current_user, ${quoteLiteral(name)}, ${quoteLiteral(value)});`,
      ),
      "",
      "-- Group roles: they hold every privilege, and nobody logs in as one.",
      ...databaseGroups(database).map((group) => ensureRole(group)),
      "",
      "-- Database users: no password, no privileges of their own. The sessions of an owner run as its group, so that",
      "-- what a migration creates belongs to the group.",
      ...identities.flatMap((identity) => databaseUserSql(identity, database)),
      "",
      "-- Whoever else is in one of these groups leaves it, and these users leave every other group.",
      leaveGroups(plan, database, identities),
      "",
      "-- PUBLIC, which is everybody, loses what a new database gives it.",
      ...database.grants.filter(({ role }) => role === "public").map(grantSql),
      ...database.schemas.flatMap((schema) => ["", ...schemaSql(database, schema)]),
      "",
    ].join("\n"),
    outcome: [
      `SELECT CASE WHEN current_setting('access.before') = ${fingerprint(name)}`,
      `  THEN 'nothing to change' ELSE 'changed' END AS result;`,
      "COMMIT;",
    ].join("\n"),
  };
}

/** The same as a script for psql, which stops at the first error and then leaves everything as it was. */
export function databaseScript(plan: AccessPlan, name: string): string {
  const { rename, create, statements, outcome } = databaseParts(plan, name);
  return `-- Access to the database ${commentText(name)} of the environment ${plan.environment}, rendered from ${commentText(plan.file)}.
-- Change that file and render again (npm run synth); a change made here is lost.
--
-- Creates the database if it is missing, its schemas, group roles and database users, and grants exactly what the file says:
-- what Terraform's access stack does, for those who do not run Terraform. It may run again at any time: what is in
-- place stays, and the last line says whether anything changed. It drops nothing. Run it as the admin, and after
-- another database's script rather than beside it, since roles are common to all of them:
--   psql "host=… user=postgres dbname=postgres sslmode=verify-full sslrootcert=…" -X -f ${commentText(name)}.sql
\\set ON_ERROR_STOP on
\\set QUIET on
\\pset tuples_only on
\\pset format unaligned
${rename === undefined ? "" : `${rename}\n`}SELECT ${quoteLiteral(create)} WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = ${quoteLiteral(name)}) \\gexec
\\connect ${quoteIdentifier(name)}
\\o /dev/null
${statements}
\\o
${outcome}
`;
}

/**
 * Everything the script may change, as one text: equal before and after means that nothing changed.
 * Rows are compared by what they say: the admin's membership in an owner group comes and goes within a run.
 */
function fingerprint(database: string): string {
  return `md5(concat_ws('|',
    (SELECT string_agg(r::text, ',' ORDER BY r.rolname) FROM pg_roles r),
    (SELECT string_agg(concat_ws(' ', m.roleid, m.member, m.grantor, m.admin_option), ',' ORDER BY m.roleid, m.member, m.grantor) FROM pg_auth_members m),
    (SELECT concat_ws(' ', d.datdba, d.datacl) FROM pg_database d WHERE d.datname = ${quoteLiteral(database)}),
    (SELECT string_agg(concat_ws(' ', n.nspname, n.nspowner, n.nspacl), ',' ORDER BY n.nspname) FROM pg_namespace n WHERE n.nspname !~ '^pg_(temp|toast)'),
    (SELECT string_agg(concat_ws(' ', c.oid, c.relowner, c.relacl), ',' ORDER BY c.oid) FROM pg_class c WHERE c.relkind IN ('r','p','v','m','f','S') AND c.relpersistence <> 't'),
    (SELECT string_agg(concat_ws(' ', a.defaclrole, a.defaclnamespace, a.defaclobjtype, a.defaclacl), ',' ORDER BY a.defaclrole, a.defaclnamespace, a.defaclobjtype) FROM pg_default_acl a)))`;
}

/** @param connectionLimit of a login; without, nobody logs in as the role */
function ensureRole(name: string, connectionLimit?: number): string {
  const login = connectionLimit === undefined ? "" : `, connection_limit => ${connectionLimit}`;
  return `SELECT pg_temp.ensure_role(${quoteLiteral(name)}${login});`;
}

function databaseUserSql(identity: IdentityPlan, database: DatabasePlan): string[] {
  const { databaseUser, sessionRole, connectionLimit } = identity;
  const groups = databaseGroups(database);
  const here = identity.memberOf.filter((role) => role === IAM_LOGIN_ROLE || groups.includes(role));
  return [
    ensureRole(databaseUser, connectionLimit),
    `SELECT pg_temp.ensure_member(${[databaseUser, ...here].map(quoteLiteral).join(", ")});`,
    ...(sessionRole === undefined
      ? []
      : [
          `SELECT pg_temp.ensure_setting(${quoteLiteral(databaseUser)}, 'role', ${quoteLiteral(sessionRole)});`,
        ]),
  ];
}

function leaveGroups(plan: AccessPlan, database: DatabasePlan, identities: readonly IdentityPlan[]): string {
  const array = (names: readonly string[]) => `ARRAY[${names.map(quoteLiteral).join(", ")}]::text[]`;
  const pairs = identities.flatMap(({ databaseUser, memberOf }) =>
    memberOf.map((role) => `${databaseUser} ${role}`),
  );
  const setNobody = plan.identities
    .filter(({ sessionRole }) => !sessionRole)
    .map(({ databaseUser }) => databaseUser);
  const suffixes = LEVEL_NAMES.map((level) => LEVELS[level].suffix);
  return dollarQuoted(
    "DO",
    "DECLARE found record;",
    "BEGIN",
    "  FOR found IN SELECT g.rolname AS role, u.rolname AS member FROM pg_auth_members m",
    "    JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member",
    `    WHERE (g.rolname = ANY (${array(databaseGroups(database))}) OR u.rolname = ANY (${array(identities.map(({ databaseUser }) => databaseUser))}))`,
    "    -- The admin has the right to grant the roles it made (ADMIN), without their privileges.",
    "    AND u.rolname <> current_user AND NOT u.rolsuper",
    `    AND u.rolname || ' ' || g.rolname <> ALL (${array(pairs)})`,
    "  LOOP",
    "    -- By mistake it may be: who leaves the group of a schema that is still there is cut off.",
    `    IF found.role <> ALL (${array(groupRoles(plan))}) AND found.role ~ '_(${suffixes.join("|")})$'`,
    "      AND EXISTS (SELECT FROM pg_database WHERE starts_with(found.role, datname || '_')) THEN",
    "      RAISE EXCEPTION '% is in %, the group of a schema that is no longer in the environment file', found.member, found.role",
    "        USING HINT = 'Put the schema back, or say its new name under access.renamed. If it is to go, drop it and its group roles first.';",
    "    END IF;",
    "    EXECUTE format('REVOKE %I FROM %I', found.role, found.member);",
    "  END LOOP;",
    "  FOR found IN SELECT rolname AS member FROM pg_roles",
    `    WHERE rolname = ANY (${array(setNobody)}) AND EXISTS (SELECT FROM unnest(rolconfig) setting WHERE setting LIKE 'role=%')`,
    "  LOOP",
    "    EXECUTE format('ALTER ROLE %I RESET role', found.member);",
    "  END LOOP;",
    "END;",
  );
}

function schemaSql(database: DatabasePlan, schema: SchemaPlan): string[] {
  const owner = quoteIdentifier(schema.owner);
  const name = quoteIdentifier(schema.name);
  const grants = database.grants.filter(({ role }) => schema.groups.some((group) => group.role === role));
  return [
    ...(schema.managed
      ? [
          `-- Schema ${commentText(schema.name)}. Only a member of the owner may grant on what the owner has: the admin is one for a moment.`,
          `GRANT ${owner} TO CURRENT_USER;`,
          `CREATE SCHEMA IF NOT EXISTS ${name} AUTHORIZATION ${owner};`,
          `ALTER SCHEMA ${name} OWNER TO ${owner};`,
          ...grants.map(grantSql),
          `REVOKE ${owner} FROM CURRENT_USER;`,
        ]
      : [
          `-- Schema ${commentText(schema.name)}, which is the admin's and stays so.`,
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
