import { LEVEL_NAMES, LEVELS, type Level } from "./levels";
import { RESERVED_WORDS } from "./reserved-words";

/** The database's admin: RDS keeps its password in Secrets Manager, and only Terraform ever uses it. */
export const ADMIN_USER = "postgres";

/** Port of PostgreSQL: of databases made here, and of every RDS Proxy, whatever port the database behind it listens on. */
export const POSTGRESQL_PORT = 5432;

/** Role that RDS recognises: its members log in with an IAM token instead of a password. */
export const IAM_LOGIN_ROLE = "rds_iam";

/** RDS's own superuser; nobody else gets to be it. */
export const SUPERUSER = "rdsadmin";

/**
 * The schema that every database has. It stays the admin's: sessions look names up there that are not qualified, and
 * whoever creates in it has a say in what those of others run, the admin's first of all.
 */
export const PUBLIC_SCHEMA = "public";

/** The identity of the job that verifies on a schedule: its key, and so its database user. */
export const VERIFY_KEY = "verify";

/** Longest identifier PostgreSQL keeps; it cuts off the rest without an error (NAMEDATALEN - 1). */
export const MAX_IDENTIFIER_BYTES = 63;

/** Database user of a service or person: one to one, since keys are DNS labels and hold no underscore. */
export function databaseUser(key: string): string {
  return key.replaceAll("-", "_");
}

/**
 * Database user of a member of a group of people: the group's, and the local part of what they are called. Only letters,
 * digits and _ are left of that, since every client, ARN and query takes these as they are.
 */
export function memberUser(key: string, member: string): string {
  const at = member.lastIndexOf("@");
  const local = at === -1 ? member : member.slice(0, at);
  return `${databaseUser(key)}_${local.toLowerCase().replaceAll(/[^a-z0-9]/g, "_")}`;
}

/** A schema as the environment file names it, `<database>.<schema>`; neither name holds a dot. */
export function schemaTarget(target: string): { readonly database: string; readonly schema: string } {
  const dot = target.indexOf(".");
  return { database: target.slice(0, dot), schema: target.slice(dot + 1) };
}

/** Group role that holds the privileges of one level in one schema. */
export function groupRole(database: string, schema: string, level: Level): string {
  return `${database}_${schema}_${LEVELS[level].suffix}`;
}

/** Group role that may connect to a database, and has no privilege on anything in it. No level has its suffix. */
export function connectGroup(database: string): string {
  return `${database}_connect`;
}

/** The group role of one level in a schema. */
export interface SchemaGroup {
  readonly level: Level;
  readonly role: string;
}

/**
 * The group roles of a schema, from much to little: whoever owns comes before those that are granted something by it.
 * Nobody but the admin owns {@link PUBLIC_SCHEMA}.
 */
export function schemaGroups(database: string, schema: string): SchemaGroup[] {
  return LEVEL_NAMES.toReversed()
    .filter((level) => schema !== PUBLIC_SCHEMA || !LEVELS[level].ownsSchema)
    .map((level) => ({ level, role: groupRole(database, schema, level) }));
}

/**
 * Why PostgreSQL or RDS keeps a role name for itself; undefined when it is free.
 * @see https://www.postgresql.org/docs/current/predefined-roles.html
 */
export function reservedRoleName(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower === ADMIN_USER) return "is the database's admin";
  if (lower === "public" || lower === "none") return "has a meaning of its own in GRANT and SET ROLE";
  if (lower.startsWith("pg_")) return "starts with pg_, which PostgreSQL keeps for itself";
  return lower.startsWith("rds") ? "starts with rds, which RDS keeps for itself" : undefined;
}

/** Why a database may not have this name; undefined when it may. */
export function reservedDatabaseName(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (["postgres", "template0", "template1"].includes(lower)) return "exists in every PostgreSQL cluster";
  return reservedRoleName(`${name}_`) && `${reservedRoleName(`${name}_`)}, and its group roles would too`;
}

/** Why a schema may not have this name; undefined when it may. The admin's and others of the plan are not looked at. */
export function reservedSchemaName(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower === "information_schema") return "exists in every database";
  return name === PUBLIC_SCHEMA || lower === ADMIN_USER ? undefined : reservedRoleName(name);
}

/** Why every query has to put a name in quotes; undefined when none has to. */
export function quotedNameReason(name: string): string | undefined {
  if (RESERVED_WORDS.includes(name.toLowerCase())) return "is a reserved word of SQL";
  if (/[A-Z]/.test(name)) return "has upper-case letters, which PostgreSQL folds to lower case";
  return name.includes("-") ? "has a hyphen, which is a minus to SQL" : undefined;
}
