import { adminSettings } from "../postgresql/admin-settings";
import { LEVEL_NAMES, LEVELS } from "../postgresql/levels";
import { ADMIN_USER } from "../postgresql/names";
import { commentText } from "../postgresql/quoting";
import { databaseUsers, type IdentityPlan } from "./identity";
import { settingsInWords } from "./limits";
import type { AccessPlan, DatabasePlan, SchemaPlan } from "./plan";

/**
 * What the SQL of a database does, as comments that are read in a minute: what is there afterwards, what is taken away, how
 * it is run. A grant more or less is one line of it.
 */
export function sqlSummary(
  plan: AccessPlan,
  database: DatabasePlan,
  identities: readonly IdentityPlan[],
): string {
  const { name, renamedFrom, schemas, connectGroup, extensions = [] } = database;
  const admin = plan.adminUser ?? ADMIN_USER;
  return [
    `Access to the database ${name} of the environment ${plan.environment}, rendered from ${plan.file}.`,
    "Change that file and render again (npm run synth); a change made here is lost.",
    "",
    "What is there afterwards, for those who do not run Terraform:",
    `  database ${name}, made if it is missing${renamedFrom === undefined ? "" : `; the one that is still called ${renamedFrom} gets this name`}`,
    ...extensions.map((each) => `  extension ${each.name} in ${each.schema}`),
    ...schemas.map((schema) => `  ${schemaLine(schema)}`),
    ...schemas.flatMap(renameLine).map((line) => `  ${line}`),
    "Each level of a schema is a role that nobody logs in as:",
    ...LEVEL_NAMES.map((level) => `  ${level}: ${LEVELS[level].description}`),
    ...(connectGroup === undefined
      ? []
      : [`  ${connectGroup}: connects, and has nothing on what is in the database`]),
    "Database users. They log in by IAM alone (rds_iam), have no password, and what their groups have:",
    ...identities.map((identity) => `  ${userLine(identity, name)}`),
    `Sessions of ${admin}, which is to run this: ${adminSettings.map(({ stored }) => stored).join(", ")}`,
    "",
    "What is taken away:",
    "  from PUBLIC, which is everybody: the database, its schema public, and EXECUTE on what the admin and the owners make",
    "  from these roles, rds_iam and PUBLIC: whatever else they were granted on the database, the schemas above and what is in them",
    "  from these users: every other group. From these groups: everybody else",
    "Where only a superuser can do that, it stops and says so. What extensions bring along stays, and what other roles were",
    "granted: npm run verify finds that and the rest. It drops nothing.",
    "",
    "It is one transaction, after the database is made. It may run again at any time: what is in place stays, and the last",
    `line says whether anything changed. Run it as ${admin}, and after another database's script rather than beside it, since`,
    "roles are common to all:",
    `  psql "host=… user=${admin} dbname=postgres sslmode=verify-full sslrootcert=…" -X -f ${name}.sql`,
    "With -v dry_run=1 before -f it says what would change, and changes nothing.",
  ]
    .map((line) => `-- ${commentText(line)}`.trimEnd())
    .join("\n");
}

function schemaLine({ name, managed, groups }: SchemaPlan): string {
  const levels = groups.map(({ level, role }) => `${level} ${role}`).join(", ");
  return `schema ${name}${managed ? "" : ", the admin's"}: ${levels}`;
}

function renameLine({ name, renamedFrom }: SchemaPlan): string[] {
  if (renamedFrom === undefined) return [];
  const { database, schema } = renamedFrom;
  return [`what is still called after ${database}.${schema} gets its new name: ${name} and its roles`];
}

function userLine(identity: IdentityPlan, database: string): string {
  const users = databaseUsers(identity);
  const levels = identity.grants
    .filter((grant) => grant.database === database)
    .map(({ schema, level }) => `${level} ${schema}`);
  return [
    `${users.join(", ")}: ${levels.join(", ") || "connects alone, and sees the catalogs"}`,
    `at most ${identity.connectionLimit} connections${users.length > 1 ? " each" : ""}`,
    ...(identity.sessionRole === undefined ? [] : [`sessions run as ${identity.sessionRole}`]),
    ...settingsInWords(identity).map(([what, value]) => `${what} ${value}`),
  ].join("; ");
}
