import type { Expectation, ExpectedGrant } from "../../model/access/expectation";
import type { LiveCatalog, LiveGrant, LiveObjects, LiveRole } from "../../tools/catalog/live-catalog";

const SYSTEM: readonly LiveRole[] = ["pg_database_owner", "pg_read_all_data", "rds_iam", "rds_superuser"].map(
  (name) => ({
    name,
    system: true,
    attributes: ["INHERIT"],
    connectionLimit: -1,
    settings: [],
    hasPassword: false,
  }),
);

/** What a server on PostgreSQL 16 or later looks like on which everything is as planned, with a table in each schema. */
export function asPlanned(expected: Expectation): LiveCatalog {
  const { admin } = expected;
  return {
    serverVersion: "17.5",
    forceSsl: null,
    allowedExtensions: null,
    user: "rdsadmin",
    roles: [
      ...SYSTEM,
      {
        name: "rdsadmin",
        system: true,
        attributes: ["INHERIT", "LOGIN", "SUPERUSER"],
        connectionLimit: -1,
        settings: [],
        hasPassword: false,
      },
      role(admin, {
        attributes: ["CREATEDB", "CREATEROLE", "INHERIT", "LOGIN"],
        hasPassword: true,
        settings: ['search_path=""', "lock_timeout=60s"].map((setting) => ({ database: null, setting })),
      }),
      ...expected.roles.map(({ name, attributes, connectionLimit, settings }) =>
        role(name, {
          attributes,
          connectionLimit,
          settings: settings.map((setting) => ({ database: null, setting })),
        }),
      ),
    ],
    memberships: [
      membership("rds_superuser", admin, "rdsadmin"),
      { ...membership("rds_iam", "rds_superuser", "rdsadmin"), admin: true, inherit: false, set: false },
      ...expected.roles.map(({ name }) => ({
        ...membership(name, admin, "rdsadmin"),
        admin: true,
        inherit: false,
        set: false,
      })),
      ...expected.memberships.map((each) => membership(each.role, each.member, admin)),
    ],
    sessions: [],
    locks: [],
    belongings: [],
    databases: expected.databases.map((database) => ({
      name: database.name,
      owner: admin,
      grants: live(database.grants),
      schemas: [
        ...(database.schemas.some(({ name }) => name === "public")
          ? []
          : [
              {
                name: "public",
                owner: "pg_database_owner",
                open: false,
                grants: live(database.usersOfPublic),
              },
            ]),
        ...database.schemas.map(({ name, owner = "pg_database_owner", grants }) => ({
          name,
          owner,
          open: false,
          grants: live(grants),
        })),
      ],
      extensions: [
        { name: "plpgsql", schema: "pg_catalog", owner: "rdsadmin", relocatable: false },
        ...database.extensions.map(({ name, schema }) => ({ name, schema, owner: admin, relocatable: true })),
      ],
      objects: database.schemas.flatMap(({ name, objectOwner, objects }): LiveObjects[] => {
        const common = { schema: name, relation: null, partOf: null, owner: objectOwner };
        return [
          { ...common, kind: "table", grants: live(objects.table), names: ["invoice", "item"] },
          { ...common, kind: "sequence", grants: live(objects.sequence), names: ["number"] },
          { ...common, kind: "routine", grants: live(objects.function), names: ["total(integer)"] },
        ];
      }),
      defaultPrivileges: database.defaultPrivileges.map(({ creator, schema, objectType, grants }) => ({
        creator,
        schema,
        objectType,
        grants: live(grants),
      })),
      protectedTables: [],
      dropOwnedGuarded: false,
    })),
  };
}

/** A role that somebody made; a group unless said otherwise. */
export function role(name: string, different: Partial<LiveRole> = {}): LiveRole {
  return {
    name,
    system: false,
    attributes: ["INHERIT"],
    connectionLimit: -1,
    settings: [],
    hasPassword: false,
    ...different,
  };
}

/** What `GRANT role TO member` makes. */
export function membership(role: string, member: string, grantor = "postgres") {
  return { role, member, grantor, admin: false, inherit: true, set: true };
}

/** What `GRANT privilege ON … TO grantee` makes. */
export function grant(grantee: string, privilege: string, grantable = false): LiveGrant {
  return { grantee, privilege, grantable };
}

function live(grants: readonly ExpectedGrant[]): LiveGrant[] {
  return grants.flatMap((each) => each.privileges.map((privilege) => grant(each.role, privilege)));
}
