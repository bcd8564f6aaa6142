import type { IdentityPlan } from "../../../model/access/identity";
import { IAM_LOGIN_ROLE } from "../../../model/postgresql/names";
import type { Finding } from "../finding";
import { type AccessChange, keyOf, levelsOf } from "./access-changes";
import type { IdentityPair } from "./identity-pairs";
import { isSchema } from "./places";
import { type AccessSide, type NowCalled, OWNERSHIP, type RoleId, written } from "./rights";

/**
 * What of identities' memberships, levels and session roles is another and shows in no privilege: roles the plan knows
 * nothing of, or a level that its memberships do not bear out.
 */
export function membershipFindings(
  before: AccessSide,
  after: AccessSide,
  pairs: readonly IdentityPair[],
  changes: readonly AccessChange[],
  nowCalled: NowCalled,
): Finding[] {
  const placesOf = new Map<string, Set<string>>();
  for (const { key, place } of changes) placesOf.set(key, (placesOf.get(key) ?? new Set()).add(place));
  return pairs.flatMap((pair): Finding[] => {
    if (!pair.before || !pair.after) return [];
    const key = keyOf(pair);
    const said = placesOf.get(key) ?? new Set<string>();
    const old = new Set(pair.before.memberOf.map(before.roleId));
    const now = new Set(pair.after.memberOf.map(after.roleId));
    return [
      ...[...now].filter((role) => !old.has(role)).flatMap((role) => joined(key, role, after, said)),
      ...[...old].filter((role) => !now.has(role)).flatMap((role) => left(key, role, before, said)),
      ...levelFindings(key, levelsOf(pair.before, nowCalled), levelsOf(pair.after, written), said),
      ...sessionFindings(key, [before, pair.before], [after, pair.after]),
    ];
  });
}

function joined(key: string, role: RoleId, side: AccessSide, said: ReadonlySet<string>): Finding[] {
  if (role === `role ${IAM_LOGIN_ROLE}`) {
    const text = `${key}: logs in by IAM token alone (a member of ${IAM_LOGIN_ROLE})`;
    return [{ kind: "trust-narrowed", subject: key, text }];
  }
  if (isSaid(role, side, said)) return [];
  const text = `${key}: is newly a member of ${side.nameOf(role)}, and may do what that may`;
  return [{ kind: "access-gained", subject: key, text }];
}

function left(key: string, role: RoleId, side: AccessSide, said: ReadonlySet<string>): Finding[] {
  if (role === `role ${IAM_LOGIN_ROLE}`) {
    const text = `${key}: is no longer a member of ${IAM_LOGIN_ROLE}: PostgreSQL would take a password from it`;
    return [{ kind: "trust-widened", subject: key, text }];
  }
  if (isSaid(role, side, said)) return [];
  return [
    { kind: "access-lost", subject: key, text: `${key}: is no longer a member of ${side.nameOf(role)}` },
  ];
}

/** Whether privileges in words say it all: of a group that the plan makes, and not of the admin or a role from elsewhere. */
function isSaid(role: RoleId, side: AccessSide, said: ReadonlySet<string>): boolean {
  const group = side.groups.get(role);
  if (group === undefined) return false;
  const places = [...(side.rights.get(role)?.keys() ?? [])];
  return places.some((place) => isSchema(place) === isSchema(group) && said.has(place));
}

function levelFindings(
  key: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  said: ReadonlySet<string>,
): Finding[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((place) => before.get(place) !== after.get(place) && !said.has(place))
    .map((place) => ({
      kind: "unexplained",
      subject: key,
      text: `${key}: ${place} is called ${after.get(place) ?? "no access"}, and was ${before.get(place) ?? "no access"}; its privileges there are the same`,
    }));
}

type OnSide = readonly [side: AccessSide, identity: IdentityPlan];

/** Sessions of whoever owns one schema run as its owner, which goes without saying. Anything else is said. */
function sessionFindings(key: string, before: OnSide, after: OnSide): Finding[] {
  const [old, now] = [sessionOf(before), sessionOf(after)];
  if (old.role === now.role || (old.expected && now.expected)) return [];
  const as = ({ role }: typeof old, side: AccessSide) => (role === undefined ? "itself" : side.nameOf(role));
  const text = `${key}: its sessions run as ${as(now, after[0])}, and ran as ${as(old, before[0])}: what it creates belongs to that`;
  return [{ kind: "access-gained", subject: key, text }];
}

function sessionOf([side, identity]: OnSide): { readonly role?: RoleId; readonly expected: boolean } {
  const role = identity.sessionRole === undefined ? undefined : side.roleId(identity.sessionRole);
  const owned = [...side.rolesOf(identity)].filter((each) =>
    [...(side.rights.get(each)?.values() ?? [])].some((rights) =>
      [...rights.values()].some(({ on }) => on === OWNERSHIP),
    ),
  );
  return { ...(role !== undefined && { role }), expected: owned[0] === role };
}
