import type { AccessConfig } from "../environment";

/** A database as the environment file declares it, in either form. */
export interface DeclaredDatabase {
  readonly name: string;
  /** Where, from the top of the file. */
  readonly path: readonly PropertyKey[];
  /** In the order of the file. */
  readonly schemas: readonly DeclaredSchema[];
  /** In the order of the file; none in the short form. */
  readonly extensions: readonly DeclaredExtension[];
}

/** A schema as the environment file declares it. */
export interface DeclaredSchema {
  readonly name: string;
  /** What grants call it: `<database>.<schema>`. */
  readonly target: string;
  readonly path: readonly PropertyKey[];
}

/** An extension as the environment file declares it. */
export interface DeclaredExtension {
  readonly name: string;
  /** What it is needed for, where the file says so. */
  readonly reason?: string;
  readonly path: readonly PropertyKey[];
}

/** Every database of a file, in its order. Whoever asks does not have to know in which form it is written. */
export function declaredDatabases({ databases }: Pick<AccessConfig, "databases">): DeclaredDatabase[] {
  return Object.entries(databases).map(([name, declared]) => {
    const path = ["access", "databases", name];
    const short = Array.isArray(declared);
    const schemas = short ? declared : declared.schemas;
    const extensions = short ? [] : (declared.extensions ?? []);
    return {
      name,
      path,
      schemas: schemas.map((schema, index) => ({
        name: schema,
        target: `${name}.${schema}`,
        path: [...path, ...(short ? [] : ["schemas"]), index],
      })),
      extensions: extensions.map((extension, index) => ({
        ...(typeof extension === "string" ? { name: extension } : extension),
        path: [...path, "extensions", index],
      })),
    };
  });
}

/** Every schema of a file, in its order. */
export function declaredSchemas(access: Pick<AccessConfig, "databases">): DeclaredSchema[] {
  return declaredDatabases(access).flatMap(({ schemas }) => schemas);
}

/** Names of the extensions of a file, in whichever of its databases; sorted. */
export function declaredExtensions(access: Pick<AccessConfig, "databases">): string[] {
  const all = declaredDatabases(access).flatMap(({ extensions }) => extensions.map(({ name }) => name));
  return [...new Set(all)].sort();
}
