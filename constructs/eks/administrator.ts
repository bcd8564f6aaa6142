import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import { Construct } from "constructs";
import { partitionOf } from "../../model/aws/regions";

/** Options for {@link Administrator}. */
export interface AdministratorProps {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** AWS region of the cluster. */
  readonly region: string;
  /** ARN of the IAM role or user, with its path; never that of a role's session. */
  readonly principalArn: string;
  /** Keep the first principal, whatever `principalArn` is in later plans. @default false */
  readonly keepPrincipal?: boolean;
}

/**
 * One IAM role or user that may do everything in the cluster.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html
 */
export class Administrator extends Construct {
  constructor(scope: Construct, id: string, props: AdministratorProps) {
    super(scope, id);
    const entry = new EksAccessEntry(this, "entry", {
      clusterName: props.clusterName,
      principalArn: props.principalArn,
      ...(props.keepPrincipal && { lifecycle: { ignoreChanges: ["principal_arn"] } }),
    });
    new EksAccessPolicyAssociation(this, "policy", {
      clusterName: props.clusterName,
      principalArn: entry.principalArn,
      policyArn: `arn:${partitionOf(props.region)}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
      accessScope: { type: "cluster" },
    });
  }
}
