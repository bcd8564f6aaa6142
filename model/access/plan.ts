import {
  type DeclaredDatabase,
  type DeclaredExtension,
  declaredDatabases,
} from "../config/access/declared-databases";
import type { Environment } from "../config/environment";
import { extensionSchema, inOrderOfNeed } from "../postgresql/extensions";
import { LEVELS, type LevelDefinition, OWNER, SCHEMA_OBJECTS, type SchemaObject } from "../postgresql/levels";
import {
  ADMIN_USER,
  groupRole,
  IAM_LOGIN_ROLE,
  PUBLIC_SCHEMA,
  type SchemaGroup,
  schemaGroups,
  schemaTarget,
} from "../postgresql/names";
import { type IdentityPlan, identityPlans } from "./identity";
import { type NamespacePlan, namespacePlans } from "./namespace";

/** Kinds of objects a grant speaks of. */
export type ObjectType = "database" | "schema" | SchemaObject;

/**
 * What one role may do with objects of one type. With `createdBy` it is a default privilege, for objects that role
 * creates later; without, it is for what exists now. An empty list of privileges revokes.
 */
export interface GrantPlan {
  readonly role: string;
  readonly objectType: ObjectType;
  /** The schema; none for the database itself, nor for default privileges in every schema. */
  readonly schema?: string;
  /** Sorted. */
  readonly privileges: readonly string[];
  readonly createdBy?: string;
}

/** A schema and its group roles. */
export interface SchemaPlan {
  readonly name: string;
  /** Where it was when it was last deployed, if its name or its database's is another since. */
  readonly renamedFrom?: { readonly database: string; readonly schema: string };
  /** False for `public`, which every database has: it is granted on, never created or dropped. */
  readonly managed: boolean;
  /** Who owns what is created in the schema, and the schema: its owner group. Of `public` it is the admin. */
  readonly owner: string;
  /** One for each level that can be had there, the owner's first. */
  readonly groups: readonly SchemaGroup[];
  /**
   * Groups of other schemas that the owner group is in, sorted: what else its identities may read, and so views of the schema
   * show. @default none
   */
  readonly ownerReads?: readonly string[];
}

/** How a database that was there comes to be as planned. */
export interface AdoptedPlan {
  /** Schema that what is in `public` moves to. @default it stays there */
  readonly publicTo?: string;
}

/** An extension of a database. */
export interface ExtensionPlan {
  readonly name: string;
  /** The schema it is in: `public`, unless it has one of its own. */
  readonly schema: string;
  /** What the file says it is needed for. */
  readonly reason?: string;
}

/** A database, its schemas, and every grant in it in the order they must be made. */
export interface DatabasePlan {
  readonly name: string;
  /** Its name when it was last deployed, if that was another. */
  readonly renamedFrom?: string;
  /** It was there already, and the SQL of adopting has made it as planned: Terraform takes it over. @default false */
  readonly adopted?: AdoptedPlan;
  readonly schemas: readonly SchemaPlan[];
  /** In the order in which they are made: each after those that it needs. @default none */
  readonly extensions?: readonly ExtensionPlan[];
  readonly grants: readonly GrantPlan[];
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
  /** Role that makes all of this. @default ADMIN_USER; an existing database may have another */
  readonly adminUser?: string;
  readonly databases: readonly DatabasePlan[];
  readonly identities: readonly IdentityPlan[];
  /** Kubernetes namespaces, sorted by name. */
  readonly namespaces: readonly NamespacePlan[];
}

/** Computes the plan of an environment; pure, and in sorted order whatever the order of the file. */
export function accessPlan(environment: Environment): AccessPlan {
  const { access } = environment;
  const adminUser = environment.database.existing?.adminUser ?? ADMIN_USER;
  const identities = identityPlans(environment.name, access);
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
    databases: declaredDatabases(access)
      .sort((left, right) => (left.name < right.name ? -1 : 1))
      .map((database) => ({
        ...databasePlan(database, adminUser, access.renamed, ownersReading(identities)),
        ...adoptedPlan(access.adopted[database.name]),
      })),
    identities: identities.sort(byKey),
    namespaces: namespacePlans(access),
  };
}

function adoptedPlan(adopted: { readonly public?: string } | undefined): Pick<DatabasePlan, "adopted"> {
  return adopted === undefined ? {} : { adopted: { ...(adopted.public && { publicTo: adopted.public }) } };
}

/** Every group role of a plan, sorted by database, schema and level. */
export function groupRoles(plan: AccessPlan): string[] {
  return plan.databases.flatMap(databaseGroups);
}

/** The group roles of one database, sorted by schema and level. */
export function databaseGroups({ schemas }: DatabasePlan): string[] {
  return schemas.flatMap(({ groups }) => groups.map(({ role }) => role));
}

