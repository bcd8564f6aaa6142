import { groupBy } from "../../lib/group-by";
import {
  MAX_IDENTIFIER_BYTES,
  PUBLIC_SCHEMA,
  reservedSchemaName,
  schemaGroups,
} from "../../model/postgresql/names";
import type { LiveObjects } from "../catalog/live-catalog";
import type { AdoptedDatabase, LiveServer } from "./live-server";
import { systemRoles } from "./words";

/** A schema that holds something, and what the file is to call it. */
export interface Target {
  readonly database: AdoptedDatabase;
  /** Its name today. */
  readonly schema: string;
  /** Its name in the file; another one only where what is in `public` moves. */
  readonly to: string;
  /** What grants call it. */
  readonly target: string;
  /** What is in it, without what extensions have put there. */
  readonly objects: readonly LiveObjects[];
  /** Roles that own or have been granted something there, be it the database. */
  readonly roles: ReadonlySet<string>;
}

/**
 * The schemas of a database that hold anything but what extensions, PostgreSQL and RDS have put there.
 * @param admin who Terraform works as; no schema may be called like it
 */
export function targetsOf(live: LiveServer, database: AdoptedDatabase, admin: string): Target[] {
  const objects = groupBy(
    database.objects.filter(({ partOf }) => partOf !== "extension"),
    ({ schema }) => schema,
  );
  return database.schemas
    .filter(({ name }) => holdsOwn(live, database, name))
    .map(({ name: schema, owner, grants }) => {
      const own = objects.get(schema) ?? [];
      const named = [{ owner, grants }, { owner: database.owner, grants: [] }, ...own];
      const to = schema === PUBLIC_SCHEMA ? homeOf(database, admin) : schema;
      return {
        database,
        schema,
        to,
        target: `${database.name}.${to}`,
        objects: own,
        roles: new Set(named.flatMap((each) => [each.owner, ...each.grants.map(({ grantee }) => grantee)])),
      };
    });
}

/** Whether a schema holds anything but what extensions, PostgreSQL and RDS have put there. */
export function holdsOwn(live: LiveServer, { objects, others }: AdoptedDatabase, schema: string): boolean {
  const system = systemRoles(live);
  const own = (each: { readonly schema: string | null; readonly owner: string }) =>
    each.schema === schema && !system.has(each.owner);
  return (
    objects.some((each) => each.partOf !== "extension" && own(each)) ||
    others.some((each) => !each.extension && own(each))
  );
}

/**
 * The schema that what is in `public` moves to: called like the database where that is free. `public` itself would be worse:
 * it stays the admin's in this model, so nobody could migrate what is in it, and everybody's names are looked up there.
 */
function homeOf({ name, schemas }: AdoptedDatabase, admin: string): string {
  const taken = new Set([admin, ...schemas.map((each) => each.name)].map((each) => each.toLowerCase()));
  const free = (candidate: string) =>
    !taken.has(candidate) &&
    reservedSchemaName(candidate) === undefined &&
    schemaGroups(name, candidate).every(({ role }) => Buffer.byteLength(role) <= MAX_IDENTIFIER_BYTES);
  // However long the database's name is: whether the model takes the last resort is for the model to say.
  const numbered = [...taken].map((_, index) => `app${index + 1}`);
  const candidates = [plainName(name), "app", ...numbered];
  return candidates.find(free) ?? "app0";
}

/** A name of lower-case letters, digits and `_` that is as much like another one as can be. */
function plainName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^[a-z]/.test(plain) ? plain : `db_${plain}`.replace(/_+$/, "");
}
