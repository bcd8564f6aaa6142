import { connectGroup, groupRole } from "../postgresql/names";
import { quoteIdentifier, quoteLiteral } from "../postgresql/quoting";
import type { DatabasePlan, SchemaPlan } from "./plan";

/**
 * Blocks that give the schemas of a database, and their group roles, the names they have now, where they still have the old ones.
 * Privileges, memberships and default privileges hang on the object and not on its name: nobody loses one.
 */
export function renameSchemas(database: DatabasePlan): string[] {
  const { renamedFrom, connectGroup: to } = database;
  return [
    ...database.schemas.flatMap((schema) =>
      schema.renamedFrom === undefined ? [] : [renameSchema(schema, schema.renamedFrom)],
    ),
    ...(renamedFrom === undefined || to === undefined
      ? []
      : [["BEGIN", ...renameRole(connectGroup(renamedFrom), to), "END;"].join("\n")]),
  ];
}

/** How a database gets the name it has now, outside of any transaction. Nobody may be connected to it. */
export interface DatabaseRename {
  readonly from: string;
  /** SQL that is true where it still has the old name. */
  readonly isDue: string;
  readonly statement: string;
}

/** How a database gets its name; undefined when it has had no other. */
export function renameDatabase({ name, renamedFrom }: DatabasePlan): DatabaseRename | undefined {
  if (renamedFrom === undefined) return undefined;
  return {
    from: renamedFrom,
    isDue: onlyOld("pg_catalog.pg_database", "datname", renamedFrom, name),
    statement: `ALTER DATABASE ${quoteIdentifier(renamedFrom)} RENAME TO ${quoteIdentifier(name)};`,
  };
}

function renameSchema(
  { name, groups, owner }: SchemaPlan,
  old: NonNullable<SchemaPlan["renamedFrom"]>,
): string {
  return [
    "BEGIN",
    ...groups.flatMap(({ level, role }) => renameRole(groupRole(old.database, old.schema, level), role)),
    ...(old.schema === name
      ? []
      : [
          `  IF ${onlyOld("pg_namespace", "nspname", old.schema, name)} THEN`,
          `    GRANT ${quoteIdentifier(owner)} TO CURRENT_USER;`,
          `    ALTER SCHEMA ${quoteIdentifier(old.schema)} RENAME TO ${quoteIdentifier(name)};`,
          `    REVOKE ${quoteIdentifier(owner)} FROM CURRENT_USER;`,
          "  END IF;",
        ]),
    "END;",
  ].join("\n");
}

function renameRole(from: string, to: string): string[] {
  return [
    `  IF ${onlyOld("pg_roles", "rolname", from, to)} THEN`,
    `    ALTER ROLE ${quoteIdentifier(from)} RENAME TO ${quoteIdentifier(to)};`,
    "  END IF;",
  ];
}

/** True where something has its old name, and nothing the new one. */
function onlyOld(catalog: string, column: string, from: string, to: string): string {
  const there = (name: string) => `EXISTS (SELECT FROM ${catalog} WHERE ${column} = ${quoteLiteral(name)})`;
  return `${there(from)} AND NOT ${there(to)}`;
}
