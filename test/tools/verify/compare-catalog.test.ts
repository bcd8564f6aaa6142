import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { expectation } from "../../../model/access/expectation";
import { accessPlan } from "../../../model/access/plan";
import { LEVEL_NAMES } from "../../../model/postgresql/levels";
import type {
  LiveBelonging,
  LiveCatalog,
  LiveDatabase,
  LiveMembership,
  LiveObjects,
  LiveRole,
} from "../../../tools/catalog/live-catalog";
import { compareCatalog } from "../../../tools/verify/compare-catalog";
import { MINIMAL, parse, testEnvironments } from "../../helpers/environment";
import { asPlanned, grant, membership, role } from "../../helpers/live-catalog";

const expected = expectation(
  accessPlan(
    parse(`${MINIMAL}    orders-migrations: { namespace: shop, grants: { shop.orders: owner } }
  people:
    on-call: { principals: ["arn:aws:iam::123456789012:role/OnCall"], grants: { shop.orders: read-only } }
`),
  ),
);
const clean = asPlanned(expected);

const ADMIN_OPTION = { admin: true, inherit: false, set: false };
type Change = (live: LiveCatalog) => LiveCatalog;
const changeRole =
  (name: string, change: (role: LiveRole) => Partial<LiveRole>): Change =>
  (live) => ({
    ...live,
    roles: live.roles.map((each) => (each.name === name ? { ...each, ...change(each) } : each)),
  });
const addRole =
  (...roles: LiveRole[]): Change =>
  (live) => ({
    ...live,
    roles: [...live.roles, ...roles],
    // Whoever makes a role may make others members of it.
    memberships: [
      ...live.memberships,
      ...roles.map(({ name }) => ({ ...membership(name, "postgres", "rdsadmin"), ...ADMIN_OPTION })),
    ],
  });
const dropRole =
  (name: string): Change =>
  (live) => ({
    ...live,
    roles: live.roles.filter((each) => each.name !== name),
    memberships: live.memberships.filter((each) => each.role !== name && each.member !== name),
  });
const addMembership =
  (role: string, member: string, different: Partial<LiveMembership> = {}): Change =>
  (live) => ({
    ...live,
    memberships: [...live.memberships, { ...membership(role, member), ...different }],
  });
const changeMembership =
  (role: string, member: string, change: (row: LiveMembership) => LiveMembership[]): Change =>
  (live) => ({
    ...live,
    memberships: live.memberships.flatMap((each) =>
      each.role === role && each.member === member ? change(each) : [each],
    ),
  });
const changeDatabase =
  (change: (database: LiveDatabase) => Partial<LiveDatabase>): Change =>
  (live) => ({ ...live, databases: live.databases.map((each) => ({ ...each, ...change(each) })) });
const changeTables = (change: (objects: LiveObjects) => Partial<LiveObjects>): Change =>
  changeDatabase(({ objects }) => ({
    objects: objects.map((each) =>
      each.schema === "orders" && each.kind === "table" ? { ...each, ...change(each) } : each,
    ),
  }));
const addObjects = (different: Partial<LiveObjects>): Change =>
  changeDatabase(({ objects }) => ({
    objects: [
      ...objects,
      {
        schema: "orders",
        kind: "table",
        relation: null,
        partOf: null,
        owner: "shop_orders_owner",
        grants: [],
        names: ["x"],
        ...different,
      },
    ],
  }));
const addBelonging =
  (different: Partial<LiveBelonging>): Change =>
  (live) => ({
    ...live,
    belongings: [
      {
        role: "orders_api",
        owns: true,
        database: "shop",
        type: "large object",
        schema: null,
        identity: "42",
        count: 1,
        owner: null,
        ...different,
      },
    ],
  });

const together =
  (...changes: Change[]): Change =>
  (live) =>
    changes.reduce((result, change) => change(result), live);
const iamLogin = (name: string) => role(name, { attributes: ["INHERIT", "LOGIN"] });
const DEPLOY = "npx cdktf deploy test-access";
const asOrdersOwner = (sql: string) =>
  `BEGIN; GRANT "shop_orders_owner" TO CURRENT_USER; ${sql} REVOKE "shop_orders_owner" FROM CURRENT_USER; COMMIT;`;

