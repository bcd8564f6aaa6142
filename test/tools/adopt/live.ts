import type { AdoptedDatabase, AdoptedRole, LiveServer } from "../../../tools/adopt/live-server";
import type { LiveGrant, LiveObjects, LiveSchema } from "../../../tools/catalog/live-catalog";

/** What the environment file says besides: the least that it can. */
export const FACTS = { file: { name: "dev", account: "123456789012", region: "eu-west-1" } } as const;

/** A server of RDS with nothing in it but what is given. */
export function server(different: Partial<LiveServer> = {}): LiveServer {
  return {
    serverVersion: "17.5",
    version: 170005,
    user: "postgres",
    memberships: [],
    sessions: [],
    databases: [],
    ...different,
    roles: [
      role("rdsadmin", { system: true, attributes: ["INHERIT", "LOGIN", "SUPERUSER"] }),
      role("rds_superuser", { system: true, attributes: ["INHERIT"] }),
      role("rds_iam", { system: true, attributes: ["INHERIT"] }),
      role("postgres", { attributes: ["CREATEDB", "CREATEROLE", "INHERIT", "LOGIN"] }),
      ...(different.roles ?? []),
    ],
  };
}

/** A login of which nobody may know whether it has a password, as on RDS. */
export function role(name: string, different: Partial<AdoptedRole> = {}): AdoptedRole {
  return {
    name,
    system: false,
    attributes: ["INHERIT", "LOGIN"],
    connectionLimit: -1,
    settings: [],
    hasPassword: null,
    passwordUntil: null,
    ...different,
  };
}

/** A database as PostgreSQL makes one: everybody may connect, and nothing is in it. */
export function database(name: string, different: Partial<AdoptedDatabase> = {}): AdoptedDatabase {
  return {
    name,
    owner: "postgres",
    grants: [grant("public", "CONNECT")],
    settings: [],
    connectable: true,
    objects: [],
    others: [],
    defaultPrivileges: [],
    extensions: [],
    protectedTables: [],
    mentions: [],
    largeObjects: [],
    ...different,
    schemas: [
      schema("public", { owner: "pg_database_owner", open: true, grants: [grant("public", "USAGE")] }),
      ...(different.schemas ?? []),
    ],
  };
}

export function schema(name: string, different: Partial<LiveSchema> = {}): LiveSchema {
  return { name, owner: "postgres", open: false, grants: [], ...different };
}

/** Tables of one owner. */
export function tables(
  where: string,
  owner: string,
  names: readonly string[],
  grants: readonly LiveGrant[] = [],
  different: Partial<LiveObjects> = {},
): LiveObjects {
  return { schema: where, kind: "table", relation: null, partOf: null, owner, grants, names, ...different };
}

export function grant(grantee: string, privilege: string, grantable = false): LiveGrant {
  return { grantee, privilege, grantable };
}

/** What `GRANT role TO member` makes. */
export function membership(group: string, member: string, different: object = {}) {
  return { role: group, member, grantor: "postgres", admin: false, inherit: true, set: true, ...different };
}
