import { iamRoleName } from "../aws/names";
import type { AccessConfig, Environment } from "../config/environment";
import { ADMIN_USER, databaseUser, groupRole, IAM_LOGIN_ROLE, type Privilege } from "../postgresql/names";

/** Kinds of objects a grant speaks of. */
export type ObjectType = "database" | "schema" | "table" | "sequence";

/**
 * What one role may do with objects of one type. With `createdBy` it is a default privilege, for objects that role
 * creates later; without, it is for what exists now. An empty list of privileges revokes.
 */
export interface GrantPlan {
  readonly role: string;
  readonly objectType: ObjectType;
  /** The schema, unless the object is the database itself. */
  readonly schema?: string;
  readonly privileges: readonly string[];
  readonly createdBy?: string;
}

/** A schema and its three group roles. */
export interface SchemaPlan {
  readonly name: string;
  /** False for `public`, which every database has: it is granted on, never created or dropped. */
  readonly managed: boolean;
  readonly groups: Readonly<Record<Privilege, string>>;
}

/** A database, its schemas, and every grant in it in the order they must be made. */
export interface DatabasePlan {
  readonly name: string;
  readonly schemas: readonly SchemaPlan[];
  readonly grants: readonly GrantPlan[];
}

/** One privilege of an identity, as the environment file says it. */
export interface IdentityGrant {
  readonly database: string;
  readonly schema: string;
  readonly privilege: Privilege;
}

/** Where a service runs in Kubernetes, and the database its ConfigMap names. */
export interface ServicePlan {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly configMap: string;
  readonly database: string;
}

/** A service or group of people: one IAM role that may log in as one database user. */
export interface IdentityPlan {
  readonly kind: "service" | "people";
  readonly key: string;
  readonly databaseUser: string;
  readonly grants: readonly IdentityGrant[];
  /** Roles the login is a member of: `rds_iam`, then its groups. */
  readonly memberOf: readonly string[];
  /** Group its sessions run as, so that what a migration creates belongs to the group. Owners only. */
  readonly sessionRole?: string;
  readonly iamRole: string;
  /** Services only. */
  readonly service?: ServicePlan;
  /** ARNs of the IAM roles and users that may assume the IAM role. People only. */
  readonly principals?: readonly string[];
}

/**
 * Everything about access in one environment, as data: computed once and rendered as Terraform, SQL, a report and
 * the expectation of a live database. Nothing derives a role name, a membership, a grant or an ARN anywhere else.
 */
export interface AccessPlan {
  /** Version of this shape; tools that read access-plan.json check it. */
  readonly version: 1;
  readonly environment: string;
  /** The environment file. */
  readonly file: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly permissionsBoundary?: string;
  /** Login that makes all of this. @default ADMIN_USER; an existing database may have another */
  readonly adminUser?: string;
  readonly databases: readonly DatabasePlan[];
  readonly identities: readonly IdentityPlan[];
}

/** Computes the plan of an environment; pure, and in sorted order whatever the order of the file. */
export function accessPlan(environment: Environment): AccessPlan {
  const { access } = environment;
  const adminUser = environment.database.existing?.adminUser ?? ADMIN_USER;
  const byKey = (left: IdentityPlan, right: IdentityPlan) => (left.key < right.key ? -1 : 1);
  return {
    version: 1,
    environment: environment.name,
    file: environment.file,
    partition: environment.partition,
    region: environment.region,
    account: environment.account,
    ...(access.permissionsBoundary && { permissionsBoundary: access.permissionsBoundary }),
    ...(adminUser !== ADMIN_USER && { adminUser }),
    databases: Object.keys(access.databases)
      .sort()
      .map((name) => databasePlan(name, access.databases[name] ?? [])),
    identities: [...services(environment.name, access), ...people(environment.name, access)].sort(byKey),
  };
}

/** Every group role of a plan, sorted by database, schema and privilege. */
export function groupRoles(plan: AccessPlan): string[] {
  return plan.databases.flatMap(databaseGroups);
}

/** The group roles of one database, sorted by schema and privilege. */
export function databaseGroups({ schemas }: DatabasePlan): string[] {
  return schemas.flatMap(({ groups }) => Object.values(groups));
}

