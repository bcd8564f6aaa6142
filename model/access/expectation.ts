import { SCHEMA_OBJECTS, type SchemaObject } from "../postgresql/levels";
import { ADMIN_USER, IAM_LOGIN_ROLE, PUBLIC_SCHEMA } from "../postgresql/names";
import { quoteIdentifier } from "../postgresql/quoting";
import type { GrantPlan, ObjectType } from "./grants";
import { databaseUsers, type IdentityPlan, loginsOf } from "./identity";
import { loginSettings, SEARCH_PATH } from "./limits";
import { type AccessPlan, type DatabasePlan, type ExtensionPlan, groupRoles, type SchemaPlan } from "./plan";

/** Privileges of one role. */
export interface ExpectedGrant {
  readonly role: string;
  readonly privileges: readonly string[];
}

/** A role that must be there. */
export interface ExpectedRole {
  readonly name: string;
  /** An identity's login, or what holds its privileges. Neither has a password. */
  readonly kind: "database user" | "group role";
  /** Of the database user of one member of a group of people: whose it is, `anna@acme.com of on-call`. */
  readonly whose?: string;
  /** What it is, as CREATE ROLE spells it; nothing beyond these. */
  readonly attributes: readonly string[];
  /** Connections that it may have at once; -1 is any number, of a group that nobody logs in as. */
  readonly connectionLimit: number;
  /** Its settings, `name=value`, each name of a search_path in quotes; nothing beyond these. */
  readonly settings: readonly string[];
}

/** A role's member; it inherits and may SET ROLE, but not grant the role on. */
export interface ExpectedMembership {
  readonly role: string;
  readonly member: string;
}

/** A schema: who has privileges on it and on what is in it. Nobody else has any, PUBLIC included. */
export interface ExpectedSchema {
  readonly name: string;
  /** Its owner; left out for `public`, which belongs to PostgreSQL. */
  readonly owner?: string;
  readonly grants: readonly ExpectedGrant[];
  /** Role that tables, views, sequences, routines and types belong to. */
  readonly objectOwner: string;
  /** On every object of a kind. */
  readonly objects: Readonly<Record<SchemaObject, readonly ExpectedGrant[]>>;
  /**
   * Groups to whom EXECUTE may be granted by hand on routines that run with their caller's rights: nobody gains anything by
   * those, and views and policies need them.
   */
  readonly callers: readonly string[];
}

/** What objects that a role creates in a schema are granted, and nobody else is: in every schema, that includes PUBLIC. */
export interface ExpectedDefaultPrivileges {
  readonly creator: string;
  /** Null for every schema. */
  readonly schema: string | null;
  /** As ALTER DEFAULT PRIVILEGES names it, such as TABLES. */
  readonly objectType: string;
  readonly grants: readonly ExpectedGrant[];
}

/** A database. PUBLIC has nothing on it, nor on any schema of it, in the plan or not. */
export interface ExpectedDatabase {
  readonly name: string;
  readonly grants: readonly ExpectedGrant[];
  readonly schemas: readonly ExpectedSchema[];
  /** Beside PostgreSQL's own, plpgsql. */
  readonly extensions: readonly ExtensionPlan[];
  /** Who may use `public` for the sake of extensions in it, where it is none of the schemas. */
  readonly usersOfPublic: readonly ExpectedGrant[];
  readonly defaultPrivileges: readonly ExpectedDefaultPrivileges[];
}

/** What a live database must look like, as data: the access plan, seen from PostgreSQL's catalogs. */
export interface Expectation {
  readonly version: 1;
  readonly environment: string;
  /** The environment file. */
  readonly file: string;
  /** Role that creates all of it and owns the databases. */
  readonly admin: string;
  /** Role whose members log in with an IAM token. */
  readonly iamLoginRole: string;
  readonly roles: readonly ExpectedRole[];
  readonly memberships: readonly ExpectedMembership[];
  readonly databases: readonly ExpectedDatabase[];
}

