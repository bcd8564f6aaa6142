import { quote, suggestion } from "../../lib/nearest";
import { UserError } from "../../lib/user-error";
import { type IdentityPlan, type Login, loginsOf } from "../../model/access/identity";
import type { AccessPlan } from "../../model/access/plan";

/** Whom to lock out: an identity, or one member of a group of people. */
export interface Target {
  readonly plan: AccessPlan;
  readonly identity: IdentityPlan;
  /** Names of its database users, or of the member's. */
  readonly databaseUsers: readonly string[];
  /** What the member's sessions in AWS are called, and the database user. @default the whole identity */
  readonly member?: Required<Login>;
}

/**
 * The identity of a name.
 * @param name its key, or a member's database user
 * @throws UserError when there is none
 */
export function targetOf(plan: AccessPlan, name: string): Target {
  const whole = plan.identities.find(({ key }) => key === name);
  if (whole) return { plan, identity: whole, databaseUsers: usersOf(whole) };
  const members = plan.identities.flatMap((identity) =>
    loginsOf(identity).flatMap(({ databaseUser, member }) =>
      member === undefined ? [] : [{ identity, member: { databaseUser, member } }],
    ),
  );
  const found = members.find(({ member }) => member.databaseUser === name);
  if (found) return { plan, ...found, databaseUsers: [found.member.databaseUser] };
  const known = [
    ...plan.identities.map(({ key }) => key),
    ...members.map(({ member }) => member.databaseUser),
  ];
  throw new UserError([
    `${plan.environment} has no identity ${quote(name)}.${suggestion(name, known)} One that has left the file is found in the file as it was: git show HEAD~1:${plan.file}`,
  ]);
}

function usersOf(identity: IdentityPlan): string[] {
  return loginsOf(identity).map(({ databaseUser }) => databaseUser);
}

/** How a target is spoken of. */
export function named({ identity, member }: Target): string {
  return member === undefined ? identity.key : `${member.member} of ${identity.key}`;
}
