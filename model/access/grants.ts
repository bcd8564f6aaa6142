import { LEVELS, type LevelDefinition, SCHEMA_OBJECTS, type SchemaObject } from "../postgresql/levels";
import { PUBLIC_SCHEMA, type SchemaGroup } from "../postgresql/names";

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

/** As much of a schema as its grants follow from. */
export interface GrantedSchema {
  readonly name: string;
  /** False for `public`. */
  readonly managed: boolean;
  readonly owner: string;
  readonly groups: readonly SchemaGroup[];
}

/**
 * Every grant in a database, in the order they must be made.
 * @param admin role that makes all of this
 * @param extensions of the database, each with its schema
 * @param connectGroup role that may connect and nothing else. @default none
 */
export function databaseGrants(
  admin: string,
  schemas: readonly GrantedSchema[],
  extensions: readonly { readonly schema?: string }[],
  connectGroup?: string,
): GrantPlan[] {
  return [
    // PUBLIC may connect to any new database and use its schema public unless that is taken away.
    { role: "public", objectType: "database", privileges: [] },
    { role: "public", objectType: "schema", schema: PUBLIC_SCHEMA, privileges: [] },
    notForPublic(admin),
    ...(connectGroup === undefined ? [] : [mayConnect(connectGroup)]),
    ...schemas.flatMap(schemaGrants),
    ...extensionGrants(extensions, schemas),
  ];
}

/**
 * Whoever has access to the database can use what extensions put into `public`: a function or an operator is found there by
 * its name alone, and nobody but the admin creates there. The groups of `public` itself can already.
 */
export function extensionGrants(
  extensions: readonly { readonly schema?: string }[],
  schemas: readonly GrantedSchema[],
): GrantPlan[] {
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

function mayConnect(role: string): GrantPlan {
  return { role, objectType: "database", privileges: ["CONNECT"] };
}

function schemaGrants(schema: GrantedSchema): GrantPlan[] {
  const connect = schema.groups.map(({ role }) => mayConnect(role));
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

function groupGrants({ name, managed, owner }: GrantedSchema, { level, role }: SchemaGroup): GrantPlan[] {
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
