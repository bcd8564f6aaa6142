import { quote, suggestion } from "../../../lib/nearest";
import { PUBLIC_SCHEMA, reservedSchemaName, schemaTarget } from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredSchemas } from "./declared-databases";
import { declaredIdentities } from "./identities";
import { USER_SCHEMA } from "./limits";

/**
 * Whoever creates in a schema of a search_path decides what names, functions and operators mean to the sessions that have
 * it. So it holds schemas that the identity may use anyway, whose owners' code its sessions run (docs/access-model.md), and
 * those in which nobody but the admin creates: `public`, and `$user`, since no schema may be called like a role.
 */
export function searchPathProblems({ access }: EnvironmentFile): Problem[] {
  const declared = [...new Set(declaredSchemas(access).map(({ name }) => name))];
  return [
    ...pathProblems(
      ["access", "defaults"],
      access.defaults.searchPath,
      declared,
      (schema) => `${quote(schema)} is not declared under access.databases.${suggestion(schema, declared)}`,
    ),
    ...declaredIdentities(access).flatMap(({ path, searchPath, kind, grants }) => {
      const schemas = [...new Set(Object.keys(grants).map((target) => schemaTarget(target).schema))];
      return pathProblems(
        path,
        searchPath,
        schemas,
        (schema) =>
          `the ${kind} has no grant in a schema ${quote(schema)}, and PostgreSQL would look nothing up there.${suggestion(schema, schemas)}`,
      );
    }),
  ];
}

function pathProblems(
  path: readonly PropertyKey[],
  searchPath: readonly string[] = [],
  schemas: readonly string[],
  message: (schema: string) => string,
): Problem[] {
  return searchPath.flatMap((schema, index): Problem[] => {
    if ([USER_SCHEMA, PUBLIC_SCHEMA, ...schemas].includes(schema)) return [];
    const at = { path: [...path, "searchPath", index] };
    // Named, it would come after what others create; not named, it comes first.
    if (schema === "pg_catalog" || schema === "pg_temp") {
      const advice = "PostgreSQL looks names up in it first as long as no path names it; leave it out";
      return [{ ...at, message: `${quote(schema)} may not be in a path: ${advice}` }];
    }
    const reserved = reservedSchemaName(schema);
    if (reserved !== undefined)
      return [{ ...at, message: `the schema ${quote(schema)} ${reserved}; leave it out` }];
    return [{ ...at, message: message(schema) }];
  });
}
