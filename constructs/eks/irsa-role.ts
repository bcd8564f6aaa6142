import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type OidcProvider, serviceAccountTrust } from "../../model/access/iam";
import { partitionOf } from "../../model/aws/regions";

/** Options for {@link IrsaRole}. */
export interface IrsaRoleProps {
  /** Name of the role, unique in the account, at most 64 characters. */
  readonly name: string;
  /** What the role is for, shown in the console. */
  readonly description: string;
  /** AWS region of the environment. */
  readonly region: string;
  /** The OIDC provider of the cluster. */
  readonly oidcProvider: OidcProvider;
  /** Kubernetes namespace of the ServiceAccount. */
  readonly namespace: string;
  /** The one ServiceAccount that may take the role. */
  readonly serviceAccount: string;
  /** Name of the AWS-managed policy, with its path after `policy/`. */
  readonly managedPolicy: string;
}

/**
 * An IAM role for one ServiceAccount of the cluster itself (IRSA). Services get theirs from the access plan.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
 */
export class IrsaRole extends Construct {
  /** ARN of the role. */
  readonly arn: string;
  /** What must exist before a pod can use the role. */
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, props: IrsaRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: props.name,
      description: props.description,
      assumeRolePolicy: JSON.stringify(
        serviceAccountTrust(props.oidcProvider, props.namespace, props.serviceAccount),
      ),
    });
    this.policy = new IamRolePolicyAttachment(this, "policy", {
      role: role.name,
      policyArn: `arn:${partitionOf(props.region)}:iam::aws:policy/${props.managedPolicy}`,
    });
    this.arn = role.arn;
  }
}