/** What happened to the server, the one finding it makes, and its fix. */
const CASES: readonly (readonly [string, Change, string, string | undefined])[] = [
  [
    "a database that was dropped",
    (live) => ({ ...live, databases: [] }),
    "missing database: database shop there is no such database",
    DEPLOY,
  ],
  [
    "a database given to another role",
    together(
      addRole(role("mallory")),
      changeDatabase(() => ({ owner: "mallory" })),
    ),
    "different owner: database shop belongs to mallory in place of postgres",
    'BEGIN; GRANT "mallory" TO CURRENT_USER; ALTER DATABASE "shop" OWNER TO "postgres"; REVOKE "mallory" FROM CURRENT_USER; COMMIT;',
  ],
  [
    "a schema that was dropped, with the default privileges in it",
    changeDatabase((database) => ({
      schemas: database.schemas.filter(({ name }) => name !== "orders"),
      objects: database.objects.filter(({ schema }) => schema !== "orders"),
      defaultPrivileges: database.defaultPrivileges.filter(({ schema }) => schema !== "orders"),
    })),
    "missing schema: schema shop.orders there is no such schema",
    DEPLOY,
  ],
  [
    "a schema given to a login",
    changeDatabase(({ schemas }) => ({
      schemas: schemas.map((each) =>
        each.name === "billing" ? { ...each, owner: "orders_api", grants: each.grants } : each,
      ),
    })),
    "different owner: schema shop.billing belongs to orders_api in place of shop_billing_owner",
    'BEGIN; GRANT "orders_api", "shop_billing_owner" TO CURRENT_USER; ALTER SCHEMA "billing" OWNER TO "shop_billing_owner"; REVOKE "orders_api", "shop_billing_owner" FROM CURRENT_USER; COMMIT;',
  ],
  [
    "the schema public given to a person",
    together(
      addRole(role("mallory")),
      changeDatabase(({ schemas }) => ({
        schemas: schemas.map((each) => (each.name === "public" ? { ...each, owner: "mallory" } : each)),
      })),
    ),
    "different owner: schema shop.public belongs to mallory in place of postgres",
    'BEGIN; GRANT "mallory" TO CURRENT_USER; ALTER SCHEMA "public" OWNER TO "postgres"; REVOKE "mallory" FROM CURRENT_USER; COMMIT;',
  ],
  [
    "a schema of a login's own",
    changeDatabase(({ schemas }) => ({
      schemas: [...schemas, { name: "mine", owner: "orders_api", open: false, grants: [] }],
    })),
    "different owner: schema shop.mine belongs to orders_api in place of postgres",
    'BEGIN; GRANT "orders_api" TO CURRENT_USER; ALTER SCHEMA "mine" OWNER TO "postgres"; REVOKE "orders_api" FROM CURRENT_USER; COMMIT;',
  ],
  [
    "a login that was dropped, with its memberships",
    dropRole("orders_api"),
    "missing role: database user orders_api there is no such role",
    DEPLOY,
  ],
  [
    "a group that was dropped, with its members and grants",
    together(
      dropRole("shop_orders_ro"),
      changeDatabase((database) => {
        const without = <Item extends { readonly grants: readonly { readonly grantee: string }[] }>(
          items: readonly Item[],
        ) =>
          items.map((item) => ({
            ...item,
            grants: item.grants.filter(({ grantee }) => grantee !== "shop_orders_ro"),
          }));
        return {
          grants: database.grants.filter(({ grantee }) => grantee !== "shop_orders_ro"),
          schemas: without(database.schemas),
          objects: without(database.objects),
          defaultPrivileges: without(database.defaultPrivileges),
        };
      }),
    ),
    "missing role: group role shop_orders_ro there is no such role",
    DEPLOY,
  ],
  [
    "a server without rds_iam",
    dropRole("rds_iam"),
    "missing role: role rds_iam there is no such role, so no login can use an IAM token: this is no RDS server",
    undefined,
  ],
  [
    "a login that may create roles and databases",
    changeRole("orders_api", ({ attributes }) => ({ attributes: [...attributes, "CREATEDB", "CREATEROLE"] })),
    "different role: database user orders_api has CREATEDB, CREATEROLE, which is not planned",
    'ALTER ROLE "orders_api" NOCREATEDB NOCREATEROLE;',
  ],
  [
    "a group that may log in",
    changeRole("shop_orders_rw", ({ attributes }) => ({ attributes: [...attributes, "LOGIN"] })),
    "different role: group role shop_orders_rw has LOGIN, which is not planned",
    'ALTER ROLE "shop_orders_rw" NOLOGIN;',
  ],
  ...["SUPERUSER", "REPLICATION", "BYPASSRLS"].map(
    (attribute) =>
      [
        `a login with ${attribute}`,
        changeRole("orders_api", ({ attributes }) => ({ attributes: [...attributes, attribute] })),
        `different role: database user orders_api has ${attribute}, which is not planned`,
        `ALTER ROLE "orders_api" NO${attribute};`,
      ] as const,
  ),
  [
    "a login that may no longer log in, nor more than twice at once",
    changeRole("orders_api", () => ({ attributes: ["INHERIT"], connectionLimit: 2 })),
    "different role: database user orders_api has CONNECTION LIMIT 2, NOLOGIN, which is not planned",
    'ALTER ROLE "orders_api" CONNECTION LIMIT 100 LOGIN;',
  ],
  [
    "a login that the file does not know and that holds up deployments",
    (live) => ({ ...live, locks: [{ role: "mallory", database: "postgres", pids: [4] }] }),
    "extra session: database user mallory holds locks in the database postgres that a deployment waits for (pid 4)",
    "SELECT pg_terminate_backend(pid) FROM unnest(ARRAY[4]) pid;",
  ],
  [
    "a login that holds up deployments",
    (live) => ({ ...live, locks: [{ role: "orders_api", database: "postgres", pids: [4, 7] }] }),
    "extra session: database user orders_api holds locks in the database postgres that a deployment waits for (pid 4, 7)",
    "SELECT pg_terminate_backend(pid) FROM unnest(ARRAY[4, 7]) pid;",
  ],
  [
    "a login with a password",
    changeRole("orders_api", () => ({ hasPassword: true })),
    "extra password: database user orders_api has a password",
    'ALTER ROLE "orders_api" PASSWORD NULL;',
  ],
  [
    "an owner whose sessions are its own",
    changeRole("orders_migrations", () => ({ settings: [] })),
    "missing setting: database user orders_migrations lacks the setting role=shop_orders_owner",
    DEPLOY,
  ],
  [
    "an owner whose sessions are another group's",
    changeRole("orders_migrations", () => ({
      settings: [{ database: null, setting: "role=shop_orders_rw" }],
    })),
    "different setting: database user orders_migrations has the setting role=shop_orders_rw in place of role=shop_orders_owner",
    `ALTER ROLE "orders_migrations" SET role = 'shop_orders_owner';`,
  ],
  [
    "a setting nobody planned",
    changeRole("orders_api", () => ({ settings: [{ database: null, setting: "search_path=evil, orders" }] })),
    "extra setting: database user orders_api has the setting search_path=evil, orders",
    'ALTER ROLE "orders_api" RESET "search_path";',
  ],
  [
    "a time in a unit, which stops Terraform's provider",
    changeRole("orders_api", () => ({ settings: [{ database: null, setting: "statement_timeout=5s" }] })),
    "extra setting: database user orders_api has the setting statement_timeout=5s, which Terraform's provider cannot read: until it is gone, no deployment goes on",
    'ALTER ROLE "orders_api" RESET "statement_timeout";',
  ],
  [
    "the same of a group, which its members may set",
    changeRole("shop_orders_ro", () => ({
      settings: [{ database: null, setting: "idle_in_transaction_session_timeout=1h" }],
    })),
    "extra setting: group role shop_orders_ro has the setting idle_in_transaction_session_timeout=1h, which Terraform's provider cannot read: until it is gone, no deployment goes on",
    'ALTER ROLE "shop_orders_ro" RESET "idle_in_transaction_session_timeout";',
  ],
  [
    "a time in a unit in one database, which Terraform does not look at",
    changeRole("orders_api", () => ({ settings: [{ database: "shop", setting: "statement_timeout=5s" }] })),
    "extra setting: database user orders_api has the setting statement_timeout=5s in the database shop",
    'ALTER ROLE "orders_api" IN DATABASE "shop" RESET "statement_timeout";',
  ],
  [
    "a setting in one database only",
    changeRole("orders_migrations", ({ settings }) => ({
      settings: [...settings, { database: "shop", setting: "role=none" }],
    })),
    "extra setting: database user orders_migrations has the setting role=none in the database shop",
    'ALTER ROLE "orders_migrations" IN DATABASE "shop" RESET "role";',
  ],
  [
    "a login that left its group",
    changeMembership("shop_orders_rw", "orders_api", () => []),
    "missing membership: database user orders_api is not a member of shop_orders_rw",
    DEPLOY,
  ],
  [
    "a login that left rds_iam",
    changeMembership("rds_iam", "orders_api", () => []),
    "missing membership: database user orders_api is not a member of rds_iam",
    DEPLOY,
  ],
  [
    "a membership that gives nothing",
    changeMembership("shop_orders_rw", "orders_api", (row) => [{ ...row, inherit: false }]),
    "different membership: database user orders_api is a member of shop_orders_rw without its privileges (INHERIT FALSE or SET FALSE)",
    'GRANT "shop_orders_rw" TO "orders_api" WITH INHERIT TRUE, SET TRUE;',
  ],
  [
    "a login that may let others into its group",
    changeMembership("shop_orders_rw", "orders_api", (row) => [{ ...row, admin: true }]),
    "different membership: database user orders_api may make others members of shop_orders_rw (ADMIN OPTION)",
    'REVOKE ADMIN OPTION FOR "shop_orders_rw" FROM "orders_api" GRANTED BY "postgres" CASCADE;',
  ],
  [
    "a login in another group, twice granted",
    together(
      addMembership("shop_billing_ro", "orders_api"),
      addMembership("shop_billing_ro", "orders_api", { grantor: "rdsadmin", admin: true }),
    ),
    "extra membership: database user orders_api is a member of shop_billing_ro",
    'REVOKE "shop_billing_ro" FROM "orders_api" GRANTED BY "postgres"; REVOKE "shop_billing_ro" FROM "orders_api" GRANTED BY "rdsadmin" CASCADE;',
  ],
  [
    "a stranger in a group, on PostgreSQL 15",
    together(addRole(role("mallory")), addMembership("shop_orders_ro", "mallory", { grantor: null })),
    "extra membership: role mallory is a member of shop_orders_ro",
    'REVOKE "shop_orders_ro" FROM "mallory";',
  ],
  [
    "a group in another group",
    addMembership("shop_billing_ro", "shop_orders_ro"),
    "extra membership: group role shop_orders_ro is a member of shop_billing_ro",
    'REVOKE "shop_billing_ro" FROM "shop_orders_ro" GRANTED BY "postgres";',
  ],
  [
    "a login that sees every table",
    addMembership("pg_read_all_data", "orders_api"),
    "extra membership: database user orders_api is a member of pg_read_all_data",
    'REVOKE "pg_read_all_data" FROM "orders_api" GRANTED BY "postgres";',
  ],
  [
    "a stranger that sees every table",
    together(addRole(role("mallory")), addMembership("pg_read_all_data", "mallory")),
    "extra membership: role mallory is a member of pg_read_all_data",
    'REVOKE "pg_read_all_data" FROM "mallory" GRANTED BY "postgres";',
  ],
  [
    "an admin with the privileges of a group",
    addMembership("shop_orders_owner", "postgres"),
    "extra membership: admin postgres is a member of shop_orders_owner",
    'REVOKE "shop_orders_owner" FROM "postgres" GRANTED BY "postgres";',
  ],
  [
    "an admin in rds_iam",
    addMembership("rds_iam", "postgres"),
    "extra membership: admin postgres inherits rds_iam: RDS asks it for an IAM token and refuses its password",
    'REVOKE "rds_iam" FROM "postgres" GRANTED BY "postgres";',
  ],
  [
    "an admin that inherits rds_iam from a login",
    addMembership("orders_api", "postgres"),
    "extra membership: admin postgres inherits rds_iam through orders_api: RDS asks it for an IAM token and refuses its password",
    'REVOKE "orders_api" FROM "postgres" GRANTED BY "postgres";',
  ],
  [
    "an admin that inherits rds_iam from roles the plan does not know",
    together(
      addRole(role("inner"), role("outer")),
      addMembership("rds_iam", "inner"),
      addMembership("inner", "outer"),
      addMembership("outer", "postgres"),
    ),
    "extra membership: admin postgres inherits rds_iam through outer: RDS asks it for an IAM token and refuses its password",
    'REVOKE "outer" FROM "postgres" GRANTED BY "postgres";',
  ],
  [
    "an IAM login the plan does not know",
    together(addRole(iamLogin("stranger")), addMembership("rds_iam", "stranger")),
    "extra role: database user stranger logs in with an IAM token, and test.yaml does not know it",
    'REVOKE "rds_iam" FROM "stranger" GRANTED BY "postgres";',
  ],
  [
    "an IAM login by way of a role the plan does not know",
    together(
      addRole(iamLogin("stranger"), role("team")),
      addMembership("rds_iam", "team"),
      addMembership("team", "stranger"),
    ),
    "extra role: database user stranger logs in with an IAM token, and test.yaml does not know it",
    'REVOKE "team" FROM "stranger" GRANTED BY "postgres";',
  ],
  [
    "the open sessions of a login that has been dropped",
    (live) => ({ ...live, sessions: [{ role: null, oid: 16400, pids: [7, 8] }] }),
    "extra session: dropped role 16400 has 2 sessions open (pid 7, 8), begun before it was dropped",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usesysid = 16400;",
  ],
  [
    "a group that may not connect",
    changeDatabase(({ grants }) => ({
      grants: grants.filter(({ grantee }) => grantee !== "shop_orders_rw"),
    })),
    "missing grant: database shop shop_orders_rw lacks CONNECT",
    DEPLOY,
  ],
  [
    "a database that PUBLIC may connect to and make temporary tables in",
    changeDatabase(({ grants }) => ({
      grants: [...grants, grant("public", "TEMPORARY"), grant("public", "CONNECT")],
    })),
    "extra grant: database shop PUBLIC has CONNECT, TEMPORARY",
    'REVOKE CONNECT, TEMPORARY ON DATABASE "shop" FROM PUBLIC;',
  ],
  [
    "a stranger that may connect",
    together(
      addRole(role("mallory")),
      changeDatabase(({ grants }) => ({ grants: [...grants, grant("mallory", "CONNECT")] })),
    ),
    "extra grant: database shop mallory has CONNECT",
    'REVOKE CONNECT ON DATABASE "shop" FROM "mallory";',
  ],
  [
    "a schema public that PUBLIC may use, though the plan does not name it",
    changeDatabase(({ schemas }) => ({
      schemas: schemas.map((each) =>
        each.name === "public" ? { ...each, grants: [grant("public", "USAGE")] } : each,
      ),
    })),
    "extra grant: schema shop.public PUBLIC has USAGE",
    'REVOKE USAGE ON SCHEMA "public" FROM PUBLIC;',
  ],
  [
    "a login with a right of its own on a schema outside of the plan",
    changeDatabase(({ schemas }) => ({
      schemas: [
        ...schemas,
        { name: "legacy", owner: "postgres", open: false, grants: [grant("orders_api", "USAGE")] },
      ],
    })),
    "extra grant: schema shop.legacy orders_api has USAGE",
    'REVOKE USAGE ON SCHEMA "legacy" FROM "orders_api";',
  ],
  [
    "tables a group cannot read",
    changeTables(({ grants }) => ({ grants: grants.filter(({ grantee }) => grantee !== "shop_orders_ro") })),
    "missing grant: 2 tables in shop.orders: invoice, item shop_orders_ro lacks SELECT",
    DEPLOY,
  ],
  [
    "a table that everybody can read",
    addObjects({
      grants: [
        ...(clean.databases[0]?.objects.find(({ schema, kind }) => schema === "orders" && kind === "table")
          ?.grants ?? []),
        grant("public", "SELECT"),
      ],
    }),
    "extra grant: table shop.orders.x PUBLIC has SELECT",
    asOrdersOwner('REVOKE SELECT ON TABLE "orders".x FROM PUBLIC;'),
  ],
  [
    "a group that may truncate tables and pass on what it has",
    changeTables(({ grants }) => ({
      grants: [
        ...grants.map((each) => (each.grantee === "shop_orders_ro" ? { ...each, grantable: true } : each)),
        grant("shop_orders_ro", "TRUNCATE"),
      ],
    })),
    "extra grant: 2 tables in shop.orders: invoice, item shop_orders_ro has TRUNCATE and may grant SELECT on to others",
    asOrdersOwner(
      'REVOKE TRUNCATE ON TABLE "orders".invoice, "orders".item FROM "shop_orders_ro" CASCADE; REVOKE GRANT OPTION FOR SELECT ON TABLE "orders".invoice, "orders".item FROM "shop_orders_ro" CASCADE;',
    ),
  ],
  [
    "more tables than one wants to read the names of",
    changeTables(({ grants }) => ({
      grants: [...grants, grant("public", "SELECT")],
      names: Array.from({ length: 11 }, (_, number) => `t${number}`),
    })),
    "extra grant: 11 tables in shop.orders PUBLIC has SELECT",
    asOrdersOwner('REVOKE SELECT ON ALL TABLES IN SCHEMA "orders" FROM PUBLIC;'),
  ],
  [
    "columns that everybody can read",
    addObjects({
      kind: "column",
      relation: "invoice",
      names: ["a", '"B"'],
      grants: [grant("public", "SELECT")],
    }),
    'extra grant: 2 columns in shop.orders.invoice: a, "B" PUBLIC has SELECT',
    asOrdersOwner('REVOKE SELECT (a, "B") ON TABLE "orders".invoice FROM PUBLIC;'),
  ],
  [
    "a sequence a login may set, beside its group",
    changeDatabase(({ objects }) => ({
      objects: objects.map((each) =>
        each.schema === "orders" && each.kind === "sequence"
          ? { ...each, grants: [...each.grants, grant("orders_api", "UPDATE")] }
          : each,
      ),
    })),
    "extra grant: sequence shop.orders.number orders_api has UPDATE",
    asOrdersOwner('REVOKE UPDATE ON SEQUENCE "orders".number FROM "orders_api";'),
  ],
  [
    "tables that a login owns",
    changeTables(() => ({ owner: "orders_api" })),
    "different owner: 2 tables in shop.orders: invoice, item belong to orders_api in place of shop_orders_owner",
    'BEGIN; GRANT "orders_api", "shop_orders_owner" TO CURRENT_USER; ALTER TABLE "orders".invoice OWNER TO "shop_orders_owner"; ALTER TABLE "orders".item OWNER TO "shop_orders_owner"; REVOKE "orders_api", "shop_orders_owner" FROM CURRENT_USER; COMMIT;',
  ],
  ...(["routine", "type"] as const).map(
    (kind) =>
      [
        `a ${kind} that the admin owns`,
        addObjects({ kind, owner: "postgres", names: ["f"], grants: [grant("shop_orders_rw", "EXECUTE")] }),
        `different owner: ${kind} shop.orders.f belongs to postgres in place of shop_orders_owner`,
        asOrdersOwner(`ALTER ${kind.toUpperCase()} "orders".f OWNER TO "shop_orders_owner";`),
      ] as const,
  ),
  [
    "functions that readers of another schema may execute, more of them than are listed elsewhere",
    addObjects({
      kind: "routine",
      names: Array.from({ length: 11 }, (_, index) => `f${index}()`),
      grants: [grant("shop_orders_rw", "EXECUTE"), grant("shop_billing_ro", "EXECUTE")],
    }),
    "extra grant: 11 routines in shop.orders shop_billing_ro has EXECUTE",
    asOrdersOwner(
      `REVOKE EXECUTE ON ROUTINE ${Array.from({ length: 11 }, (_, index) => `"orders".f${index}()`).join(", ")} FROM "shop_billing_ro";`,
    ),
  ],
  [
    "a function that writers lack",
    addObjects({ kind: "SECURITY DEFINER routine", names: ["f()"] }),
    "missing grant: SECURITY DEFINER routine shop.orders.f() shop_orders_rw lacks EXECUTE",
    asOrdersOwner('GRANT EXECUTE ON ROUTINE "orders".f() TO "shop_orders_rw";'),
  ],
  [
    "a function with somebody's rights in a schema that everybody may use",
    (live) =>
      addObjects({
        schema: "legacy",
        owner: "postgres",
        kind: "SECURITY DEFINER routine",
        names: ["f()"],
        grants: [grant("public", "EXECUTE")],
      })(
        changeDatabase(({ schemas }) => ({
          schemas: [...schemas, { name: "legacy", owner: "postgres", open: true, grants: [] }],
        }))(live),
      ),
    "extra grant: SECURITY DEFINER routine shop.legacy.f() PUBLIC has EXECUTE",
    'REVOKE EXECUTE ON ROUTINE "legacy".f() FROM PUBLIC;',
  ],
  [
    "functions to come that everybody may execute, as PostgreSQL has it",
    changeDatabase(({ defaultPrivileges }) => ({
      defaultPrivileges: defaultPrivileges.filter(
        ({ creator, schema }) => creator !== "shop_orders_owner" || schema !== null,
      ),
    })),
    "extra default privilege: functions that shop_orders_owner creates in any schema of shop PUBLIC has EXECUTE",
    asOrdersOwner(
      'ALTER DEFAULT PRIVILEGES FOR ROLE "shop_orders_owner" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;',
    ),
  ],
  [
    "a table of a login in a schema outside of the plan",
    addObjects({ schema: "legacy", owner: "orders_api" }),
    "different owner: table shop.legacy.x belongs to orders_api in place of postgres",
    'BEGIN; GRANT "orders_api" TO CURRENT_USER; ALTER TABLE "legacy".x OWNER TO "postgres"; REVOKE "orders_api" FROM CURRENT_USER; COMMIT;',
  ],
  [
    "default privileges that were taken away",
    changeDatabase(({ defaultPrivileges }) => ({
      defaultPrivileges: defaultPrivileges.map((each) =>
        each.schema === "orders" && each.objectType === "TABLES"
          ? { ...each, grants: each.grants.filter(({ privilege }) => privilege !== "DELETE") }
          : each,
      ),
    })),
    "missing default privilege: tables that shop_orders_owner creates in shop.orders shop_orders_rw lacks DELETE",
    DEPLOY,
  ],
  [
    "default privileges for everybody",
    changeDatabase(({ defaultPrivileges }) => ({
      defaultPrivileges: defaultPrivileges.map((each) =>
        each.schema === "orders" && each.objectType === "TABLES"
          ? { ...each, grants: [...each.grants, grant("public", "SELECT")] }
          : each,
      ),
    })),
    "extra default privilege: tables that shop_orders_owner creates in shop.orders PUBLIC has SELECT",
    asOrdersOwner(
      'ALTER DEFAULT PRIVILEGES FOR ROLE "shop_orders_owner" IN SCHEMA "orders" REVOKE SELECT ON TABLES FROM PUBLIC;',
    ),
  ],
  [
    "default privileges on what the admin makes anywhere",
    changeDatabase(({ defaultPrivileges }) => ({
      defaultPrivileges: [
        ...defaultPrivileges,
        {
          creator: "postgres",
          schema: null,
          objectType: "FUNCTIONS",
          grants: [grant("orders_api", "EXECUTE")],
        },
      ],
    })),
    "extra default privilege: functions that postgres creates in any schema of shop orders_api has EXECUTE",
    'ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" REVOKE EXECUTE ON FUNCTIONS FROM "orders_api";',
  ],
  [
    "a large object of a login",
    addBelonging({}),
    "extra owner: database user orders_api owns the large object 42 of the database shop",
    'BEGIN; GRANT "orders_api" TO CURRENT_USER; REASSIGN OWNED BY "orders_api" TO "postgres"; REVOKE "orders_api" FROM CURRENT_USER; COMMIT;',
  ],
  [
    "what a login owns in a database outside of the plan",
    addBelonging({ database: "other", type: null, identity: null, count: 3 }),
    "extra owner: database user orders_api owns 3 objects of the database other",
    'BEGIN; GRANT "orders_api" TO CURRENT_USER; REASSIGN OWNED BY "orders_api" TO "postgres"; REVOKE "orders_api" FROM CURRENT_USER; COMMIT;',
  ],
  [
    "a collation of a group in a schema that is not its own",
    addBelonging({ role: "shop_orders_owner", type: "collation", schema: "billing", identity: "billing.c" }),
    "extra owner: group role shop_orders_owner owns the collation billing.c of the database shop",
    undefined,
  ],
  [
    "a function of PostgreSQL's own that a login may run",
    addBelonging({
      owns: false,
      type: "function",
      schema: "pg_catalog",
      identity: "pg_catalog.pg_read_file(text)",
    }),
    "extra grant: database user orders_api has privileges on the function pg_catalog.pg_read_file(text) of the database shop",
    'REVOKE ALL ON FUNCTION pg_catalog.pg_read_file(text) FROM "orders_api" CASCADE;',
  ],
  [
    "privileges on another database",
    addBelonging({ owns: false, database: null, type: "database", identity: "other", owner: "postgres" }),
    "extra grant: database user orders_api has privileges on the database other",
    'REVOKE ALL ON DATABASE other FROM "orders_api" CASCADE;',
  ],
];

