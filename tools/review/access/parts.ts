import type { AccessChange } from "./access-changes";
import { type Draft, draft } from "./draft";
import { rightsAt } from "./effective";
import { databaseOf, isSchema, type PlacedSchema, type Places } from "./places";
import type { AccessSide, NowCalled } from "./rights";
import { leftOut, listed, named, rightsInWords } from "./words";

/** A database or schema that is new or gone. The schemas of such a database are no parts of their own. */
export interface Part {
  readonly place: string;
  readonly isNew: boolean;
  readonly schemas: readonly PlacedSchema[];
}

/** Every database and schema that is on one side only. */
export function oneSidedParts({ databases, schemas, nowCalled }: Places): Part[] {
  return [
    ...databases.flatMap(({ before, after }): Part[] => {
      const database = before && after ? undefined : (after ?? before);
      if (database === undefined) return [];
      const all = database.schemas.map((schema) => ({ database, schema }));
      return [{ place: database.name, isNew: after !== undefined, schemas: all }];
    }),
    ...schemas.flatMap(({ before, after, databaseStays }): Part[] => {
      const only = before && after ? undefined : (after ?? before);
      if (only === undefined || !databaseStays) return [];
      const place = nowCalled(only.database.name, only.schema.name);
      return [{ place, isNew: after !== undefined, schemas: [only] }];
    }),
  ];
}

/** Whether a place comes or goes with one of some parts. */
export function isWithin(parts: ReadonlySet<string>, place: string): boolean {
  return parts.has(place) || parts.has(databaseOf(place));
}

/** The lines about databases and schemas that are new or gone, by place. */
export function partLines(
  parts: readonly Part[],
  after: AccessSide,
  changes: readonly AccessChange[],
  nowCalled: NowCalled,
): Map<string, Draft> {
  const places = new Set(parts.map(({ place }) => place));
  const losers = new Map<string, Set<string>>();
  for (const { key, pair, place, lost } of changes) {
    if (lost.length === 0 || (pair.before && !pair.after)) continue;
    const part = places.has(place) ? place : databaseOf(place);
    losers.set(part, (losers.get(part) ?? new Set<string>()).add(key));
  }
  return new Map(
    parts.map((part) => [
      part.place,
      part.isNew ? newLine(part, after) : goneLine(part, [...(losers.get(part.place) ?? [])], nowCalled),
    ]),
  );
}

function newLine({ place, schemas }: Part, side: AccessSide): Draft {
  const names = schemas.map(({ database, schema }) => `${database.name}.${schema.name}`);
  const [only] = schemas;
  const old = only?.schema.renamedFrom ?? only?.database.renamedFrom;
  const what = isSchema(place) ? "a new schema" : `a new database, with ${listed(names) || "no schema"}`;
  const was =
    old === undefined
      ? ""
      : `; the file says that it was ${typeof old === "string" ? old : `${old.database}.${old.schema}`}, which was not there`;
  return draft({
    kind: "schema-added",
    subject: place,
    text: `${place}: ${what}${was}`,
    details: schemas.flatMap(({ database, schema }) =>
      schema.groups.map(({ level, role }) => {
        const at = `${database.name}.${schema.name}`;
        const rights = [...rightsAt(side, [side.roleId(role)], at).values()];
        return `${at} ${level}, as ${role}: ${rightsInWords(rights, side) || "no privileges"}`;
      }),
    ),
    content: {
      schemas: schemas.map(({ schema }) => schema),
      grants: [...side.grants.values()].flatMap(({ place: on, grant }) =>
        grant !== undefined && isWithin(new Set([place]), on) ? [grant] : [],
      ),
    },
  });
}

function goneLine({ place, schemas }: Part, keys: readonly string[], nowCalled: NowCalled): Draft {
  const names = schemas.map(({ database, schema }) => nowCalled(database.name, schema.name));
  const what = isSchema(place) ? "the schema is" : `the database and its schemas ${listed(names)} are`;
  const stays = schemas.every(({ schema }) => !schema.managed)
    ? "it stays, since PostgreSQL has it in every database"
    : "it is dropped only if it holds no table, and its data stays otherwise";
  const finding = draft({
    kind: "schema-removed",
    subject: place,
    text: `${place}: ${what} no longer in the file; while deletionProtection holds, the deployment stops before it touches anything; without it everybody loses access first, and ${stays}`,
  });
  if (keys.length > 0) {
    const details = leftOut(keys);
    finding.also.push({
      kind: "access-lost",
      subject: place,
      text: `${place}: ${named(keys)} ${keys.length === 1 ? "loses" : "lose"} all access to it`,
      ...(details.length > 0 && { details }),
    });
  }
  return finding;
}
