import { iamRoleName } from "../../model/aws/names";
import { type PolicyDocument, policyDocument } from "../../model/aws/policy-document";
import type { Target } from "./target";

/** A policy that is put on an IAM role beside those of Terraform, which neither sees nor removes it. */
export interface LockPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/**
 * Nobody connects by the role, as any database user on any cluster, or as the member's; a Deny is stronger than whatever
 * the next deployment allows. It counts for sessions of the role that there are, and for those that are yet to be.
 */
export function noConnection(target: Target): LockPolicy {
  const { plan, member } = target;
  const { partition, region, account } = plan;
  const users =
    member === undefined
      ? "*"
      : `arn:${partition}:rds-db:${region}:${account}:dbuser:*/${member.databaseUser}`;
  return {
    name: policyName("locked-out", target),
    document: policyDocument({ Effect: "Deny", Action: "rds-db:connect", Resource: users }),
  };
}

/**
 * Sessions of the role that were given out before now may do nothing any more, as the IAM console revokes them, under the
 * same name. New ones are not concerned: it may stay, and letting the identity in again does not bring stolen ones back.
 * @param now the present time, such as 2026-12-02T09:30:00Z
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
export function noOlderSessions(target: Target, now: string): LockPolicy {
  const { member } = target;
  return {
    name: policyName("AWSRevokeOlderSessions", target),
    document: policyDocument({
      Effect: "Deny",
      Action: ["*"],
      Resource: ["*"],
      Condition: {
        DateLessThan: { "aws:TokenIssueTime": now },
        // In sessions of a role it is `AROA…:<name>`.
        ...(member && { StringLike: { "aws:userid": `*:${member.member}` } }),
      },
    }),
  };
}

/** On a role that is not made here others may have such a policy as well: another environment, or another identity. */
function policyName(part: string, { plan, identity, member }: Target): string {
  const prefix = identity.kind === "role" ? `${iamRoleName(plan.environment, identity.key)}-` : "";
  return `${prefix}${part}${member === undefined ? "" : `-${member.member}`}`;
}
