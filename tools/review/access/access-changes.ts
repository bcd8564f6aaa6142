import { databaseUsers, type IdentityPlan } from "../../../model/access/identity";
import { beyond, changedRoles, placesOf, rightsAt } from "./effective";
import type { IdentityPair } from "./identity-pairs";
import { databaseOf, isSchema } from "./places";
import { type AccessSide, type NowCalled, PUBLIC, type Right, type RoleId, written } from "./rights";

/** What somebody may do in one place and could not, and the other way round. */
export interface AccessChange {
  /** An identity, by what it is called now, or `PUBLIC`. */
  readonly key: string;
  /** The identity; on neither side for PUBLIC. */
  readonly pair: IdentityPair;
  readonly place: string;
  readonly gained: readonly Right[];
  readonly lost: readonly Right[];
  /** What the file calls it on either side; undefined for none. */
  readonly level: Sides<string | undefined>;
  /** Roles whose rights it has. */
  readonly roles: Sides<ReadonlySet<RoleId>>;
  /** It is in the groups that it was in: what changed is what these may do. */
  readonly sameGroups: boolean;
  /** Of a database: it comes or goes with the first or last schema in it that somebody may use. */
  readonly comesWithSchema: boolean;
}

interface Sides<Value> {
  readonly before: Value;
  readonly after: Value;
}

/**
 * Everything that anybody gains or loses, place by place; an identity that is on one side only gains or loses all it has.
 * It is computed from memberships, grants, default privileges and owners. Levels are what it is called, no more.
 */
export function accessChanges(
  before: AccessSide,
  after: AccessSide,
  pairs: readonly IdentityPair[],
  nowCalled: NowCalled,
): AccessChange[] {
  const changed = changedRoles(before, after);
  const changesOf = (key: string, pair: IdentityPair, roles: AccessChange["roles"]): AccessChange[] => {
    const both = new Set([...roles.before, ...roles.after]);
    const same = both.size === roles.before.size && both.size === roles.after.size;
    if (same && ![...both].some((role) => changed.has(role))) return [];
    const levels = { before: levelsOf(pair.before, nowCalled), after: levelsOf(pair.after, written) };
    const places = { before: placesOf(before, roles.before), after: placesOf(after, roles.after) };
    const sameGroups = sameSet(
      groups(roles.before, before, pair.before),
      groups(roles.after, after, pair.after),
    );
    return [...new Set([...places.before, ...places.after])].sort().flatMap((place): AccessChange[] => {
      const had = rightsAt(before, roles.before, place);
      const has = rightsAt(after, roles.after, place);
      const [gained, lost] = [beyond(has, had, before), beyond(had, has, after)];
      if (gained.length + lost.length === 0) return [];
      const [first] = [...gained, ...lost];
      return [
        {
          key,
          pair,
          place,
          gained,
          lost,
          level: { before: levels.before.get(place), after: levels.after.get(place) },
          roles,
          sameGroups,
          comesWithSchema:
            !isSchema(place) &&
            gained.length + lost.length === 1 &&
            first?.privilege === "CONNECT" &&
            usesSchema(places.before, place) !== usesSchema(places.after, place),
        },
      ];
    });
  };
  const everybody = new Set([PUBLIC]);
  const nobody = new Set<RoleId>();
  return [
    ...changesOf("PUBLIC", {}, { before: everybody, after: everybody }),
    ...pairs.flatMap((pair) =>
      changesOf(keyOf(pair), pair, {
        before: pair.before ? before.rolesOf(pair.before) : nobody,
        after: pair.after ? after.rolesOf(pair.after) : nobody,
      }),
    ),
  ];
}

/** What an identity is called now, or was last. */
export function keyOf({ before, after }: IdentityPair): string {
  return (after ?? before)?.key ?? "";
}

/** What the file calls an identity's access, by place. */
export function levelsOf(identity: IdentityPlan | undefined, nowCalled: NowCalled): Map<string, string> {
  const levels = new Map<string, string>();
  for (const { database, schema, level } of identity?.grants ?? []) {
    const place = nowCalled(database, schema);
    levels.set(place, levels.has(place) ? `${levels.get(place)} and ${level}` : level);
  }
  return levels;
}

function groups(
  roles: ReadonlySet<RoleId>,
  side: AccessSide,
  identity: IdentityPlan | undefined,
): Set<RoleId> {
  const users = identity ? databaseUsers(identity).map(side.roleId) : [];
  return new Set([...roles].filter((role) => !users.includes(role)));
}

function sameSet(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((each) => right.has(each));
}

function usesSchema(places: ReadonlySet<string>, database: string): boolean {
  return [...places].some((place) => isSchema(place) && databaseOf(place) === database);
}