/** What the admin may not undo, each with a fix for somebody else. */
const BEYOND_THE_ADMIN: readonly (readonly [string, Change])[] = [
  [
    "an attribute that CREATEROLE may not change",
    changeRole("orders_api", ({ attributes }) => ({ attributes: [...attributes, "BYPASSRLS"] })),
  ],
  ["what a superuser granted", addMembership("pg_read_all_data", "orders_api", { grantor: "rdsadmin" })],
  [
    "what a role granted that the admin may not become",
    (live) => ({
      ...live,
      roles: [...live.roles, role("mallory")],
      memberships: [...live.memberships, membership("shop_orders_rw", "orders_api", "mallory")].map((each) =>
        each.role === "shop_orders_rw" && each.member === "orders_api" ? { ...each, admin: true } : each,
      ),
    }),
  ],
  ["a table of a superuser's", addObjects({ owner: "rdsadmin" })],
  ["a privilege on what is nobody's", addBelonging({ owns: false, type: "parameter ACL", database: null })],
  [
    "a setting of a superuser's",
    changeRole("orders_api", () => ({
      settings: [{ database: null, setting: "log_statement=none", superuser: true }],
    })),
  ],
];

const SESSION_OF_STRANGER = together(
  addRole(iamLogin("stranger")),
  addMembership("rds_iam", "stranger"),
  (live) => ({ ...live, sessions: [{ role: "stranger", oid: 16401, pids: [9] }] }),
);

