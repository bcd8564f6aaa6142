import { PUBLIC_SCHEMA } from "../postgresql/names";
import { quoteIdentifier } from "../postgresql/quoting";
import type { DatabasePlan, ExtensionPlan } from "./plan";

/** The statements that make the extensions of a database. They are the admin's, and none is dropped or moved. */
export function extensionSql({ extensions = [] }: DatabasePlan): string[] {
  if (extensions.length === 0) return [];
  return [
    "",
    "-- Extensions, each after those that it needs. One that is there already stays in its schema.",
    ...extensions.map(createExtension),
  ];
}

/** Makes an extension that is not there; one that has a schema of its own says itself where. */
export function createExtension({ name, schema }: ExtensionPlan): string {
  const where = schema === PUBLIC_SCHEMA ? ` SCHEMA ${PUBLIC_SCHEMA}` : "";
  return `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)}${where};`;
}
