import { type AccessSide, OWNERSHIP, type Right, type Rights, type RoleId } from "./rights";

const NONE: Rights = new Map();

/** Everything that some roles together may do in one place. */
export function rightsAt(side: AccessSide, roles: Iterable<RoleId>, place: string): Rights {
  const found = [...roles].flatMap((role) => side.rights.get(role)?.get(place) ?? []);
  // Most have one group in a schema.
  return found.length < 2 ? (found[0] ?? NONE) : new Map(found.flatMap((rights) => [...rights]));
}

/** Every place in which some roles may do anything. */
export function placesOf(side: AccessSide, roles: Iterable<RoleId>): Set<string> {
  return new Set([...roles].flatMap((role) => [...(side.rights.get(role)?.keys() ?? [])]));
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
