import type { AccessPlan, DatabasePlan, SchemaPlan } from "../../../model/access/plan";

/** Something on both sides, on one side only, or on both under another name. */
export interface Pair<Part> {
  readonly before?: Part;
  readonly after?: Part;
  /** The file says that it was called otherwise, and it was. */
  readonly renamed?: boolean;
}

/** A schema and the database it is in. */
export interface PlacedSchema {
  readonly database: DatabasePlan;
  readonly schema: SchemaPlan;
}

/** The databases and schemas of two plans, each with what it was. */
export interface Places {
  readonly databases: readonly Pair<DatabasePlan>[];
  readonly schemas: readonly (Pair<PlacedSchema> & { readonly databaseStays: boolean })[];
  /** What a database or schema of the base is called now, as `<database>` or `<database>.<schema>`. */
  readonly nowCalled: (database: string, schema?: string) => string;
}

/** What a schema is called: `shop.orders`. */
export function placeOf({ database, schema }: PlacedSchema): string {
  return `${database.name}.${schema.name}`;
}

/** The database of a place. */
export function databaseOf(place: string): string {
  return place.split(".")[0] ?? place;
}

/** Whether a place is a schema; the others are databases. */
export function isSchema(place: string): boolean {
  return place.includes(".");
}

/** Finds what is the same database and schema on both sides. Nothing is taken for renamed that is still there. */
export function pairPlaces(before: AccessPlan, after: AccessPlan): Places {
  const databases = pairs(before.databases, after.databases, {
    name: ({ name }) => name,
    was: ({ renamedFrom }) => renamedFrom,
  });
  const schemas = databases.flatMap((pair) => {
    const databaseStays = pair.before !== undefined && pair.after !== undefined;
    const within = pairs(pair.before?.schemas ?? [], pair.after?.schemas ?? [], {
      name: ({ name }) => name,
      was: ({ renamedFrom }) =>
        renamedFrom?.database === pair.before?.name ? renamedFrom?.schema : undefined,
    });
    return within.map(({ before: old, after: now, renamed }) => ({
      ...(old && pair.before && { before: { database: pair.before, schema: old } }),
      ...(now && pair.after && { after: { database: pair.after, schema: now } }),
      ...((renamed || pair.renamed) && old && now && { renamed: true }),
      databaseStays,
    }));
  });
  const databaseNow = new Map(
    databases.flatMap(({ before: old, after: now }) => (old ? [[old.name, (now ?? old).name]] : [])),
  );
  const schemaNow = new Map(
    schemas.flatMap(({ before: old, after: now }) =>
      old && now ? [[placeOf(old), placeOf(now)] as const] : [],
    ),
  );
  return {
    databases,
    schemas,
    nowCalled: (database, schema) => {
      const now = databaseNow.get(database) ?? database;
      if (schema === undefined) return now;
      return schemaNow.get(`${database}.${schema}`) ?? `${now}.${schema}`;
    },
  };
}

interface Naming<Part> {
  readonly name: (part: Part) => string;
  readonly was: (part: Part) => string | undefined;
}

/** By name, else by what the later one says it was called. In the order of the later side, then what is gone. */
function pairs<Part>(
  before: readonly Part[],
  after: readonly Part[],
  { name, was }: Naming<Part>,
): Pair<Part>[] {
  const left = new Map(before.map((part) => [name(part), part]));
  const take = (called: string | undefined) => {
    const found = called === undefined ? undefined : left.get(called);
    if (called !== undefined) left.delete(called);
    return found;
  };
  const byName = after.map((part) => ({ after: part, before: take(name(part)) }));
  const found = byName.map((pair): Pair<Part> => {
    if (pair.before !== undefined) return pair;
    const old = take(was(pair.after));
    return old === undefined ? { after: pair.after } : { before: old, after: pair.after, renamed: true };
  });
  return [...found, ...[...left.values()].map((part) => ({ before: part }))];
}

/** Pairs by name alone. */
export function pairByName<Part>(
  before: readonly Part[],
  after: readonly Part[],
  name: (part: Part) => string,
): Pair<Part>[] {
  return pairs(before, after, { name, was: () => undefined });
}