/** What is there on a healthy server and none of the plan's business. */
const ACCEPTED: readonly (readonly [string, Change])[] = [
  [
    "sessions of the plan's logins and of the admin",
    (live) => ({
      ...live,
      sessions: [
        { role: "orders_api", oid: 1, pids: [1] },
        { role: "postgres", oid: 2, pids: [2] },
      ],
    }),
  ],
  ["a role with a password that is in no group", addRole(role("backup", { hasPassword: true }))],
  ["rds_superuser and the admin by way of it", addMembership("pg_read_all_data", "rds_superuser")],
  [
    "what RDS grants itself",
    changeDatabase(({ grants }) => ({ grants: [...grants, grant("rds_superuser", "CONNECT")] })),
  ],
  [
    "the user that RDS Proxy makes for itself, its sessions and where it may connect",
    together(
      addRole(role("rdsproxyadmin", { system: true, attributes: ["INHERIT", "LOGIN"], hasPassword: true })),
      changeDatabase(({ grants }) => ({ grants: [...grants, grant("rdsproxyadmin", "CONNECT")] })),
      (live) => ({ ...live, sessions: [{ role: "rdsproxyadmin", oid: 16402, pids: [7] }] }),
    ),
  ],
  ["a database that a superuser owns", changeDatabase(() => ({ owner: "rdsadmin" }))],
  [
    "a stranger's own schema",
    together(
      addRole(role("team")),
      changeDatabase(({ schemas }) => ({
        schemas: [
          ...schemas,
          { name: "team", owner: "team", open: false, grants: [grant("backup", "USAGE")] },
        ],
      })),
    ),
  ],
  [
    "the objects of an extension, whoever owns them and has no right on them",
    addObjects({ partOf: "extension", owner: "rdsadmin" }),
  ],
  [
    "the sequence of a table that changed hands",
    addObjects({
      kind: "sequence",
      partOf: "table",
      owner: "shop_orders_owner",
      grants:
        clean.databases[0]?.objects.find(({ schema, kind }) => schema === "orders" && kind === "sequence")
          ?.grants ?? [],
    }),
  ],
  [
    "a function that its owner lets readers call, with their own rights",
    addObjects({
      kind: "routine",
      names: ["f()"],
      grants: [grant("shop_orders_rw", "EXECUTE"), grant("shop_orders_ro", "EXECUTE")],
    }),
  ],
  [
    "functions of an extension that everybody may execute, with anybody's rights",
    addObjects({
      kind: "SECURITY DEFINER routine",
      partOf: "extension",
      owner: "rdsadmin",
      grants: [grant("public", "EXECUTE")],
    }),
  ],
  [
    "functions in a schema of others that nobody can use",
    addObjects({
      schema: "legacy",
      owner: "postgres",
      kind: "SECURITY DEFINER routine",
      grants: [grant("public", "EXECUTE")],
    }),
  ],
  [
    "types and functions of others to come, as PostgreSQL gives them to everybody",
    changeDatabase(({ defaultPrivileges }) => ({
      defaultPrivileges: [
        ...defaultPrivileges,
        { creator: "backup", schema: null, objectType: "TYPES", grants: [grant("public", "USAGE")] },
        { creator: "backup", schema: null, objectType: "FUNCTIONS", grants: [grant("public", "EXECUTE")] },
      ],
    })),
  ],
  [
    "a collation of a schema's owner",
    addBelonging({ role: "shop_orders_owner", type: "collation", schema: "orders", identity: "orders.c" }),
  ],
  ["a large object of a schema's owner", addBelonging({ role: "shop_orders_owner" })],
  [
    "RDS's own default privileges",
    changeDatabase(({ defaultPrivileges }) => ({
      defaultPrivileges: [
        ...defaultPrivileges,
        { creator: "rdsadmin", schema: null, objectType: "TABLES", grants: [grant("public", "SELECT")] },
      ],
    })),
  ],
  [
    "a second grantor of a planned membership",
    addMembership("shop_orders_rw", "orders_api", { grantor: "rdsadmin" }),
  ],
  ["the right of the admin to grant rds_iam", addMembership("rds_iam", "postgres", ADMIN_OPTION)],
];

