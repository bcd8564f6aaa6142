import { freePort } from "../../../lib/loopback";
import type { Database, Variables } from "./database";

/** What goes wrong for a client, and how it is brought about. */
export interface Cause {
  /** The heading of the runbook below which its texts are. */
  readonly heading: string;
  /** What is wrong. */
  readonly name: string;
  /** What the client has. @default what a pod of orders-api has, with a good token */
  readonly variables?: (database: Database) => Promise<Variables> | Variables;
  /** What it runs, one by one; `rest` waits for a second. @default nothing: it fails before */
  readonly statements?: readonly string[];
  /** What happens while it runs. */
  readonly meanwhile?: (database: Database) => Promise<void>;
  /** Takes back what was prepared. */
  readonly after?: (database: Database) => Promise<unknown>;
}

const LONG = "SELECT pg_sleep(20)";
const TERMINATE =
  "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = 'orders_api'";

/** Everything that goes wrong between a client and the database. */
export const DATABASE_CAUSES: readonly Cause[] = [
  ...(
    [
      ["a token that is older than 15 minutes", { minutes: 16 }],
      ["a token for another host", { hostname: "shop.example.com" }],
      ["a token for another user", { username: "billing_worker" }],
      ["a token for another region", { region: "eu-central-1" }],
      ["a role whose policy names another user", { signedBy: "billing_worker" }],
      ["a role whose session has ended", { sessionEnds: new Date(Date.now() - 1000) }],
    ] as const
  ).map(
    ([name, token]): Cause => ({
      heading: "PAM authentication failed for user",
      name,
      variables: (database) => database.variables(token, { PGUSER: "orders_api" }),
    }),
  ),
  {
    heading: "PAM authentication failed for user",
    name: "a password in place of a token",
    variables: (database) => database.variables({}, { PGPASSWORD: "secret" }),
  },
  {
    heading: "password authentication failed for user",
    name: "a user who is not there",
    variables: (database) => database.variables({}, { PGUSER: "order_api" }),
  },
  {
    heading: "password authentication failed for user",
    name: "a user who is not in rds_iam",
    variables: (database) => database.variables({}, { PGUSER: "legacy" }),
  },
  {
    heading: "no pg_hba.conf entry",
    name: "a connection without TLS",
    variables: (database) => database.variables({}, { PGSSLMODE: "disable" }),
  },
  {
    heading: "is not permitted to log in",
    name: "a login that was locked out",
    variables: async (database) => {
      await database.sql("ALTER ROLE orders_api NOLOGIN");
      return database.variables();
    },
    after: (database) => database.sql("ALTER ROLE orders_api LOGIN"),
  },
  {
    heading: "database does not exist",
    name: "another PGDATABASE",
    variables: (database) => database.variables({}, { PGDATABASE: "shopp" }),
  },
  {
    heading: "permission denied for database",
    name: "a database in which it has no grant",
    variables: (database) => database.variables({}, { PGDATABASE: "board" }),
  },
  {
    heading: "too many connections",
    name: "as many connections of one login as its limit",
    variables: async (database) => {
      await database.sql("ALTER ROLE orders_api CONNECTION LIMIT 0");
      return database.variables();
    },
    after: (database) => database.sql("ALTER ROLE orders_api CONNECTION LIMIT 100"),
  },
  {
    heading: "too many connections",
    name: "as many connections to one database as its limit",
    variables: async (database) => {
      await database.sql("ALTER DATABASE shop CONNECTION LIMIT 0");
      return database.variables();
    },
    after: (database) => database.sql("ALTER DATABASE shop CONNECTION LIMIT -1"),
  },
  {
    heading: "too many connections",
    name: "all connections but the reserved ones",
    variables: async (database) => {
      await database.fill(3);
      return database.variables();
    },
  },
  {
    heading: "too many connections",
    name: "all connections",
    variables: async (database) => {
      await database.fill(0);
      return database.variables();
    },
  },
  {
    heading: "The certificate is not trusted",
    name: "a file with other certificates",
    variables: (database) => database.variables({}, { PGSSLROOTCERT: database.file("other-ca.pem") }),
  },
  {
    heading: "The certificate is for another host",
    name: "another name of the same host, such as a CNAME",
    variables: async (database) =>
      database.variables({}, { PGPORT: String((await database.anotherGateway("dev.example.com")).port) }),
  },
  {
    heading: "The file with certificates",
    name: "a file that is not there",
    variables: (database) => database.variables({}, { PGSSLROOTCERT: database.file("rds-ca.pem") }),
  },
  {
    heading: "The file with certificates",
    name: "a file without certificates",
    variables: (database) => database.variables({}, { PGSSLROOTCERT: database.file("empty.pem") }),
  },
  {
    heading: "The host name leads nowhere",
    name: "a host that is not there",
    variables: (database) => database.variables({}, { PGHOST: "dev.invalid" }),
  },
  {
    heading: "Connection refused",
    name: "another port",
    variables: async (database) => database.variables({}, { PGPORT: String(await freePort()) }),
  },
  {
    heading: "A connection that times out",
    name: "a network that lets nothing through",
    variables: async (database) => database.variables({}, { PGPORT: String(await database.silentPort()) }),
  },
  {
    heading: "permission denied for",
    name: "a schema without a grant",
    variables: (database) => database.variables({}, { PGUSER: "orders_migrations" }),
    statements: ["SELECT FROM billing.invoices"],
  },
  {
    heading: "permission denied for",
    name: "a level that is too low",
    statements: ["CREATE TABLE orders.mine (id int)"],
  },
  {
    heading: "permission denied for",
    name: "a table that somebody else made",
    statements: ["SELECT FROM orders.audit"],
  },
  {
    heading: "permission denied for",
    name: "a change to a table that belongs to the owner",
    statements: ["ALTER TABLE orders.items ADD note text"],
  },
  {
    heading: "in a read-only transaction",
    name: "a reader",
    variables: (database) => database.variables({}, { PGPORT: String(database.reader.port) }),
    statements: ["INSERT INTO orders.items VALUES (3)"],
  },
  {
    heading: "due to administrator command",
    name: "a session that somebody ended",
    statements: [LONG],
    meanwhile: async (database) => {
      await (await database.until("active", /pg_sleep/)).query(TERMINATE);
    },
  },
  {
    heading: "due to administrator command",
    name: "a session that was ended while it was idle",
    statements: ["SELECT 1", "rest", "SELECT 1"],
    meanwhile: async (database) => {
      await (await database.until("idle", /SELECT 1/)).query(TERMINATE);
    },
  },
  {
    heading: "The connection breaks without a word",
    name: "a network or a server that is gone",
    variables: async (database) =>
      database.variables({}, { PGPORT: String((await database.anotherGateway()).port) }),
    statements: [LONG],
    meanwhile: async (database) => {
      await database.until("active", /pg_sleep/);
      await database.rest();
    },
    // The server has not noticed that its client is gone.
    after: (database) => database.sql(TERMINATE),
  },
  {
    heading: "relation does not exist",
    name: "a table without its schema",
    statements: ["SELECT FROM items"],
  },
  {
    heading: "deadlock detected",
    name: "two transactions that lock rows in another order",
    variables: async (database) => {
      await database.hold("SELECT FROM orders.items WHERE id = 2 FOR UPDATE");
      return database.variables();
    },
    statements: [
      "BEGIN",
      "SELECT FROM orders.items WHERE id = 1 FOR UPDATE",
      "SELECT FROM orders.items WHERE id = 2 FOR UPDATE",
    ],
    meanwhile: async (database) => {
      await database.until("active", /id = 2/);
      database.wants("SELECT FROM orders.items WHERE id = 1 FOR UPDATE");
    },
  },
  {
    heading: "due to lock timeout",
    name: "a lock that somebody holds",
    variables: async (database) => {
      await database.hold("LOCK TABLE orders.items");
      return database.variables();
    },
    statements: ["SET lock_timeout = '100ms'", "UPDATE orders.items SET id = 1 WHERE id = 1"],
  },
  {
    heading: "due to statement timeout",
    name: "a statement that takes too long",
    statements: ["SET statement_timeout = '100ms'", LONG],
  },
  {
    heading: "due to idle-in-transaction timeout",
    name: "a transaction that waits for its next statement",
    statements: ["SET idle_in_transaction_session_timeout = '100ms'", "BEGIN", "rest", "SELECT 1"],
  },
];
