import { quote } from "../../../lib/nearest";
import {
  MAX_IDENTIFIER_BYTES,
  reservedDatabaseName,
  reservedSchemaName,
  schemaGroups,
} from "../../postgresql/names";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { declaredDatabases } from "./declared-databases";

/** Names of databases and schemas that PostgreSQL or RDS would refuse, or cut off in the names of group roles. */
export function databaseProblems({ access }: EnvironmentFile): Problem[] {
  return declaredDatabases(access).flatMap(({ name: database, path, schemas }) => {
    const reserved = reservedDatabaseName(database);
    const message = `the database name ${quote(database)} ${reserved}; choose another`;
    return [
      ...(reserved ? [{ path, onKey: true, message }] : []),
      ...schemas.flatMap((schema) => schemaProblems(schema.path, database, schema.name)),
    ];
  });
}

function schemaProblems(path: readonly PropertyKey[], database: string, schema: string): Problem[] {
  const problems: Problem[] = [];
  const reserved = reservedSchemaName(schema);
  if (reserved) {
    problems.push({ path, message: `the schema name ${quote(schema)} ${reserved}; choose another` });
  }
  const group = schemaGroups(database, schema)
    .map(({ role }) => role)
    .find((role) => Buffer.byteLength(role) > MAX_IDENTIFIER_BYTES);
  if (group !== undefined) {
    const message = `the group role ${quote(group)} would have ${Buffer.byteLength(group)} bytes, and PostgreSQL keeps ${MAX_IDENTIFIER_BYTES}; shorten the database's or the schema's name`;
    problems.push({ path, message });
  }
  return problems;
}
