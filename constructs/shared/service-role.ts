import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type PolicyStatement, policyDocument } from "../../model/aws/policy-document";
import { partitionOf, servicePrincipal } from "../../model/aws/regions";

/** Options for {@link ServiceRole}. */
export interface ServiceRoleProps {
  /** Name of the role, unique in the account, at most 64 characters. */
  readonly name: string;
  /** What the role is for, shown in the console. */
  readonly description: string;
  /** AWS service that assumes the role, such as `ec2` or `monitoring.rds`. */
  readonly service: string;
  /** AWS region of the environment. */
  readonly region: string;
  /** Names of AWS-managed policies, with their path after `policy/`. @default none */
  readonly managedPolicies?: readonly string[];
  /** Statements of the role's own policy. @default none */
  readonly statements?: readonly PolicyStatement[];
  /** Conditions on who assumes it, such as `aws:SourceAccount` against a confused deputy. @default none */
  readonly condition?: PolicyStatement["Condition"];
}

/** An IAM role that one AWS service assumes. */
export class ServiceRole extends Construct {
  /** ARN of the role. */
  readonly arn: string;
  /** Name of the role. */
  readonly name: string;
  /** What must exist before the service can use the role: its policies. */
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: props.name,
      description: props.description,
      assumeRolePolicy: JSON.stringify(
        policyDocument({
          Effect: "Allow",
          Principal: { Service: servicePrincipal(props.service, props.region) },
          Action: "sts:AssumeRole",
          ...(props.condition && { Condition: props.condition }),
        }),
      ),
    });
    const attached = (props.managedPolicies ?? []).map(
      (policy) =>
        new IamRolePolicyAttachment(this, policy.replace(/^.*\//, ""), {
          role: role.name,
          policyArn: `arn:${partitionOf(props.region)}:iam::aws:policy/${policy}`,
        }),
    );
    const own = props.statements
      ? [
          new IamRolePolicy(this, "policy", {
            name: props.name,
            role: role.id,
            policy: JSON.stringify(policyDocument(...props.statements)),
          }),
        ]
      : [];
    this.arn = role.arn;
    this.name = role.name;
    this.policies = [...attached, ...own];
  }
}