/** Every namespace with a service in it, sorted. */
export function namespaceNames(plan: AccessPlan): string[] {
  return [...new Set(plan.identities.flatMap(({ service }) => (service ? [service.namespace] : [])))].sort();
}

function databasePlan(name: string, schemaNames: readonly string[]): DatabasePlan {
  const schemas = [...schemaNames].sort().map((schema) => schemaPlan(name, schema));
  return {
    name,
    schemas,
    grants: [
      // PUBLIC may connect to any new database and use its schema public unless that is taken away.
      { role: "public", objectType: "database", privileges: [] },
      { role: "public", objectType: "schema", schema: "public", privileges: [] },
      ...schemas.flatMap(schemaGrants),
    ],
  };
}

function schemaPlan(database: string, name: string): SchemaPlan {
  const group = (privilege: Privilege) => groupRole(database, name, privilege);
  return {
    name,
    managed: name !== "public",
    groups: { owner: group("owner"), "read-write": group("read-write"), "read-only": group("read-only") },
  };
}

/** Privileges on tables (views and materialised views are tables to GRANT) and sequences. */
const OBJECT_PRIVILEGES = {
  "read-write": { table: ["DELETE", "INSERT", "SELECT", "UPDATE"], sequence: ["SELECT", "USAGE"] },
  "read-only": { table: ["SELECT"], sequence: ["SELECT"] },
} as const;

function schemaGrants({ name, managed, groups }: SchemaPlan): GrantPlan[] {
  const connect = Object.values(groups).map(
    (role): GrantPlan => ({ role, objectType: "database", privileges: ["CONNECT"] }),
  );
  // The owner of a schema needs no grant on it, and one would show as drift for ever.
  const create: GrantPlan[] = managed
    ? []
    : [{ role: groups.owner, objectType: "schema", schema: name, privileges: ["CREATE", "USAGE"] }];
  const use = (["read-write", "read-only"] as const).flatMap((privilege): GrantPlan[] => {
    const role = groups[privilege];
    const onObjects = (["table", "sequence"] as const).flatMap((objectType): GrantPlan[] => {
      const privileges = OBJECT_PRIVILEGES[privilege][objectType];
      const grant = { role, objectType, schema: name, privileges };
      return [grant, { ...grant, createdBy: groups.owner }];
    });
    return [{ role, objectType: "schema", schema: name, privileges: ["USAGE"] }, ...onObjects];
  });
  return [...connect, ...create, ...use];
}

function services(environment: string, access: AccessConfig): IdentityPlan[] {
  return Object.entries(access.services).map(([key, service]) => {
    const grants = identityGrants(service.grants);
    return {
      kind: "service",
      ...identity(environment, key, grants),
      service: {
        namespace: service.namespace,
        serviceAccount: service.serviceAccount ?? key,
        configMap: `${key}-database`,
        database: service.database ?? grants[0]?.database ?? "",
      },
    };
  });
}

function people(environment: string, access: AccessConfig): IdentityPlan[] {
  return Object.entries(access.people).map(([key, person]) => ({
    kind: "people",
    ...identity(environment, key, identityGrants(person.grants)),
    principals: [...person.principals].sort(),
  }));
}

function identityGrants(grants: Readonly<Record<string, Privilege>>): IdentityGrant[] {
  return Object.keys(grants)
    .sort()
    .map((target) => {
      const [database = "", schema = ""] = target.split(".");
      return { database, schema, privilege: grants[target] ?? "read-only" };
    });
}

function identity(environment: string, key: string, grants: readonly IdentityGrant[]) {
  const owned = grants.find((grant) => grant.privilege === "owner");
  return {
    key,
    databaseUser: databaseUser(key),
    grants,
    memberOf: [
      IAM_LOGIN_ROLE,
      ...grants.map(({ database, schema, privilege }) => groupRole(database, schema, privilege)),
    ],
    ...(owned && { sessionRole: groupRole(owned.database, owned.schema, "owner") }),
    iamRole: iamRoleName(environment, key),
  };
}
