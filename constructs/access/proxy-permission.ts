import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { policyJson, proxyPolicy } from "../../model/access/iam";
import type { AccessPlan } from "../../model/access/plan";
import { proxyRoleName } from "../../model/aws/names";

/** Options for {@link ProxyPermission}. */
export interface ProxyPermissionProps {
  /** The plan that says who goes through the proxy. */
  readonly plan: AccessPlan;
  /** Region-unique, immutable id of the database cluster (`cluster-ABC…`) or instance (`db-ABC…`), not its name. */
  readonly databaseResourceId: string;
}

/**
 * What the proxy may connect to the database as: exactly the database users of those who go through it. It is here and not with
 * the proxy, so that a service more is a deployment of this stack alone.
 */
export class ProxyPermission extends Construct {
  constructor(scope: Construct, id: string, { plan, databaseResourceId }: ProxyPermissionProps) {
    super(scope, id);
    const policy = proxyPolicy(plan, databaseResourceId);
    if (!policy) return;
    new IamRolePolicy(this, "connect", {
      name: "connect",
      role: proxyRoleName(plan.environment),
      policy: policyJson(policy),
    });
  }
}
