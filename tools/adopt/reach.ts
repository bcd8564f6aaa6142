import { LEVEL_NAMES, LEVELS, type LevelDefinition, type SchemaObject } from "../../model/postgresql/levels";
import { type LiveObjects, levelKind } from "../catalog/live-catalog";
import type { AdoptedDatabase, LiveServer } from "./live-server";

/** A role, and all whose privileges it has or can take on by SET ROLE: itself among them. */
export type Reach = ReadonlySet<string>;

/** Whose privileges each role of a server has. A membership that neither inherits nor lets one SET ROLE gives none. */
export function reaches(live: LiveServer): (role: string) => Reach {
  const groups = new Map<string, string[]>();
  for (const { role, member, inherit, set } of live.memberships) {
    if (inherit || set) groups.set(member, [...(groups.get(member) ?? []), role]);
  }
  return (role) => {
    const seen = new Set([role]);
    // A set goes on with what is added while it is walked.
    for (const each of seen) for (const group of groups.get(each) ?? []) seen.add(group);
    return seen;
  };
}

/** The same in one database, where its owner is also whoever owns `public`. */
export function inDatabase(reach: Reach, { owner }: AdoptedDatabase): Reach {
  return reach.has(owner) ? new Set([...reach, "pg_database_owner"]) : reach;
}

/** What members of PostgreSQL's own roles may do in every schema. */
const PREDEFINED: Readonly<Record<string, Readonly<Partial<Record<SchemaObject, readonly string[]>>>>> = {
  pg_read_all_data: { table: ["SELECT"], sequence: ["SELECT"] },
  pg_write_all_data: { table: ["INSERT", "UPDATE", "DELETE"], sequence: ["USAGE", "UPDATE"] },
};

/** Whether what a role of PostgreSQL's own gives its members is looked at object by object. */
export function isPredefined(role: string): boolean {
  return Object.hasOwn(PREDEFINED, role);
}

function predefined(role: string): Readonly<Partial<Record<SchemaObject, readonly string[]>>> {
  return (isPredefined(role) ? PREDEFINED[role] : undefined) ?? {};
}

/** What somebody has on objects by grants, and which of it they may grant on; owners need none. */
export function privilegesOn(
  objects: LiveObjects,
  reach: Reach,
): { readonly all: ReadonlySet<string>; readonly grantable: readonly string[] } {
  const kind = levelKind(objects);
  const mine = objects.grants.filter(({ grantee }) => reach.has(grantee));
  const everywhere = kind === undefined ? [] : [...reach].flatMap((role) => predefined(role)[kind] ?? []);
  return {
    all: new Set([...mine.map(({ privilege }) => privilege), ...everywhere]),
    grantable: mine.filter((each) => each.grantable).map(({ privilege }) => privilege),
  };
}

/** Whether somebody may connect to a database and use a schema of it, without which grants in it give nothing. */
export function mayUse(database: AdoptedDatabase, name: string, reach: Reach): boolean {
  const schema = database.schemas.find((each) => each.name === name);
  const held = (grants: AdoptedDatabase["grants"], privilege: string) =>
    grants.some(
      (each) => each.privilege === privilege && (each.grantee === "public" || reach.has(each.grantee)),
    );
  const connects = reach.has(database.owner) || held(database.grants, "CONNECT");
  const uses =
    schema !== undefined &&
    (reach.has(schema.owner) ||
      schema.open ||
      held(schema.grants, "USAGE") ||
      [...reach].some((role) => isPredefined(role)));
  return connects && uses;
}

/** What a level gives on a kind of object. */
export function levelPrivileges(level: keyof typeof LEVELS, kind: SchemaObject): readonly string[] {
  const { privileges }: LevelDefinition = LEVELS[level];
  return privileges[kind];
}

/** The levels that do not own, from little to much. */
export const USING_LEVELS = LEVEL_NAMES.filter((level) => !LEVELS[level].ownsSchema);
