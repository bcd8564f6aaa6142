import type { Finding } from "../finding";
import type { AccessChange } from "./access-changes";
import { databaseOf } from "./places";
import { type AccessSide, type GrantEntry, PUBLIC, type Right, type RoleId, rightId } from "./rights";
import { rightsInWords } from "./words";

/** Grants of one role in one place that differ, and rights of them that nobody is said to gain or lose. */
interface Unsaid {
  readonly entry: GrantEntry;
  readonly gained: Right[];
  readonly lost: Right[];
}

/**
 * Grants that are others than before, and by which nobody gains or loses anything today: of groups that nobody is in, or
 * whose members have the same by another. Tomorrow's members would.
 * @param oneSided databases and schemas that are on one side only, which are findings of their own
 */
export function roleFindings(
  before: AccessSide,
  after: AccessSide,
  changes: readonly AccessChange[],
  oneSided: ReadonlySet<string>,
): Finding[] {
  const gained = saidOfRoles(changes, after, "gained");
  const lost = saidOfRoles(changes, before, "lost");
  const isOneSided = (place: string | undefined) =>
    place !== undefined && (oneSided.has(place) || oneSided.has(databaseOf(place)));
  const schemaOf = (role: RoleId | undefined) =>
    role === undefined ? undefined : (after.groups.get(role) ?? before.groups.get(role));
  const comesAlong = ({ role, place, creator, on, privileges }: GrantEntry) =>
    isOneSided(place) ||
    (role === PUBLIC && isOneSided(schemaOf(creator))) ||
    (isOneSided(schemaOf(role)) && on === "database" && privileges.join() === "CONNECT");
  const unsaid = new Map<string, Unsaid>();
  for (const id of new Set([...before.grants.keys(), ...after.grants.keys()])) {
    const [old, now] = [before.grants.get(id), after.grants.get(id)];
    const entry = now ?? old;
    if (entry === undefined || comesAlong(entry)) continue;
    const [had, has] = [rightsOf(before, entry), rightsOf(after, entry)];
    const more = has.filter((right) => !had.some((other) => rightId(other) === rightId(right)));
    const less = had.filter((right) => !has.some((other) => rightId(other) === rightId(right)));
    if (old && now && more.length + less.length === 0) continue;
    const newly = more.filter((right) => !gained.has(saidId(entry.role, right)));
    const noLonger = less.filter((right) => !lost.has(saidId(entry.role, right)));
    if (more.length + less.length > 0 && newly.length + noLonger.length === 0) continue;
    const at = [entry.role, entry.place].join("\0");
    const found = unsaid.get(at) ?? { entry, gained: [], lost: [] };
    found.gained.push(...newly);
    found.lost.push(...noLonger);
    unsaid.set(at, found);
  }
  return [...unsaid.values()].flatMap((each) => findings(each, before, after));
}

function findings(
  { entry: { role, place }, gained, lost }: Unsaid,
  before: AccessSide,
  after: AccessSide,
): Finding[] {
  const line = (what: string) => ({ subject: place, text: `${place}: ${after.nameOf(role)} ${what}` });
  const today = "which changes nothing for anybody today";
  if (gained.length + lost.length === 0) {
    // Such as a revoke of what the role does not have.
    const grants = [...after.grants.values()].filter((each) => each.role === role && each.place === place);
    const content = grants.map(({ grant }) => grant ?? null);
    return [{ kind: "unexplained", ...line("is granted the same in another way"), content }];
  }
  const gains = line(`gains ${rightsInWords(gained, after)}, ${today}`);
  const loses = line(`loses ${rightsInWords(lost, before)}, ${today}`);
  return [
    ...(gained.length > 0 ? [{ kind: "access-gained", ...gains } as const] : []),
    ...(lost.length > 0 ? [{ kind: "access-lost", ...loses } as const] : []),
  ];
}

/** Rights that somebody is said to gain or lose by each role. */
function saidOfRoles(
  changes: readonly AccessChange[],
  side: AccessSide,
  which: "gained" | "lost",
): ReadonlySet<string> {
  const roles = which === "gained" ? "after" : "before";
  return new Set(
    changes.flatMap((change) =>
      change[which].flatMap((right) =>
        [...change.roles[roles]]
          .filter((role) => side.rights.get(role)?.get(right.place)?.has(rightId(right)))
          .map((role) => saidId(role, right)),
      ),
    ),
  );
}

function saidId(role: RoleId, right: Right): string {
  return [role, rightId(right)].join("\0");
}

/** What the role has by a grant, or, where there is none for PUBLIC, by PostgreSQL itself. */
function rightsOf(side: AccessSide, { role, place, on, creator }: GrantEntry): Right[] {
  const rights = side.rights.get(role)?.get(place)?.values() ?? [];
  return [...rights].filter((right) => right.on === on && right.creator === creator);
}
