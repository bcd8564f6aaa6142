import { z } from "zod";
// What it adds to the types of zod has to be there for compilers that read one file after the other (ts-node).
import "../key-text";

/** What the schema says of a path: its schema, still wrapped in `optional` and `default`; undefined when nothing. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((current, key) => current && child(unwrap(current), key), schema);
}

/** A schema without `optional` and `default` around it. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const wrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  const inner: unknown = wrapped ? schema.unwrap() : undefined;
  return inner instanceof z.ZodType ? unwrap(inner) : schema;
}

/** The alternatives of a union; a schema that is none is its own only one. */
export function options(schema: z.ZodType): z.ZodType[] {
  const plain = unwrap(schema);
  return plain instanceof z.ZodUnion
    ? plain.options.filter((option): option is z.ZodType => option instanceof z.ZodType)
    : [plain];
}

/** The keys a map may have by its schema, those of all alternatives together. */
export function knownKeys(schema: z.ZodType): string[] {
  return options(schema).flatMap((option) =>
    option instanceof z.ZodObject ? Object.keys(option.shape) : [],
  );
}

/** Whether a file may leave this out. */
export function mayBeOmitted(schema: z.ZodType): boolean {
  return schema.safeParse(undefined).success;
}

/** What the schema says in words of a place. */
export function about(schema: z.ZodType): z.core.GlobalMeta {
  return { ...unwrap(schema).meta(), ...schema.meta() };
}

/** The value at a path of a file's data; undefined when it is not there. */
export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined),
    data,
  );
}

/** Whether a value is a map or a list. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function child(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  const found = options(schema).map((option): unknown => {
    if (option instanceof z.ZodObject) return option.shape[String(key)];
    if (option instanceof z.ZodRecord) return option.valueType;
    return option instanceof z.ZodArray && typeof key === "number" ? option.element : undefined;
  });
  return found.find((schema) => schema instanceof z.ZodType);
}
