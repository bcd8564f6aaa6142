import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Role } from "@cdktf/provider-postgresql/lib/role";
import { Construct } from "constructs";
import { connectPolicy, type OidcProvider, trustPolicy } from "../../model/access/iam";
import type { IdentityPlan } from "../../model/access/identity";
import type { AccessPlan } from "../../model/access/plan";
import { IAM_LOGIN_ROLE } from "../../model/postgresql/names";

/** Options for {@link Identity}. */
export interface IdentityProps {
  /** The plan the identity is part of. */
  readonly plan: AccessPlan;
  /** Who it is. */
  readonly identity: IdentityPlan;
  /** Region-unique, immutable id of the database cluster (`cluster-ABC…`) or instance (`db-ABC…`), not its name. */
  readonly databaseResourceId: string;
  /** The OIDC provider of the EKS cluster that services run on. */
  readonly oidcProvider: OidcProvider;
  /** Group roles by name, so that a database user comes after its groups. */
  readonly groups: ReadonlyMap<string, Role>;
}

/**
 * One identity: a database user without a password, and an IAM role that may connect as it.
 * Memberships are part of the role, atomic with its creation, and a membership granted by hand shows as drift.
 */
export class Identity extends Construct {
  /** ARN of the IAM role. */
  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: IdentityProps) {
    super(scope, id);
    const { plan, identity, groups } = props;
    const role = new IamRole(this, "role", {
      name: identity.iamRole,
      description: `Connects to PostgreSQL as ${identity.databaseUser}`,
      assumeRolePolicy: JSON.stringify(trustPolicy(identity, props.oidcProvider)),
      ...(plan.permissionsBoundary && { permissionsBoundary: plan.permissionsBoundary }),
    });
    new IamRolePolicy(this, "connect", {
      name: "connect",
      role: role.name,
      policy: JSON.stringify(connectPolicy(plan, identity, props.databaseResourceId)),
    });
    const group = (name: string) => groups.get(name)?.name ?? name;
    new Role(this, "login", {
      name: identity.databaseUser,
      login: true,
      roles: identity.memberOf.map((name) => (name === IAM_LOGIN_ROLE ? name : group(name))),
      connectionLimit: identity.connectionLimit,
      ...(identity.sessionRole && { assumeRole: group(identity.sessionRole) }),
      // It owns nothing. Should it after all, its removal fails and says so, and nothing changes hands.
      skipReassignOwned: true,
    });
    this.roleArn = role.arn;
  }
}