/** The groups that owner groups are in, since their sessions have what they have and nothing else. */
function ownersReading(identities: readonly IdentityPlan[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    identities.flatMap(({ sessionRole, memberOf }) => {
      const groups = memberOf.filter((role) => role !== IAM_LOGIN_ROLE && role !== sessionRole);
      return sessionRole === undefined || groups.length === 0 ? [] : [[sessionRole, groups.sort()]];
    }),
  );
}

function databasePlan(
  { name, schemas: declared, extensions: wanted }: DeclaredDatabase,
  admin: string,
  renamed: Readonly<Record<string, string>>,
  reading: ReadonlyMap<string, readonly string[]>,
): DatabasePlan {
  const oldName = (now: string) => Object.entries(renamed).find(([, to]) => to === now)?.[0];
  const renamedFrom = oldName(name);
  const names = declared.map((schema) => schema.name).sort();
  const schemas = names.map((schema): SchemaPlan => {
    const old = oldName(`${name}.${schema}`);
    const made = schemaPlan(name, schema, admin);
    const ownerReads = reading.get(made.owner);
    return {
      ...made,
      ...(ownerReads && { ownerReads }),
      ...(old !== undefined && { renamedFrom: schemaTarget(old) }),
      ...(renamedFrom !== undefined && { renamedFrom: { database: renamedFrom, schema } }),
    };
  });
  const extensions = extensionPlans(wanted);
  return {
    name,
    ...(renamedFrom !== undefined && { renamedFrom }),
    schemas,
    ...(extensions.length > 0 && { extensions }),
    grants: [
      // PUBLIC may connect to any new database and use its schema public unless that is taken away.
      { role: "public", objectType: "database", privileges: [] },
      { role: "public", objectType: "schema", schema: PUBLIC_SCHEMA, privileges: [] },
      notForPublic(admin),
      ...schemas.flatMap(schemaGrants),
      ...extensionGrants(extensions, schemas),
    ],
  };
}

function extensionPlans(declared: readonly DeclaredExtension[]): ExtensionPlan[] {
  return inOrderOfNeed(declared.map(({ name }) => name)).map((name) => {
    const reason = declared.find((each) => each.name === name)?.reason;
    return { name, schema: extensionSchema(name), ...(reason !== undefined && { reason }) };
  });
}

/**
 * Whoever has access to the database can use what extensions put into `public`: a function or an operator is found there by
 * its name alone, and nobody but the admin creates there. The groups of `public` itself can already.
 */
function extensionGrants(extensions: readonly ExtensionPlan[], schemas: readonly SchemaPlan[]): GrantPlan[] {
  if (!extensions.some(({ schema }) => schema === PUBLIC_SCHEMA)) return [];
  return schemas
    .filter(({ managed }) => managed)
    .flatMap(({ groups }) =>
      groups.map(({ role }) => ({
        role,
        objectType: "schema",
        schema: PUBLIC_SCHEMA,
        privileges: ["USAGE"],
      })),
    );
}

function schemaPlan(database: string, name: string, admin: string): SchemaPlan {
  const managed = name !== PUBLIC_SCHEMA;
  return {
    name,
    managed,
    owner: managed ? groupRole(database, name, OWNER) : admin,
    groups: schemaGroups(database, name),
  };
}

function schemaGrants(schema: SchemaPlan): GrantPlan[] {
  const connect = schema.groups.map(
    ({ role }): GrantPlan => ({ role, objectType: "database", privileges: ["CONNECT"] }),
  );
  return [
    ...connect,
    ...(schema.managed ? [notForPublic(schema.owner)] : []),
    { role: "public", objectType: "function", schema: schema.name, privileges: [] },
    ...schema.groups.flatMap((group) => groupGrants(schema, group)),
  ];
}

/**
 * PUBLIC may execute any new function, whatever schema it is in and with whose rights it runs. Only default privileges for
 * every schema take that away: those for one only add to them.
 */
function notForPublic(createdBy: string): GrantPlan {
  return { role: "public", objectType: "function", privileges: [], createdBy };
}

function groupGrants({ name, managed, owner }: SchemaPlan, { level, role }: SchemaGroup): GrantPlan[] {
  const { ownsSchema, privileges }: LevelDefinition = LEVELS[level];
  // The owner of a schema needs no grant on it, and one would show as drift for ever.
  const onSchema = ownsSchema ? [] : ["USAGE"];
  const grants: GrantPlan[] = [
    { role, objectType: "schema", schema: name, privileges: onSchema },
    // Functions in `public` are the admin's, and may run with its rights: those it grants by hand.
    ...SCHEMA_OBJECTS.filter((objectType) => managed || objectType !== "function").flatMap((objectType) => {
      const grant = { role, objectType, schema: name, privileges: [...privileges[objectType]].sort() };
      return [grant, { ...grant, createdBy: owner }];
    }),
  ];
  // An empty list would revoke.
  return grants.filter((grant) => grant.privileges.length > 0);
}
