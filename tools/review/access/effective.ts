import { type AccessSide, OWNERSHIP, type Right, type Rights, type RoleId } from "./rights";

const NONE: Rights = new Map();

/** What some roles together may do, by place; found once for the same set of roles. */
const found = new WeakMap<AccessSide, WeakMap<Iterable<RoleId>, ReadonlyMap<string, Rights>>>();

function rightsOf(side: AccessSide, roles: Iterable<RoleId>): ReadonlyMap<string, Rights> {
  const ofSide = found.get(side) ?? new WeakMap<Iterable<RoleId>, ReadonlyMap<string, Rights>>();
  found.set(side, ofSide);
  const known = ofSide.get(roles);
  if (known) return known;
  const all = new Map<string, Rights>();
  for (const role of roles) {
    for (const [place, rights] of side.rights.get(role) ?? []) {
      const others = all.get(place);
      // Most have one group in a schema.
      all.set(place, others ? new Map([...others, ...rights]) : rights);
    }
  }
  ofSide.set(roles, all);
  return all;
}

/** Everything that some roles together may do in one place. */
export function rightsAt(side: AccessSide, roles: Iterable<RoleId>, place: string): Rights {
  return rightsOf(side, roles).get(place) ?? NONE;
}

/** Every place in which some roles may do anything. */
export function placesOf(side: AccessSide, roles: Iterable<RoleId>): Set<string> {
  return new Set(rightsOf(side, roles).keys());
}

/** Whether it may do anything with a schema and what its owner creates. */
export function owns(rights: Rights): boolean {
  return [...rights.values()].some(({ on }) => on === OWNERSHIP);
}

/**
 * What is in some rights and beyond others in the same place. Whoever owns a schema has whatever can be granted there.
 * @param than rights on a side, whose owner is the one that counts
 */
export function beyond(rights: Rights, than: Rights, side: AccessSide): Right[] {
  const owner = owns(than);
  if (rights === than) return [];
  return [...rights]
    .filter(([id, { place, creator, on }]) => {
      if (than.has(id)) return false;
      const implied = on !== OWNERSHIP && (creator === undefined || creator === side.owners.get(place));
      return !(owner && implied);
    })
    .map(([, right]) => right);
}

/** Roles that may do something else than before, by their own grants. */
export function changedRoles(before: AccessSide, after: AccessSide): Set<RoleId> {
  const ids = (side: AccessSide, role: RoleId) =>
    [...(side.rights.get(role)?.values() ?? [])].flatMap((rights) => [...rights.keys()]);
  return new Set(
    [...new Set([...before.rights.keys(), ...after.rights.keys()])].filter((role) => {
      const now = new Set(ids(after, role));
      const old = ids(before, role);
      return old.length !== now.size || old.some((id) => !now.has(id));
    }),
  );
}
