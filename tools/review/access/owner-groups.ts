import type { IdentityPlan } from "../../../model/access/identity";
import type { Finding } from "../finding";
import type { AccessSide, RoleId } from "./rights";

/**
 * Groups of other schemas that an owner group is newly in, or no longer. Mostly its identities are or were, too, and are
 * named for it; what shows in none of them is said here.
 */
export function ownerGroupFindings(before: AccessSide, after: AccessSide): Finding[] {
  const [old, now] = [readsOf(before), readsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((owner): Finding[] => {
    const [had, has] = [old.get(owner), now.get(owner)];
    // Of a schema that is on one side only, everything is.
    if (!had || !has) return [];
    const members = { before: membersOf(before, owner), after: membersOf(after, owner) };
    const said = (role: RoleId) => members.before.has(role) !== members.after.has(role);
    const place = after.groups.get(owner) ?? owner;
    const line = (role: RoleId, side: AccessSide, verb: string) => ({
      subject: place,
      text: `${place}: its owner group ${verb} a member of ${side.nameOf(role)}, and so are the sessions of whoever owns it`,
    });
    return [
      ...[...has]
        .filter((role) => !had.has(role) && !said(role))
        .map((role) => ({ kind: "access-gained" as const, ...line(role, after, "is newly") })),
      ...[...had]
        .filter((role) => !has.has(role) && !said(role))
        .map((role) => ({ kind: "access-lost" as const, ...line(role, before, "is no longer") })),
    ];
  });
}

/** The groups that each owner group is in. */
function readsOf(side: AccessSide): ReadonlyMap<RoleId, ReadonlySet<RoleId>> {
  const schemas = side.plan.databases.flatMap((each) => each.schemas);
  return new Map(
    schemas
      .filter(({ managed }) => managed)
      .map(({ owner, ownerReads = [] }) => [side.roleId(owner), new Set(ownerReads.map(side.roleId))]),
  );
}

/** The groups that identities are in whose sessions run as an owner group. */
function membersOf({ plan, roleId }: AccessSide, owner: RoleId): ReadonlySet<RoleId> {
  const runs = ({ sessionRole }: IdentityPlan) => sessionRole !== undefined && roleId(sessionRole) === owner;
  return new Set(plan.identities.filter(runs).flatMap(({ memberOf }) => memberOf.map(roleId)));
}
