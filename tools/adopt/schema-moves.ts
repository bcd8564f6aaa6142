import { PUBLIC_SCHEMA } from "../../model/postgresql/names";
import type { AdoptedDatabase, LiveServer } from "./live-server";
import type { SchemaMove } from "./proposal";

/** A database as the environment file declares it. */
export interface DeclaredDatabase {
  readonly name: string;
  readonly schemas: readonly string[];
}

/**
 * Which schemas have to move for a server to become what a file declares. What an application has in `public` goes to the
 * one declared schema that is not there yet: `public` is the admin's in this model, so that no tables can be migrated
 * there. It stays where the file declares `public` itself, or where no schema or several are missing.
 */
export function schemaMoves(declared: readonly DeclaredDatabase[], live: LiveServer): SchemaMove[] {
  return declared.flatMap(({ name, schemas }) => {
    const database = live.databases.find((each) => each.name === name);
    const missing = schemas.filter((schema) => !database?.schemas.some((each) => each.name === schema));
    const [to, ...others] = missing;
    if (!database || to === undefined || others.length > 0 || schemas.includes(PUBLIC_SCHEMA)) return [];
    return holdsOwn(live, database, PUBLIC_SCHEMA) ? [{ database: name, from: PUBLIC_SCHEMA, to }] : [];
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
