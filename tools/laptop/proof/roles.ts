import type { IdentityPlan, PeopleIdentity, PrincipalsIdentity } from "../../../model/access/identity";
import type { Credentials } from "../sign-in";
import { type RoleTaking, signInOf, takeRole } from "../take-role";
import { type Actor, hasEnded, sharesRole } from "./actor";
import { type Check, ROLE } from "./check";
import { proveTrust } from "./trust";

/** What came of taking roles. */
export interface ProvenRoles {
  readonly checks: readonly Check[];
  /** Those of its own role, of a time at which it had access; undefined when a check has failed. */
  readonly own?: Credentials;
}

/** Somebody takes their own role, under every condition of it, and nobody else's. */
export async function proveRoles(actor: Actor): Promise<ProvenRoles> {
  const { path, identity, login, attempt, end, ended } = actor;
  const { member } = login;
  let own: Credentials | undefined;
  const take = async () => {
    own = await takeRole(path, identity, identity, { member });
  };
  const checks: Check[] = [];
  if (ended && end !== undefined) {
    checks.push(await attempt(ROLE, "its own role, after its end", "denied", take));
    checks.push(
      await attempt(ROLE, "its own role, right before its end", "allowed", () => path.at(end - 1, take)),
    );
  } else {
    checks.push(await attempt(ROLE, "its own role", "allowed", take));
    checks.push(...(await proveTrust(actor)));
    if (identity.kind === "people") checks.push(...(await proveConditions(actor, identity)));
  }
  for (const other of path.plan.identities.filter(({ key }) => key !== identity.key)) {
    const expected = mayTakeAlso(actor, other) ? "allowed" : "denied";
    checks.push(
      await attempt(ROLE, `the role of ${other.key}`, expected, () =>
        takeRole(path, identity, other, { member }),
      ),
    );
  }
  return { checks, ...(own && { own }) };
}

/**
 * Whether the file lets somebody take the role of another, too: it lists there as what they ask, and them if it names
 * members, and asks for no more than what they come with. Two may share a role that is there already.
 */
function mayTakeAlso({ identity, login, path }: Actor, other: IdentityPlan): boolean {
  if (sharesRole(identity, other)) return true;
  if (!("principals" in identity && "principals" in other)) return false;
  const [principal = ""] = identity.principals;
  const { requireMfa, requireSourceIdentity, externalId } = conditionsOf(identity);
  const asked = conditionsOf(other);
  return (
    other.principals.includes(principal) &&
    !hasEnded(other, path.now()) &&
    (!("members" in other) || other.members.some(({ name }) => name === login.member)) &&
    (!asked.requireMfa || requireMfa === true) &&
    (!asked.requireSourceIdentity || requireSourceIdentity === true) &&
    // A session that carries a source identity is refused where none is asked for.
    (!requireSourceIdentity || asked.requireSourceIdentity === true) &&
    (asked.externalId === undefined || asked.externalId === externalId)
  );
}

/** What of the conditions of people and of listed principals an identity has. */
function conditionsOf(
  identity: PeopleIdentity | PrincipalsIdentity,
): Pick<PeopleIdentity, "requireMfa" | "requireSourceIdentity"> & Pick<PrincipalsIdentity, "externalId"> {
  return identity;
}

/** Each condition of a group of people is one that counts: who meets all others does not get the role. */
async function proveConditions(
  { path, login: { member }, attempt }: Actor,
  identity: PeopleIdentity,
): Promise<Check[]> {
  const how = signInOf(identity, member);
  const without: readonly (readonly [string, RoleTaking | undefined])[] = [
    ["without MFA", identity.requireMfa && { signIn: { ...how, mfa: false } }],
    [
      "without a source identity",
      identity.requireSourceIdentity && { signIn: { ...how, sourceIdentity: undefined } },
    ],
    ...namesOf(identity, member).flatMap((name) => [
      [`in the name of ${name}`, { sessionName: name }] as const,
      [`signed in as ${name}`, { signIn: { ...how, sessionName: name } }] as const,
    ]),
    [
      `as ${NOBODY}`,
      member === undefined ? undefined : { signIn: { ...how, sessionName: NOBODY }, sessionName: NOBODY },
    ],
  ];
  const checks: Check[] = [];
  for (const [what, taking] of without) {
    if (taking === undefined) continue;
    checks.push(
      await attempt(ROLE, `its own role, ${what}`, "denied", () =>
        takeRole(path, identity, identity, { member, ...taking }),
      ),
    );
  }
  return checks;
}

/** A name that no member has: theirs are letters, digits and these signs as well, and longer than one sign. */
const NOBODY = "=,=";

/** Of a member: the other members. */
function namesOf(identity: PeopleIdentity, member: string | undefined): string[] {
  if (!("members" in identity)) return [];
  return identity.members.map(({ name }) => name).filter((name) => name !== member);
}