/** What a live database must look like to be as planned. */
export function expectation(plan: AccessPlan): Expectation {
  const admin = plan.adminUser ?? ADMIN_USER;
  return {
    version: 1,
    environment: plan.environment,
    file: plan.file,
    admin,
    iamLoginRole: IAM_LOGIN_ROLE,
    roles: [
      ...groupRoles(plan).map(
        (name): ExpectedRole => ({
          name,
          kind: "group role",
          attributes: ["INHERIT"],
          connectionLimit: -1,
          settings: [],
        }),
      ),
      ...plan.identities.flatMap((identity) =>
        loginsOf(identity).map(
          ({ databaseUser, member }): ExpectedRole => ({
            name: databaseUser,
            kind: "database user",
            ...(member !== undefined && { whose: `${member} of ${identity.key}` }),
            attributes: ["INHERIT", "LOGIN"],
            connectionLimit: identity.connectionLimit,
            settings: expectedSettings(identity),
          }),
        ),
      ),
    ],
    memberships: [
      ...plan.databases.flatMap(({ schemas }) =>
        schemas.flatMap(({ owner, ownerReads = [] }) => ownerReads.map((role) => ({ role, member: owner }))),
      ),
      ...plan.identities.flatMap((identity) =>
        databaseUsers(identity).flatMap((member) => identity.memberOf.map((role) => ({ role, member }))),
      ),
    ],
    databases: plan.databases.map(expectedDatabase),
  };
}

function expectedSettings(identity: IdentityPlan): string[] {
  const { sessionRole } = identity;
  return [
    ...(sessionRole === undefined ? [] : [`role=${sessionRole}`]),
    ...loginSettings(identity)
      .filter(({ values }) => values.length > 0)
      .map(
        ({ name, values }) =>
          `${name}=${(name === SEARCH_PATH ? values.map(quoteIdentifier) : values).join(", ")}`,
      ),
  ];
}

function expectedDatabase({ name, schemas, extensions = [], grants }: DatabasePlan): ExpectedDatabase {
  const existing = grants.filter(({ createdBy }) => createdBy === undefined);
  const toCome = (creator: string, objectType: SchemaObject, schema?: string): ExpectedDefaultPrivileges => ({
    creator,
    schema: schema ?? null,
    objectType: `${objectType.toUpperCase()}S`,
    grants: granted(
      grants.filter(({ createdBy }) => createdBy === creator),
      objectType,
      schema,
    ),
  });
  return {
    name,
    grants: granted(existing, "database"),
    schemas: schemas.map((schema) => expectedSchema(schema, existing)),
    extensions,
    usersOfPublic: granted(existing, "schema", PUBLIC_SCHEMA),
    defaultPrivileges: [
      ...grants.flatMap(({ createdBy, schema }) =>
        createdBy !== undefined && schema === undefined ? [toCome(createdBy, "function")] : [],
      ),
      ...schemas.flatMap(({ name, owner }) =>
        SCHEMA_OBJECTS.map((objectType) => toCome(owner, objectType, name)),
      ),
    ],
  };
}

function expectedSchema(
  { name, managed, owner, groups }: SchemaPlan,
  grants: readonly GrantPlan[],
): ExpectedSchema {
  return {
    name,
    ...(managed && { owner }),
    grants: granted(grants, "schema", name),
    objectOwner: owner,
    objects: {
      table: granted(grants, "table", name),
      sequence: granted(grants, "sequence", name),
      function: granted(grants, "function", name),
    },
    callers: groups.map(({ role }) => role).filter((role) => role !== owner),
  };
}

/** Grants on objects of one type; a plan that revokes everything from a role expects nothing of it. */
function granted(grants: readonly GrantPlan[], objectType: ObjectType, schema?: string): ExpectedGrant[] {
  return grants
    .filter(
      (grant) => grant.objectType === objectType && grant.schema === schema && grant.privileges.length > 0,
    )
    .map(({ role, privileges }) => ({ role, privileges }));
}
