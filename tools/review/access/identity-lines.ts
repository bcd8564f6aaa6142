import { databaseUsers, type IdentityPlan } from "../../../model/access/identity";
import { whatItIs } from "../../../model/access/kinds-in-words";
import type { AccessPlan } from "../../../model/access/plan";
import { IAM_LOGIN_ROLE } from "../../../model/postgresql/names";
import { levelsOf } from "./access-changes";
import { type Draft, draft } from "./draft";
import { placesOf, rightsAt } from "./effective";
import type { IdentityPair } from "./identity-pairs";
import { limitsInWords } from "./limits";
import { usersInWords, usersLeftOut } from "./members";
import { databaseOf, isSchema } from "./places";
import { type AccessSide, type NowCalled, written } from "./rights";
import { learnsFrom } from "./runs-elsewhere";
import { whoMayBecome } from "./trust";
import { connectsBy, waysOf } from "./ways-in";
import { listed, rightsInWords } from "./words";

/** The line about an identity that is on one side only, or has another name; undefined for any other. */
export function identityLine(
  { before: old, after: now, renamed }: IdentityPair,
  before: AccessSide,
  after: AccessSide,
  nowCalled: NowCalled,
): Draft | undefined {
  if (old && now) return renamed ? renamedLine(old, now, after) : undefined;
  if (now) return addedLine(now, after);
  return old && removedLine(old, before, nowCalled);
}

function addedLine(identity: IdentityPlan, side: AccessSide): Draft {
  const { key, kind } = identity;
  const users = usersInWords(identity);
  const name = whatItIs(identity);
  const what =
    name === undefined ? `new, of the kind ${kind}, which the review does not know` : `a new ${name}`;
  const who = whoMayBecome(identity, side.plan);
  return draft({
    kind: name === undefined ? "unexplained" : "identity-added",
    subject: key,
    text: `${key}: ${what}; ${who} may log in as ${users} and has ${accessInWords(identity, side, written)}`,
    details: [
      `IAM role ${identity.iamRole}, ${"members" in identity ? "database users" : "database user"} ${users}, ${limitsInWords(identity)}`,
      ...usersLeftOut(identity),
      ...(identity.kind === "people" && identity.reason !== undefined ? [`why: ${identity.reason}`] : []),
      ...connectionInWords(identity, side.plan),
    ],
    content: identity,
  });
}

function removedLine(identity: IdentityPlan, side: AccessSide, nowCalled: NowCalled): Draft {
  const { key } = identity;
  const who = whoMayBecome(identity, side.plan);
  const access = accessInWords(identity, side, nowCalled);
  return draft({
    kind: "identity-removed",
    subject: key,
    text: `${key}: is gone; ${who} may no longer log in as ${usersInWords(identity)}, and had ${access}`,
    details: usersLeftOut(identity),
  });
}

function renamedLine(old: IdentityPlan, now: IdentityPlan, { plan }: AccessSide): Draft {
  const trust =
    whoMayBecome(old, plan) === whoMayBecome(now, plan)
      ? `${whoMayBecome(now, plan)} may become it, as before`
      : `${whoMayBecome(now, plan)} may become it in place of ${whoMayBecome(old, plan)}`;
  const users = `database user${"members" in now ? "s" : ""} ${usersInWords(now)}`;
  const news =
    now.kind === "role" ? `its ${users} is new` : `its IAM role ${now.iamRole} and ${users} are new`;
  const from = learnsFrom(now, plan)?.replace(/^the /, "");
  return draft({
    kind: "identity-renamed",
    subject: now.key,
    text: `${now.key}: was ${old.key}, and may do the same; ${trust}; ${news}`,
    details: [...(from === undefined ? [] : [from]), ...usersLeftOut(now)],
    content: now,
  });
}

/** How it connects, as far as it is told; and for pods, by what they take the IAM role where that is not by IRSA alone. */
function connectionInWords(identity: IdentityPlan, plan: AccessPlan): string[] {
  const from = learnsFrom(identity, plan)?.replace(/^the /, "");
  return [
    ...(from === undefined ? [] : [`${from}, sessions start in ${identity.database}`]),
    ...(identity.through === "proxy" ? [`connects ${connectsBy(identity)}`] : []),
    ...(identity.endpoint === "reader" ? ["connects to the readers"] : []),
    ...(identity.kind === "service" && identity.verifies
      ? ["its IAM role may also put metrics in CloudWatch"]
      : []),
    ...(identity.kind === "service" && identity.takesRoleBy !== undefined
      ? [`its pods take the IAM role by ${listed(waysOf(identity))}`]
      : []),
  ];
}

/** `shop.billing, shop.orders read-only (SELECT on tables and sequences)`: what it may do, alike places together. */
function accessInWords(identity: IdentityPlan, side: AccessSide, nowCalled: NowCalled): string {
  const roles = side.rolesOf(identity);
  const levels = levelsOf(identity, nowCalled);
  const alike = new Map<string, string[]>();
  const places = [...new Set([...placesOf(side, roles), ...levels.keys()])].sort();
  for (const place of places) {
    const rights = [...rightsAt(side, roles, place).values()];
    // Whoever may use a schema may connect.
    const comesAlong = places.some((other) => isSchema(other) && databaseOf(other) === place);
    if (comesAlong && rights.every(({ privilege }) => privilege === "CONNECT")) continue;
    const level = levels.get(place) ?? (isSchema(place) ? "without a level" : "as a database");
    const access = `${level} (${rightsInWords(rights, side) || "no privileges"})`;
    alike.set(access, [...(alike.get(access) ?? []), place]);
  }
  const users = databaseUsers(identity).map(side.roleId);
  const others = [...roles].filter((role) => !side.groups.has(role) && !users.includes(role));
  const login = others.includes(side.roleId(IAM_LOGIN_ROLE));
  return [
    listed([...alike].map(([access, places]) => `${places.join(", ")} ${access}`)) || "no access",
    ...others
      .filter((role) => role !== side.roleId(IAM_LOGIN_ROLE))
      .map((role) => `what ${side.nameOf(role)} may do`),
    ...(login ? [] : [`no membership in ${IAM_LOGIN_ROLE}: PostgreSQL would take a password from it`]),
  ].join("; ");
}
