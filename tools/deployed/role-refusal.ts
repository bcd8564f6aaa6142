import { terminalText } from "../../lib/terminal-text";
import type { IdentityPlan, PeopleIdentity, PrincipalsIdentity } from "../../model/access/identity";
import type { AccessPlan } from "../../model/access/plan";
import { lastLine } from "./aws-problem";

/** Why nobody takes the role of something that runs somewhere, and what to do. */
export function rolesOwn(plan: AccessPlan, { key, iamRole }: IdentityPlan, caller: string): string {
  const groups = plan.identities.filter(({ kind }) => kind === "people").map((each) => each.key);
  const instead =
    groups.length > 0
      ? `log in as a group of people (${groups.join(", ")})`
      : "add yourself to the file under access.people";
  return `the IAM role ${iamRole} is for what runs as ${key} and trusts no person, and you are ${terminalText(caller)}; ${instead}, or try it on the laptop: leave out --env`;
}

/** How somebody asked for a role. */
export interface RoleRequest {
  readonly caller: string;
  readonly sessionName: string;
  /** What the AWS CLI said. */
  readonly said: string;
}

/** What AWS said when it refused a role that trusts people or principals, and what they can do: by its conditions. */
export function roleRefusal(
  identity: PeopleIdentity | PrincipalsIdentity,
  { caller, said, sessionName }: RoleRequest,
): string {
  const { key, iamRole, principals } = identity;
  const who = terminalText(caller);
  const wants = [`it trusts ${principals.join(", ")}`, ...conditions(identity, sessionName)];
  return `AWS does not let ${who} take the IAM role ${iamRole} of ${key}: ${lastLine(said)}; ${wants.join("; ")}; AWS_PROFILE chooses another sign-in`;
}

function conditions(identity: PeopleIdentity | PrincipalsIdentity, sessionName: string): readonly string[] {
  if (identity.kind === "principals") {
    return identity.externalId === undefined ? [] : ["the external id was that of the environment file"];
  }
  const { requireMfa, requireSourceIdentity, until } = identity;
  return [
    ...(requireMfa
      ? [
          "it wants a sign-in with a second factor: a profile with mfa_serial, or `aws sts get-session-token --serial-number … --token-code …`",
        ]
      : []),
    ...(requireSourceIdentity
      ? [
          `it wants a source identity: one from your sign-in, or sts:SetSourceIdentity in your own policy, to say ${sessionName}`,
        ]
      : []),
    ...("members" in identity
      ? [
          `it wants your session to have a member's name, to the letter (${identity.members.map(({ name }) => name).join(", ")}), and asked as ${sessionName}`,
        ]
      : []),
    ...(until === undefined ? [] : [`its access ends at ${until}`]),
  ];
}
