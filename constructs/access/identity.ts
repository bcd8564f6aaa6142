import { DataAwsIamRole } from "@cdktf/provider-aws/lib/data-aws-iam-role";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Role } from "@cdktf/provider-postgresql/lib/role";
import { Construct } from "constructs";
import {
  type DatabaseResourceIds,
  type OidcProvider,
  policyJson,
  resourceIdsOf,
  roleDescription,
  trustPolicy,
} from "../../model/access/iam";
import { type IdentityPlan, type Login, loginsOf } from "../../model/access/identity";
import type { AccessPlan } from "../../model/access/plan";
import { rolePolicies } from "../../model/access/role-policies";
import { takenOver } from "../../model/access/taken-over";
import { databaseUser as groupUser, IAM_LOGIN_ROLE } from "../../model/postgresql/names";

/** Options for {@link Identity}. */
export interface IdentityProps {
  /** The plan the identity is part of. */
  readonly plan: AccessPlan;
  /** Who it is. */
  readonly identity: IdentityPlan;
  /** Immutable ids of the database and of the RDS Proxy before it, not their names. */
  readonly resourceIds: DatabaseResourceIds;
  /** The OIDC provider of the EKS cluster that services run on. @default they take their roles by Pod Identity alone */
  readonly oidcProvider?: OidcProvider;
  /** Group roles by name, so that a database user comes after its groups. */
  readonly groups: ReadonlyMap<string, Role>;
}

/**
 * One identity: database users without a password, and an IAM role that may connect as them.
 * Memberships are part of the role, atomic with its creation, and a membership granted by hand shows as drift.
 */
export class Identity extends Construct {
  /** ARN of the IAM role. */
  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: IdentityProps) {
    super(scope, id);
    const { plan, identity, groups } = props;
    const role = this.role(props);
    const resourceIds = resourceIdsOf(identity, props.resourceIds);
    for (const { part, name, document } of rolePolicies(plan, identity, resourceIds)) {
      new IamRolePolicy(this, part, { name, role: role.name, policy: policyJson(document) });
    }
    if (identity.kind === "workload" && identity.runsOn === "ec2") {
      new IamInstanceProfile(this, "instance-profile", { name: identity.iamRole, role: role.name });
    }
    const group = (name: string) => groups.get(name)?.name ?? name;
    for (const login of loginsOf(identity)) {
      const user = new Role(this, loginId(identity, login), {
        name: login.databaseUser,
        login: true,
        roles: identity.memberOf.map((name) => (name === IAM_LOGIN_ROLE ? name : group(name))),
        connectionLimit: identity.connectionLimit,
        statementTimeout: identity.statementTimeout,
        idleInTransactionSessionTimeout: identity.idleInTransactionSessionTimeout,
        ...(identity.searchPath && { searchPath: [...identity.searchPath] }),
        ...(identity.sessionRole && { assumeRole: group(identity.sessionRole) }),
        // It owns nothing. Should it after all, its removal fails and says so, and nothing changes hands.
        skipReassignOwned: true,
      });
      if (takenOver.logins(plan, identity)) user.importFrom(login.databaseUser);
    }
    this.roleArn = role.arn;
  }

  /** The IAM role, made here or there already. */
  private role({ plan, identity, oidcProvider }: IdentityProps): {
    readonly name: string;
    readonly arn: string;
  } {
    if (identity.kind === "role") {
      // Read, so that a plan stops where it is not there; its ARN has a path that the file does not say.
      const { arn } = new DataAwsIamRole(this, "existing-role", { name: identity.iamRole });
      return { name: identity.iamRole, arn };
    }
    return new IamRole(this, "role", {
      name: identity.iamRole,
      description: roleDescription(identity),
      assumeRolePolicy: policyJson(trustPolicy(plan, identity, oidcProvider)),
      ...(plan.permissionsBoundary && { permissionsBoundary: plan.permissionsBoundary }),
    });
  }
}

/** `login`; of a member what is theirs in the database user's name, too: `login-anna`. No two members have the same. */
function loginId({ key }: IdentityPlan, { databaseUser, member }: Login): string {
  const own = databaseUser.slice(groupUser(key).length + 1);
  return member === undefined ? "login" : `login-${own.replaceAll("_", "-")}`;
}
