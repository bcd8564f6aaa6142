import { LEVEL_NAMES } from "../../model/postgresql/levels";
import {
  groupRole,
  MAX_IDENTIFIER_BYTES,
  PUBLIC_SCHEMA,
  reservedSchemaName,
} from "../../model/postgresql/names";
import type { AdoptedDatabase, LiveServer } from "./live-server";

/** A schema that holds something, and what the file is to call it. */
export interface Target {
  readonly database: AdoptedDatabase;
  /** Its name today. */
  readonly schema: string;
  /** Its name in the file; another one only where what is in `public` moves. */
  readonly to: string;
  /** What grants call it. */
  readonly target: string;
}

/** The schemas of a database that hold anything but what extensions, PostgreSQL and RDS have put there. */
export function targetsOf(live: LiveServer, database: AdoptedDatabase): Target[] {
  return database.schemas
    .filter(({ name }) => holdsOwn(live, database, name))
    .map(({ name: schema }) => {
      const to = schema === PUBLIC_SCHEMA ? homeOf(database) : schema;
      return { database, schema, to, target: `${database.name}.${to}` };
    });
}

/** Whether a schema holds anything but what extensions, PostgreSQL and RDS have put there. */
export function holdsOwn(live: LiveServer, database: AdoptedDatabase, schema: string): boolean {
  const system = new Set(live.roles.filter((role) => role.system).map(({ name }) => name));
  return (
    database.objects.some(
      (each) => each.schema === schema && each.partOf !== "extension" && !system.has(each.owner),
    ) || database.others.some((each) => each.schema === schema && !each.extension && !system.has(each.owner))
  );
}

/**
 * The schema that what is in `public` moves to: called like the database where that is free. `public` itself would be worse:
 * it stays the admin's in this model, so nobody could migrate what is in it, and everybody's names are looked up there.
 */
function homeOf({ name, schemas }: AdoptedDatabase): string {
  const free = (candidate: string) =>
    !schemas.some((each) => each.name.toLowerCase() === candidate.toLowerCase()) &&
    reservedSchemaName(candidate) === undefined &&
    LEVEL_NAMES.every(
      (level) => Buffer.byteLength(groupRole(name, candidate, level)) <= MAX_IDENTIFIER_BYTES,
    );
  const short = plainName(name).slice(0, 20);
  const candidates = [plainName(name), `${short}_app`, "app", "main"];
  for (let number = 2; ; number++) {
    const found = candidates.find(free);
    if (found !== undefined) return found;
    // However long the database's name is: whether the model takes the rest of it is for the model to say.
    candidates.splice(0, candidates.length, `app${number}`);
    if (number > schemas.length + 2) return `app${number}`;
  }
}

/** A name of lower-case letters, digits and `_` that is as much like another one as can be. */
export function plainName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^[a-z]/.test(plain) ? plain : `db_${plain}`.replace(/_+$/, "");
}
