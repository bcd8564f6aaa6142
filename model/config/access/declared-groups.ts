import { schemaGroups } from "../../postgresql/names";
import type { EnvironmentFile } from "../schema";
import { connectGroups } from "../verify/job-identity";
import { declaredDatabases } from "./declared-databases";

/** A group role that follows from a file. */
export interface DeclaredGroup {
  readonly role: string;
  /** What it is for: a schema as grants call it, or a database. */
  readonly of: string;
  /** Of that, from the top of the file. */
  readonly path: readonly PropertyKey[];
}

/** Every group role of a file: those of its schemas, in its order, and then those by which its job connects. */
export function declaredGroups(file: Pick<EnvironmentFile, "access" | "verify">): DeclaredGroup[] {
  const ofSchemas = declaredDatabases(file.access).flatMap(({ name: database, schemas }) =>
    schemas.flatMap(({ name, target, path }) =>
      schemaGroups(database, name).map(({ role }) => ({ role, of: target, path })),
    ),
  );
  return [
    ...ofSchemas,
    ...connectGroups(file).map(({ role, database, path }) => ({ role, of: database, path })),
  ];
}