describe("a member of a group of people", () => {
  const group = expectation(
    accessPlan(
      parse(`${MINIMAL}  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      members: [anna@acme.com, ben@acme.com]
      grants: { shop.orders: read-only }
`),
    ),
  );
  const live = asPlanned(group);
  const ANNA = "database user on_call_anna (anna@acme.com of on-call)";

  test.each<[string, Change, string]>([
    ["missing", dropRole("on_call_anna"), `missing role: ${ANNA} there is no such role`],
    [
      "with a password",
      changeRole("on_call_anna", () => ({ hasPassword: true })),
      `extra password: ${ANNA} has a password`,
    ],
    [
      "with another limit",
      changeRole("on_call_anna", () => ({ connectionLimit: 2 })),
      `different role: ${ANNA} has CONNECTION LIMIT 2, which is not planned`,
    ],
    [
      "with a setting",
      changeRole("on_call_anna", () => ({
        settings: [{ database: null, setting: "work_mem=1GB", superuser: false }],
      })),
      `extra setting: ${ANNA} has the setting work_mem=1GB`,
    ],
    [
      "in another group",
      addMembership("shop_billing_rw", "on_call_anna"),
      `extra membership: ${ANNA} is a member of shop_billing_rw`,
    ],
    [
      "outside of the group",
      (catalog) => ({
        ...catalog,
        memberships: catalog.memberships.filter(
          ({ role: of, member }) => of !== "shop_orders_ro" || member !== "on_call_anna",
        ),
      }),
      `missing membership: ${ANNA} is not a member of shop_orders_ro`,
    ],
    [
      "with a large object",
      addBelonging({ role: "on_call_anna" }),
      `extra owner: ${ANNA} owns the large object 42 of the database shop`,
    ],
    [
      "with locks",
      (catalog) => ({ ...catalog, locks: [{ role: "on_call_anna", database: "postgres", pids: [4] }] }),
      `extra session: ${ANNA} holds locks in the database postgres that a deployment waits for (pid 4)`,
    ],
  ])("%s is found, with whose login it is, and the others are as planned", (_, change, says) => {
    expect(compareCatalog(group, live).findings).toEqual([]);
    const found = compareCatalog(group, change(live)).findings.map(
      ({ kind, topic, subject, detail }) => `${kind} ${topic}: ${subject} ${detail}`,
    );
    expect(found).toEqual([says]);
  });

  test("who is no longer one, and still logs in, is a stranger", () => {
    const one = accessPlan(
      parse(`${MINIMAL}  people:
    on-call:
      principals: ["arn:aws:iam::123456789012:role/OnCall"]
      members: [ben@acme.com]
      grants: { shop.orders: read-only }
`),
    );
    const found = compareCatalog(expectation(one), live).findings.map(
      ({ subject, detail }) => `${subject} ${detail}`,
    );
    expect(found).toContain(
      "database user on_call_anna logs in with an IAM token, and test.yaml does not know it",
    );
  });
});

