import type { StackResource } from "./resource";

/**
 * Attributes of a resource that somebody else tells of, and that the stack may not have otherwise: what differs of them counts,
 * and shows only where data is lost. undefined for a resource that nobody else looks at.
 */
export type Explained = (resource: StackResource) => readonly string[] | undefined;

const OBJECT = ["metadata", "depends_on"];

/** What the access plan decides, by type; of a block, an attribute after a dot. Protection is not in it, nor is what a plan says nothing of. */
const BY_THE_PLAN: Readonly<Record<string, readonly string[]>> = {
  aws_eks_pod_identity_association: ["cluster_name", "namespace", "role_arn", "service_account"],
  aws_iam_instance_profile: ["name", "role"],
  aws_iam_role: ["name", "description", "assume_role_policy", "permissions_boundary"],
  aws_iam_role_policy: ["name", "policy", "role"],
  aws_ssm_parameter: ["description", "insecure_value", "name", "tier", "type"],
  kubernetes_config_map_v1: [...OBJECT, "data"],
  kubernetes_namespace_v1: OBJECT,
  kubernetes_network_policy_v1: [...OBJECT, "spec"],
  kubernetes_service_account_v1: [...OBJECT, "automount_service_account_token"],
  postgresql_database: ["name", "depends_on"],
  postgresql_default_privileges: [
    "database",
    "depends_on",
    "object_type",
    "owner",
    "privileges",
    "role",
    "schema",
  ],
  postgresql_extension: ["database", "depends_on", "lifecycle.ignore_changes", "name", "schema"],
  postgresql_grant: ["database", "depends_on", "object_type", "privileges", "role", "schema"],
  postgresql_role: [
    "assume_role",
    "connection_limit",
    "depends_on",
    "idle_in_transaction_session_timeout",
    "login",
    "name",
    "roles",
    "search_path",
    "statement_timeout",
  ],
  postgresql_schema: ["database", "name", "owner"],
};

/** The job that verifies has the plan itself. */
const BY_THE_PLAN_OF_JOB: typeof BY_THE_PLAN = { kubernetes_config_map_v1: ["data"] };

/** What access findings tell of an environment's stacks. That they do as the plan says is checked elsewhere. */
export function explainedByPlan(environment: string): Explained {
  const byStack = new Map([
    [`${environment}-access`, BY_THE_PLAN],
    [`${environment}-verify`, BY_THE_PLAN_OF_JOB],
  ]);
  return ({ stack, type }) => {
    const explained = byStack.get(stack);
    return explained && Object.hasOwn(explained, type) ? explained[type] : undefined;
  };
}

/** Nobody else tells of anything. */
export const NOTHING_EXPLAINED: Explained = () => undefined;
