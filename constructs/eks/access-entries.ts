import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsIamSessionContext } from "@cdktf/provider-aws/lib/data-aws-iam-session-context";
import { Construct } from "constructs";
import { Administrator } from "./administrator";

/** Options for {@link AccessEntries}. */
export interface AccessEntriesProps {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** AWS account of the cluster, 12 digits. */
  readonly account: string;
  /** AWS region of the cluster. */
  readonly region: string;
  /** ARNs of IAM roles or users; empty: entries are managed elsewhere. @default whoever first deploys the cluster */
  readonly administrators?: readonly string[];
}

/**
 * Who administers the cluster. Without a list it is the identity that first deploys, for good: were it whoever deploys
 * now, a CI run and a person would take the entry from each other, and each would lock the other out.
 *
 * A principal has one entry in a cluster. Listing the first deployer later creates its new entry while the old one goes,
 * which EKS may refuse once; a second deploy then succeeds. EKS itself is never locked: IAM alone decides who may deploy.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
export class AccessEntries extends Construct {
  constructor(scope: Construct, id: string, props: AccessEntriesProps) {
    super(scope, id);
    const { clusterName, account, region, administrators } = props;
    for (const principalArn of administrators ?? []) {
      new Administrator(this, administratorId(principalArn, account), { clusterName, region, principalArn });
    }
    if (administrators) return;
    const caller = new DataAwsCallerIdentity(this, "caller");
    // A session's ARN names the session too; an access entry needs the role itself, with its path.
    const session = new DataAwsIamSessionContext(this, "session", { arn: caller.arn });
    new Administrator(this, "first-deployer", {
      clusterName,
      region,
      principalArn: session.issuerArn,
      keepPrincipal: true,
    });
  }
}

/**
 * Construct id of an administrator: `role-PlatformAdmin`, and with the account in front where it is another one.
 * Different principals have different ids: a colon, which stands for the slashes of a path, is in no IAM name.
 */
export function administratorId(principalArn: string, account: string): string {
  const [owner = "", ...resource] = principalArn.replace(/^arn:[^:]+:iam::/, "").split(":");
  const [kind, ...path] = resource.join(":").split("/");
  return `${owner === account ? "" : `${owner}-`}${kind}-${path.join(":")}`;
}
