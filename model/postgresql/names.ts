/** What an identity may do in a schema. */
export type Privilege = "read-only" | "read-write" | "owner";

/** The database's admin: RDS keeps its password in Secrets Manager, and only Terraform ever uses it. */
export const ADMIN_USER = "postgres";

/** Role that RDS recognises: its members log in with an IAM token instead of a password. */
export const IAM_LOGIN_ROLE = "rds_iam";

/** Longest identifier PostgreSQL keeps; it cuts off the rest without an error (NAMEDATALEN - 1). */
export const MAX_IDENTIFIER_BYTES = 63;

const GROUP_SUFFIX: Readonly<Record<Privilege, string>> = {
  owner: "owner",
  "read-write": "rw",
  "read-only": "ro",
};

/** Database user of a service or person: one to one, since keys are DNS labels and hold no underscore. */
export function databaseUser(key: string): string {
  return key.replaceAll("-", "_");
}

/** Group role that holds one privilege on one schema. */
export function groupRole(database: string, schema: string, privilege: Privilege): string {
  return `${database}_${schema}_${GROUP_SUFFIX[privilege]}`;
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

/** Why a schema may not have this name; undefined when it may. */
export function reservedSchemaName(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower === "information_schema") return "exists in every database";
  return lower.startsWith("pg_") ? "starts with pg_, which PostgreSQL keeps for itself" : undefined;
}
