import { iamRoleName } from "../aws/names";
import type { PolicyDocument } from "../aws/policy-document";
import { connectPolicy } from "./iam";
import { type IdentityPlan, isOutsideEks } from "./identity";
import { furtherPolicies } from "./outside-eks";
import type { AccessPlan } from "./plan";

/** A policy of an identity's IAM role. */
export interface RolePolicy {
  /** What it is for: `connect`, `read-connection`, `network-interfaces`. */
  readonly part: string;
  /** Its name on the role. */
  readonly name: string;
  readonly document: PolicyDocument;
}

/**
 * All that an identity's IAM role may do, as policies of the role itself. On a role that is not made here their names say whose
 * they are: another environment's, or another identity's, may be there as well, and the role's owner has to know them.
 * @param resourceIds of what it connects to
 */
export function rolePolicies(
  plan: AccessPlan,
  identity: IdentityPlan,
  resourceIds: readonly string[],
): RolePolicy[] {
  const documents = {
    connect: connectPolicy(plan, identity, ...resourceIds),
    ...(isOutsideEks(identity) && furtherPolicies(plan, identity)),
  };
  const prefix = identity.kind === "role" ? `${iamRoleName(plan.environment, identity.key)}-` : "";
  return Object.entries(documents).map(([part, document]) => ({ part, name: `${prefix}${part}`, document }));
}