describe("a database as planned", () => {
  test.each(testEnvironments().map((environment) => [environment.name, environment] as const))(
    "has no drift: %s",
    (_, environment) => {
      const plan = expectation(accessPlan(environment));
      expect(compareCatalog(plan, asPlanned(plan))).toMatchObject({ findings: [], notChecked: [] });
    },
  );

  test("says how much of each is as planned", () => {
    const groups = 2 * LEVEL_NAMES.length;
    const granted = 2 * (LEVEL_NAMES.length - 1);
    expect(compareCatalog(expected, clean).holds).toEqual({
      database: 1,
      schema: 2,
      // Three database users and the groups of two schemas, none with a password.
      role: groups + 3,
      password: groups + 3,
      // Of one owner, and two of the admin.
      setting: 3,
      membership: 6,
      // The database, three schemas, and in two of them two tables, a sequence and a function.
      owner: 12,
      // Every group on the database, all but the owners on its schema and on each of three objects in it, one on the function.
      grant: groups + granted * 4 + 2,
      // On tables and on sequences; and of one group on functions.
      "default privilege": granted * 2 + 2,
      policy: 0,
      extension: 0,
      session: 0,
    });
  });

  test.each(ACCEPTED)("may have %s", (_, change) => {
    expect(compareCatalog(expected, change(clean)).findings).toEqual([]);
  });
});

