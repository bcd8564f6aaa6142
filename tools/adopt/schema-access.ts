import type { Level, SchemaObject } from "../../model/postgresql/levels";
import { type LiveObjects, levelKind } from "../catalog/live-catalog";
import { inDatabase, levelPrivileges, mayUse, privilegesOn, type Reach, USING_LEVELS } from "./reach";
import type { Target } from "./targets";

/** A privilege on some objects of one schema. */
export interface PrivilegeOn {
  readonly privilege: string;
  readonly kind: SchemaObject | "column";
  /** Names as SQL takes them, columns with their table; sorted. */
  readonly names: readonly string[];
  /** How many objects of this kind the schema has. */
  readonly of: number;
}

/** What a login has in a schema, and the level that comes nearest. */
export interface SchemaAccess {
  /** How many objects are its own, or its groups'. */
  readonly owned: number;
  /** It owns the schema, or may create in it. */
  readonly creates: boolean;
  /** The least level that covers what it has on tables without owning; left out when it has nothing that one covers. */
  readonly level?: Level;
  /** What it has and the level does not give. Of what it owns nothing. */
  readonly lost: readonly PrivilegeOn[];
  /** What the level gives on tables and functions, and it has not. */
  readonly gained: readonly PrivilegeOn[];
  /** What it may grant on to others. */
  readonly grantable: readonly PrivilegeOn[];
  /** It has been granted something, but may not use the schema or connect to the database. */
  readonly shut: boolean;
}

/**
 * What a role has in a schema. PUBLIC's privileges are no reason for a level, or every login would have one in every schema;
 * they only keep it from being said that one gains what everybody has.
 */
export function schemaAccess({ database, schema, objects }: Target, role: Reach): SchemaAccess {
  const reach = inDatabase(role, database);
  const everybody: Reach = new Set([...reach, "public"]);
  const place = database.schemas.find(({ name }) => name === schema);
  const others = objects.filter(({ owner }) => !reach.has(owner));
  const has = collect(others, objects, (each) => privilegesOn(each, reach).all);
  const usable = mayUse(database, schema, reach);
  const level = usable ? leastLevel(has, objects) : undefined;
  const given = collect(others, objects, (each) => {
    const kind = levelKind(each);
    return level === undefined || kind === undefined ? [] : levelPrivileges(level, kind);
  });
  const already = collect(others, objects, (each) => privilegesOn(each, everybody).all);
  return {
    owned: number(objects.filter(({ owner, kind }) => reach.has(owner) && kind !== "column")),
    creates:
      place !== undefined &&
      (reach.has(place.owner) ||
        place.grants.some(({ grantee, privilege }) => privilege === "CREATE" && reach.has(grantee))),
    ...(level !== undefined && { level }),
    lost: usable ? has.filter((each) => level === undefined || !gives(level, each)) : [],
    // What a sequence has given out last is no secret, and every table with a serial has one.
    gained: without(given, already).filter(({ kind }) => kind !== "sequence"),
    grantable: collect(others, objects, (each) => privilegesOn(each, reach).grantable),
    shut: !usable && has.length > 0,
  };
}

/**
 * What it may do with tables decides: nobody gets to write because of a sequence or a function. In a schema without tables
 * these decide.
 */
function leastLevel(has: readonly PrivilegeOn[], objects: readonly LiveObjects[]): Level | undefined {
  const tables = objects.some((each) => levelKind(each) === "table");
  const decisive = has.filter(
    (each) =>
      (!tables || each.kind === "table" || each.kind === "column") &&
      USING_LEVELS.some((level) => gives(level, each)),
  );
  if (decisive.length === 0) return undefined;
  return USING_LEVELS.find((level) => decisive.every((each) => gives(level, each)));
}

/** Whoever may select from a table may select its columns. */
function gives(level: Level, { kind, privilege }: PrivilegeOn): boolean {
  return levelPrivileges(level, kind === "column" ? "table" : kind).includes(privilege);
}

function calledIn(each: LiveObjects): PrivilegeOn["kind"] {
  return levelKind(each) ?? "column";
}

/** What somebody has on objects, by kind and privilege. */
function collect(
  some: readonly LiveObjects[],
  all: readonly LiveObjects[],
  privileges: (each: LiveObjects) => Iterable<string>,
): PrivilegeOn[] {
  const found = new Map<string, { privilege: string; kind: PrivilegeOn["kind"]; names: string[] }>();
  for (const each of some.filter(({ kind }) => kind !== "type")) {
    const kind = calledIn(each);
    for (const privilege of privileges(each)) {
      const entry = found.get(`${kind} ${privilege}`) ?? { privilege, kind, names: [] };
      const { relation, names } = each;
      entry.names.push(...(relation === null ? names : names.map((name) => `${relation}.${name}`)));
      found.set(`${kind} ${privilege}`, entry);
    }
  }
  return [...found]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { privilege, kind, names }]) => ({
      privilege,
      kind,
      names: names.sort(),
      of: number(all.filter((each) => each.kind !== "type" && calledIn(each) === kind)),
    }));
}

function number(objects: readonly LiveObjects[]): number {
  return objects.reduce((sum, { names }) => sum + names.length, 0);
}

/** Entries less the names that others have under the same privilege. */
function without(entries: readonly PrivilegeOn[], others: readonly PrivilegeOn[]): PrivilegeOn[] {
  return entries.flatMap((entry) => {
    const same = others.find(({ kind, privilege }) => kind === entry.kind && privilege === entry.privilege);
    const had = new Set(same?.names);
    const names = entry.names.filter((name) => !had.has(name));
    return names.length === 0 ? [] : [{ ...entry, names }];
  });
}
