import type { Table } from "../../lib/table";

/**
 * Kinds of objects in a schema that a level has privileges on. Tables are also views, materialised views and foreign
 * tables: GRANT makes no difference between them. Functions are also procedures, aggregates and window functions.
 */
export const SCHEMA_OBJECTS = ["table", "sequence", "function"] as const;

/** One of {@link SCHEMA_OBJECTS}. */
export type SchemaObject = (typeof SCHEMA_OBJECTS)[number];

/** What PostgreSQL 15 to 18 all know; MAINTAIN, which only newer ones do, would show as drift on the older. */
type PrivilegeOn = {
  readonly table: "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "TRUNCATE" | "REFERENCES" | "TRIGGER";
  readonly sequence: "SELECT" | "UPDATE" | "USAGE";
  readonly function: "EXECUTE";
};

/** What an access level means. Everything that is said or done about levels follows from {@link LEVELS}. */
export interface LevelDefinition {
  /** End of its group role's name, `<database>_<schema>_<suffix>`; once released it stays, or roles are made anew. */
  readonly suffix: string;
  /** Its group owns the schema and what is created there. Beside such a grant an identity has only ones that read. */
  readonly ownsSchema: boolean;
  /** On objects that exist and on those to come. None where the group owns them: a grant to an owner is drift for ever. */
  readonly privileges: { readonly [Kind in SchemaObject]: readonly PrivilegeOn[Kind][] };
  /** What it lets an identity do, in words, as editors, reports and docs show it. */
  readonly description: string;
}

/**
 * What an identity may do in a schema, from little to much. To add a level, add it here and say what it means in the
 * two places that disagree with this table when it is wrong: tools/laptop/proof/attempts.ts and test/postgres/attempts.ts.
 */
export const LEVELS = {
  "read-only": {
    suffix: "ro",
    ownsSchema: false,
    // No function: one that is SECURITY DEFINER may write, and a grant cannot leave it out. Single ones the owner may grant.
    privileges: { table: ["SELECT"], sequence: ["SELECT"], function: [] },
    description: "SELECT on tables, views and sequences",
  },
  "read-write": {
    suffix: "rw",
    ownsSchema: false,
    privileges: {
      table: ["SELECT", "INSERT", "UPDATE", "DELETE"],
      sequence: ["SELECT", "USAGE"],
      function: ["EXECUTE"],
    },
    description:
      "SELECT, INSERT, UPDATE and DELETE on tables and views, SELECT and USAGE on sequences, EXECUTE on functions and procedures",
  },
  owner: {
    suffix: "owner",
    ownsSchema: true,
    privileges: { table: [], sequence: [], function: [] },
    description: "owns the schema and what is created in it, for migrations",
  },
} as const satisfies Readonly<Record<string, LevelDefinition>>;

/** An access level, as the environment file names it. */
export type Level = keyof typeof LEVELS;

/** Every level, from little to much. */
export const LEVEL_NAMES: readonly Level[] = Object.keys(LEVELS).filter(isLevel);

/** Whether a level lets its holder do nothing but read. */
export function onlyReads(level: Level): boolean {
  return meansOnlyReading(LEVELS[level]);
}

/**
 * Whether whoever has this does nothing but read: its group owns nothing, and no privilege of it could write. To execute functions
 * could, whatever else it has.
 */
export function meansOnlyReading({ ownsSchema, privileges }: LevelDefinition): boolean {
  return !ownsSchema && SCHEMA_OBJECTS.every((kind) => privileges[kind].every((each) => each === "SELECT"));
}

/** The one level that owns the schema. */
export const OWNER = "owner" satisfies Level;

function isLevel(name: string): name is Level {
  return Object.hasOwn(LEVELS, name);
}

/** The levels as a table for people: what each is called, its group role in the schema shop.orders, what it may do. */
export function levelTable(groupRole: (level: Level) => string): Table {
  return {
    header: ["level", "group role", "what it can do"],
    rows: LEVEL_NAMES.map((level) => [level, groupRole(level), LEVELS[level].description]),
  };
}