describe("drift", () => {
  test.each(CASES)("finds %s, and nothing else", (_, change, finding, fix) => {
    const found = compareCatalog(expected, change(clean)).findings;
    expect(found.map(({ kind, topic, subject, detail }) => `${kind} ${topic}: ${subject} ${detail}`)).toEqual(
      [finding],
    );
    expect(found[0]?.fix).toBe(fix);
  });

  test.each(BEYOND_THE_ADMIN)("says that a superuser, or who did it, has to undo %s", (_, change) => {
    const { findings } = compareCatalog(expected, change(clean));
    expect(findings.filter(({ fix, by }) => fix !== undefined && by === "superuser")).not.toEqual([]);
  });

  test("leaves to the admin what the admin can undo", () => {
    for (const [name, change] of CASES.filter(
      ([name]) => !/SUPERUSER|REPLICATION|BYPASSRLS|twice granted|PostgreSQL's own/.test(name),
    ))
      for (const { by } of compareCatalog(expected, change(clean)).findings)
        expect([name, by]).toEqual([name, undefined]);
  });

  test("names the open sessions of a login that the plan no longer knows, and how to end them", () => {
    expect(
      compareCatalog(expected, SESSION_OF_STRANGER(clean)).findings.filter(
        ({ topic }) => topic === "session",
      ),
    ).toEqual([
      {
        kind: "extra",
        topic: "session",
        subject: "database user stranger",
        detail: "has a session open (pid 9)",
        fix: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usesysid = 16401;",
      },
    ]);
  });

  test("says in which database a fix is to be run, where that matters", () => {
    for (const [, change] of CASES) {
      for (const { fix, database } of compareCatalog(expected, change(clean)).findings) {
        const inside =
          / ON (ALL )?(TABLE|SEQUENCE|SCHEMA)|ALTER (TABLE|SCHEMA|DEFAULT|ROUTINE|TYPE)|REASSIGN/;
        if (fix && inside.test(fix)) expect(database).toMatch(/^(shop|other)$/);
        if (database !== undefined) expect(fix).toBeDefined();
      }
    }
  });

  test("is sorted: what is missing, then what is different, then what is extra", () => {
    const changes = CASES.map(([, change]) => change).filter((change) => change !== CASES[0]?.[1]);
    fc.assert(
      fc.property(fc.subarray(changes, { minLength: 2, maxLength: 4 }), (some) => {
        const kinds = compareCatalog(expected, together(...some)(clean)).findings.map(({ kind }) => kind);
        const order = ["missing", "different", "extra"];
        expect(kinds).toEqual([...kinds].sort((left, right) => order.indexOf(left) - order.indexOf(right)));
      }),
    );
  });

  test("is found whatever is taken from a server that was as planned", () => {
    const without = (live: LiveCatalog, taken: unknown): LiveCatalog =>
      JSON.parse(
        JSON.stringify(live, (_, value) =>
          Array.isArray(value) ? value.filter((item) => item !== taken) : value,
        ),
      );
    const things: unknown[] = [
      ...clean.databases,
      ...clean.roles.filter(({ name }) => expected.roles.some((each) => each.name === name)),
      ...clean.memberships.filter(({ grantor }) => grantor === "postgres"),
      ...clean.databases.flatMap((database) => [
        ...database.grants,
        ...database.schemas.filter(({ name }) => name !== "public"),
        ...database.defaultPrivileges,
        ...[...database.schemas, ...database.objects, ...database.defaultPrivileges].flatMap(
          ({ grants }) => grants,
        ),
      ]),
    ];
    expect(things.length).toBeGreaterThan(60);
    for (const thing of things)
      expect(compareCatalog(expected, without(clean, thing)).findings).not.toEqual([]);
  });
});

test("passwords that cannot be seen are said not to be checked, with the reason", () => {
  const live: LiveCatalog = {
    ...clean,
    user: "postgres",
    roles: clean.roles.map((each) => ({ ...each, hasPassword: null })),
  };
  const { holds, findings, notChecked } = compareCatalog(expected, live);
  expect(findings).toEqual([]);
  expect(holds.password).toBe(0);
  expect(notChecked).toEqual([
    {
      subject: "passwords of roles",
      reason: "postgres may not read pg_authid, which only superusers may, and RDS gives nobody a superuser",
    },
  ]);
});
