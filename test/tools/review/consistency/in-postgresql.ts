import { add, groupReference, LOGIN, remove, resourceOf, set, type Tampering } from "./tampering";

const GROUP = ["postgresql_role", "database-shop_schema-billing_read-only"] as const;
const TABLES = ["postgresql_grant", "database-shop_schema-billing_read-only-on-table"] as const;
const TO_COME = [
  "postgresql_default_privileges",
  "database-shop_schema-billing_read-only-on-table-default",
] as const;
const SCHEMA = ["postgresql_schema", "database-shop_schema-billing_schema"] as const;

const roleArguments = [
  "superuser",
  "create_role",
  "create_database",
  "bypass_row_level_security",
  "replication",
];

/** Ways to change what the access stack of test/environments/dev.yaml makes in PostgreSQL. */
export const IN_POSTGRESQL: Readonly<Record<string, Tampering>> = {
  ...Object.fromEntries(
    roleArguments.map((name) => [
      `a login with ${name}`,
      {
        says: `with another ${name} than planned: postgresql_role orders_api`,
        change: set(...LOGIN, { [name]: true }),
      },
    ]),
  ),
  "a login with a password": { says: "another password", change: set(...LOGIN, { password: "x" }) },
  "a login with one more group": {
    says: "another roles than planned: postgresql_role orders_api",
    change: (stack) =>
      resourceOf(stack, ...LOGIN).roles.push(groupReference(stack, "database-shop_schema-billing_owner")),
  },
  "a login in another group": {
    says: "another roles",
    change: (stack) => {
      resourceOf(stack, ...LOGIN).roles[1] = groupReference(stack, "database-shop_schema-orders_owner");
    },
  },
  "a login that is not in rds_iam": {
    says: "another roles",
    change: (stack) => resourceOf(stack, ...LOGIN).roles.shift(),
  },
  "a login with more connections": {
    says: "another connection_limit",
    change: set(...LOGIN, { connection_limit: -1 }),
  },
  ...Object.fromEntries(
    [
      ["statement_timeout", 60_000],
      ["idle_in_transaction_session_timeout", 60_000],
      ["search_path", ["billing"]],
    ].map(([name, value]) => [
      `a login with a ${name}`,
      {
        says: `another ${name} than planned: postgresql_role orders_api`,
        change: set(...LOGIN, { [String(name)]: value }),
      },
    ]),
  ),
  "a login that runs as a group": {
    says: "another assume_role",
    change: set(...LOGIN, { assume_role: "postgres" }),
  },
  "a login of another name": {
    says: /role that the plan knows nothing of.*orders_api_login|has not: postgresql_role orders_api/,
    change: set(...LOGIN, { name: "postgres2" }),
  },
  "a login more": {
    says: "postgresql_role that the plan knows nothing of: postgresql_role.extra",
    change: add("postgresql_role", { name: "x", login: true }),
  },
  "a second resource for the same login": {
    says: /knows nothing of: postgresql_role.service-orders-api_login_[0-9A-F]{8}$/,
    change: (stack) => add("postgresql_role", resourceOf(stack, ...LOGIN))(stack),
  },
  "a login less": {
    says: "postgresql_role that the plan has and the stack has not: postgresql_role orders_api",
    change: remove(...LOGIN),
  },
  "a group that logs in": {
    says: "another login than planned: postgresql_role shop_billing_ro",
    change: set(...GROUP, { login: true }),
  },
  "a group in another group": {
    says: "another roles",
    change: set(...GROUP, { roles: ["shop_billing_owner"] }),
  },
  "a group whose name is another's reference": {
    says: "postgresql_role shop_billing_ro",
    change: (stack) => {
      resourceOf(stack, ...GROUP).name = groupReference(stack, "database-shop_schema-billing_owner");
    },
  },
  "privileges more": {
    says: "postgresql_grant with another privileges than planned: postgresql_grant shop billing shop_billing_ro table",
    change: set(...TABLES, { privileges: ["SELECT", "INSERT"] }),
  },
  "privileges less": { says: "another privileges", change: set(...TABLES, { privileges: [] }) },
  "privileges that may be passed on": {
    says: "another with_grant_option",
    change: set(...TABLES, { with_grant_option: true }),
  },
  "privileges on single objects": { says: "another objects", change: set(...TABLES, { objects: ["x"] }) },
  "a grant for everybody": {
    says: "postgresql_grant that the plan knows nothing of",
    change: set(...TABLES, { role: "public" }),
  },
  "a grant in another schema": {
    says: "postgresql_grant that the plan knows nothing of",
    change: set(...TABLES, { schema: "public" }),
  },
  "a grant in another database": {
    says: "postgresql_grant that the plan knows nothing of",
    change: set(...TABLES, { database: "board" }),
  },
  "a grant less": {
    says: "the plan has and the stack has not: postgresql_grant shop billing shop_billing_ro table",
    change: remove(...TABLES),
  },
  "what is to come for another role": {
    says: "postgresql_default_privileges that the plan knows nothing of",
    change: set(...TO_COME, { role: "public" }),
  },
  "what somebody else creates": {
    says: "postgresql_default_privileges that the plan knows nothing of",
    change: set(...TO_COME, { owner: "postgres" }),
  },
  "privileges more on what is to come": {
    says: "another privileges",
    change: set(...TO_COME, { privileges: ["SELECT", "DELETE"] }),
  },
  "a schema of another owner": {
    says: "postgresql_schema with another owner",
    change: set(...SCHEMA, { owner: "orders_api" }),
  },
  "a schema with a policy": {
    says: "another policy",
    change: set(...SCHEMA, { policy: [{ create: true, role: "orders_api" }] }),
  },
  "a database of another owner": {
    says: "another owner than planned: postgresql_database shop",
    change: set("postgresql_database", "database-shop_database", { owner: "orders_api" }),
  },
  "a membership": {
    says: "postgresql_grant_role that the plan knows nothing of",
    change: add("postgresql_grant_role", { role: "orders_api", grant_role: "rds_superuser" }),
  },
  "a function": {
    says: "postgresql_function that the plan knows nothing of",
    change: add("postgresql_function", { name: "f" }),
  },
};
