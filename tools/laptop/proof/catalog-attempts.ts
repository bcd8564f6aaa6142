import type { Attempt } from "./attempts";

/** What whoever may connect sees of a database: what `npm run verify` reads. */
const SEEN = {
  "see roles and who is in them":
    "SELECT rolname FROM pg_roles JOIN pg_auth_members ON member = pg_roles.oid",
  "see whose everything is, and who may use it":
    "SELECT datacl FROM pg_database UNION ALL SELECT nspacl FROM pg_namespace UNION ALL SELECT relacl FROM pg_class",
  "see default privileges": "SELECT defaclacl FROM pg_default_acl",
} as const;

/** What nobody but the admin or a superuser sees or does, and somebody who only looks could want most. */
const NOT_SEEN = {
  "read passwords": "SELECT rolpassword FROM pg_authid",
  "read samples of tables' columns": "SELECT stavalues1 FROM pg_statistic",
  "read a file of the server": "SELECT pg_read_file('postgresql.auto.conf')",
  "list files of the server": "SELECT pg_ls_dir('.')",
  "run a program on the server": "COPY (SELECT 1) TO PROGRAM 'true'",
  "read large objects by the catalog": "SELECT data FROM pg_largeobject",
  "create a schema": "CREATE SCHEMA access_proof_4",
  "become the admin": "SET ROLE postgres",
  "have the server read its settings again": "SELECT pg_reload_conf()",
} as const;

/** What to try as the job that verifies, in a database where it has no privilege but to connect. */
export const CATALOG_ATTEMPTS: readonly Attempt[] = [
  ...Object.entries(SEEN).map(([what, sql]) => ({ what, sql, expected: "allowed" }) as const),
  ...Object.entries(NOT_SEEN).map(([what, sql]) => ({ what, sql, expected: "denied" }) as const),
];
