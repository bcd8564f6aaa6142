/** Something done by hand, the findings it makes, and who can mend it. */
export interface Drift {
  readonly sql: string;
  /** What another does afterwards. */
  readonly next?: { readonly as: string; readonly sql: string };
  /** @default the superuser, who may do anything */
  readonly as?: string;
  /** @default "shop" */
  readonly database?: string;
  readonly findings: readonly string[];
  /** `apply`: the plan's SQL again; otherwise the fixes, each run by the admin or by whom it says. @default "fixes" */
  readonly mendedBy?: "apply" | "fixes";
  /** What is left to tidy up. */
  readonly after?: string;
  /** Oldest version that has this. @default 15 */
  readonly since?: number;
}

/** What somebody could do beyond the file although nobody is in a group that is not theirs. */
export const BEYOND_THE_FILE: Readonly<Record<string, Drift>> = {
  "what logins share by being in rds_iam": {
    as: "orders_api",
    sql: "SET ROLE rds_iam; SELECT lo_create(4712)",
    findings: ["extra owner: role rds_iam owns the large object 4712 of the database shop"],
    after: "SELECT lo_unlink(4712)",
  },
  "a table for whoever has an IAM login": {
    as: "orders_migrations",
    sql: "GRANT SELECT ON orders.future_table TO rds_iam; GRANT UPDATE (value) ON orders.future_table TO rds_iam",
    findings: [
      "extra grant: column shop.orders.future_table.value rds_iam has UPDATE",
      "extra grant: table shop.orders.future_table rds_iam has SELECT",
    ],
  },
  "default privileges of and for whoever has an IAM login": {
    as: "orders_api",
    sql: "ALTER DEFAULT PRIVILEGES FOR ROLE rds_iam GRANT SELECT ON TABLES TO PUBLIC",
    findings: [
      "extra default privilege: tables that rds_iam creates in any schema of shop PUBLIC has SELECT",
    ],
  },
  "a group for whoever has an IAM login": {
    as: "postgres",
    sql: "GRANT shop_orders_ro TO rds_iam",
    findings: ["extra membership: role rds_iam is a member of shop_orders_ro"],
  },
  "the right to read everything for whoever has an IAM login": {
    sql: "GRANT pg_read_all_data TO rds_iam",
    findings: ["extra membership: role rds_iam is a member of pg_read_all_data"],
  },
  "a table and default privileges for a role of PostgreSQL's": {
    as: "orders_migrations",
    sql: "GRANT SELECT ON orders.future_table TO pg_monitor; ALTER DEFAULT PRIVILEGES FOR ROLE shop_orders_owner IN SCHEMA orders GRANT SELECT ON TABLES TO pg_monitor",
    findings: [
      "extra grant: table shop.orders.future_table pg_monitor has SELECT",
      "extra default privilege: tables that shop_orders_owner creates in shop.orders pg_monitor has SELECT",
    ],
  },
  "a group for a role of PostgreSQL's": {
    as: "postgres",
    sql: "GRANT shop_orders_rw TO pg_monitor",
    findings: ["extra membership: role pg_monitor is a member of shop_orders_rw"],
  },
  "rds_iam to grant on": {
    as: "postgres",
    sql: "GRANT rds_iam TO orders_api WITH ADMIN OPTION",
    findings: [
      "different membership: database user orders_api may make others members of rds_iam (ADMIN OPTION)",
    ],
  },
  "a stranger inside a login": {
    as: "postgres",
    sql: 'GRANT orders_api TO "a stranger"',
    findings: ["extra membership: role a stranger is a member of orders_api"],
  },
  "a login inside another": {
    as: "postgres",
    sql: "GRANT orders_api TO billing_worker WITH ADMIN OPTION",
    findings: ["extra membership: database user billing_worker is a member of orders_api"],
  },
  "a membership passed on by a member": {
    as: "postgres",
    sql: "GRANT shop_orders_rw TO orders_api WITH ADMIN OPTION",
    next: { as: "orders_api", sql: 'GRANT shop_orders_rw TO "a stranger"' },
    findings: [
      "different membership: database user orders_api may make others members of shop_orders_rw (ADMIN OPTION)",
      "extra membership: role a stranger is a member of shop_orders_rw",
    ],
  },
  "signals to other sessions, programs and files": {
    sql: "GRANT pg_signal_backend, pg_execute_server_program, rds_superuser TO orders_api",
    findings: [
      "extra membership: database user orders_api is a member of pg_execute_server_program",
      "extra membership: database user orders_api is a member of pg_signal_backend",
      "extra membership: database user orders_api is a member of rds_superuser",
    ],
  },
  "a stranger that reaches all data": {
    sql: 'GRANT pg_write_server_files TO "a stranger"; ALTER ROLE "a stranger" CREATEROLE',
    findings: [
      "extra role: role a stranger has CREATEROLE, and test/environments/dev.yaml does not know it",
      "extra membership: role a stranger is a member of pg_write_server_files",
    ],
  },
  "a second admin": {
    as: "postgres",
    sql: "CREATE ROLE second CREATEROLE",
    findings: ["extra role: role second has CREATEROLE, and test/environments/dev.yaml does not know it"],
    after: "DROP ROLE second",
  },
  "a second admin of RDS": {
    since: 16,
    sql: 'GRANT rds_superuser TO "a stranger"',
    findings: [
      "extra role: database user a stranger logs in with an IAM token, and test/environments/dev.yaml does not know it",
      "extra membership: role a stranger is a member of rds_superuser",
    ],
  },
  "rows that policies hide": {
    sql: "ALTER ROLE orders_api BYPASSRLS; ALTER ROLE orders_migrations REPLICATION; ALTER ROLE shop_orders_ro BYPASSRLS",
    findings: [
      "different role: database user orders_api has BYPASSRLS, which is not planned",
      "different role: database user orders_migrations has REPLICATION, which is not planned",
      "different role: group role shop_orders_ro has BYPASSRLS, which is not planned",
    ],
  },
  "a parameter": {
    sql: "GRANT SET ON PARAMETER log_statement TO orders_api",
    findings: ["extra grant: database user orders_api has privileges on the parameter ACL log_statement"],
  },
  "a tablespace": {
    sql: "GRANT CREATE ON TABLESPACE pg_default TO orders_api",
    findings: ["extra grant: database user orders_api has privileges on the tablespace pg_default"],
  },
  "another server": {
    sql: "CREATE FOREIGN DATA WRAPPER postgres_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO orders_api; CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw; GRANT USAGE ON FOREIGN SERVER other TO shop_orders_rw; CREATE USER MAPPING FOR orders_api SERVER other",
    findings: [
      "extra owner: database user orders_api owns the user mapping orders_api on server other of the database shop",
      "extra grant: database user orders_api has privileges on the foreign-data wrapper postgres_fdw of the database shop",
      "extra grant: group role shop_orders_rw has privileges on the server other of the database shop",
    ],
    after: "DROP FOREIGN DATA WRAPPER postgres_fdw CASCADE",
  },
  "an extension": {
    as: "postgres",
    sql: "CREATE EXTENSION tcn SCHEMA public",
    findings: [
      "extra extension: extension shop.tcn is there, and test/environments/dev.yaml does not name it: name it under access.databases.shop.extensions, or drop it",
    ],
  },
  "an extension that carries data out": {
    sql: "CREATE EXTENSION dblink SCHEMA public",
    findings: [
      "extra extension: extension shop.dblink is there, which connects to other databases and runs SQL there, and test/environments/dev.yaml does not name it: name it under access.databases.shop.extensions, or drop it",
    ],
  },
  "a language": {
    sql: "GRANT USAGE ON LANGUAGE plpgsql TO orders_api WITH GRANT OPTION",
    findings: [
      "extra grant: database user orders_api has privileges on the language plpgsql of the database shop",
    ],
  },
  "a large object of the admin's": {
    as: "postgres",
    sql: "SELECT lo_create(4713); GRANT UPDATE ON LARGE OBJECT 4713 TO orders_api; GRANT SELECT ON LARGE OBJECT 4713 TO PUBLIC",
    findings: [
      "extra grant: PUBLIC has privileges on the large object 4713 of the database shop",
      "extra grant: database user orders_api has privileges on the large object 4713 of the database shop",
    ],
    after: "SELECT lo_unlink(4713)",
  },
  "everybody on a tablespace and a parameter": {
    sql: "GRANT CREATE ON TABLESPACE pg_default TO PUBLIC; GRANT SET ON PARAMETER log_statement TO PUBLIC",
    findings: [
      "extra grant: PUBLIC has privileges on the parameter ACL log_statement",
      "extra grant: PUBLIC has privileges on the tablespace pg_default",
    ],
  },
  "a privilege that a login granted on": {
    as: "orders_migrations",
    sql: "GRANT SELECT ON orders.future_table TO orders_api WITH GRANT OPTION",
    next: { as: "orders_api", sql: "GRANT SELECT ON orders.future_table TO billing_worker" },
    findings: [
      "extra grant: table shop.orders.future_table billing_worker has SELECT",
      "extra grant: table shop.orders.future_table orders_api has SELECT and may grant SELECT on to others",
    ],
  },
  "a table of a login's in a stranger's schema": {
    sql: 'CREATE SCHEMA legacy AUTHORIZATION "a stranger"; CREATE TABLE legacy.mine (); ALTER TABLE legacy.mine OWNER TO orders_api',
    findings: ["different owner: table shop.legacy.mine belongs to orders_api in place of a stranger"],
    after: "DROP SCHEMA legacy CASCADE",
  },
  "a setting that is a superuser's": {
    sql: "ALTER ROLE orders_api SET log_statement = 'none'",
    findings: ["extra setting: database user orders_api has the setting log_statement=none"],
  },
  "a publication of a login's": {
    sql: "CREATE PUBLICATION p; ALTER PUBLICATION p OWNER TO orders_migrations",
    findings: ["extra owner: database user orders_migrations owns the publication p of the database shop"],
    after: "DROP PUBLICATION p",
  },
  "a group undone by a member (DROP OWNED BY)": {
    as: "on_call",
    sql: "DROP OWNED BY shop_orders_ro",
    findings: [
      "missing default privilege: sequences that shop_orders_owner creates in shop.orders shop_orders_ro lacks SELECT",
      `missing default privilege: tables that shop_orders_owner creates in shop.orders shop_orders_ro lacks SELECT`,
    ],
    mendedBy: "apply",
  },
};
