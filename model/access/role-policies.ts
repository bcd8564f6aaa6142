import { metricNamespace } from "../aws/metrics";
import { iamRoleName } from "../aws/names";
import { type PolicyDocument, policyDocument } from "../aws/policy-document";
import { connectPolicy } from "./iam";
import { type IdentityPlan, isOutsideEks } from "./identity";
import { furtherPolicies } from "./outside-eks";
import type { AccessPlan } from "./plan";

/** A policy of an identity's IAM role. */
export interface RolePolicy {
  /** What it is for: `connect`, `read-connection`, `network-interfaces`, `metrics`. */
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
    ...(identity.kind === "service" && identity.verifies && { metrics: putMetrics(plan) }),
  };
  const prefix = identity.kind === "role" ? `${iamRoleName(plan.environment, identity.key)}-` : "";
  return Object.entries(documents).map(([part, document]) => ({ part, name: `${prefix}${part}`, document }));
}

/**
 * Allows the job that verifies to say what it found.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
 */
function putMetrics({ environment }: AccessPlan): PolicyDocument {
  return policyDocument({
    Effect: "Allow",
    Action: "cloudwatch:PutMetricData",
    // The action knows no resources; which namespace it is, the condition says.
    Resource: "*",
    Condition: { StringEquals: { "cloudwatch:namespace": metricNamespace(environment) } },
  });
}
