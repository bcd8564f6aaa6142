import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { type PolicyDocument, type PolicyStatement, policyDocument } from "../../model/aws/policy-document";
import { partitionOf, servicePrincipal } from "../../model/aws/regions";

/** Options for {@link EncryptionKey}. */
export interface EncryptionKeyProps {
  /** Alias without the `alias/` prefix, such as `dev-database`. */
  readonly name: string;
  /** What the key encrypts, shown in the console. */
  readonly description: string;
  /** AWS account that owns the key, 12 digits. */
  readonly account: string;
  /** AWS region of the key. */
  readonly region: string;
  /** Exact names of the CloudWatch log groups the key encrypts. @default none */
  readonly logGroupNames?: readonly string[];
  /** Further statements of the key policy. @default none */
  readonly statements?: readonly PolicyStatement[];
  /** Refuse to destroy the key: whatever it encrypts, snapshots included, is lost with it. @default true */
  readonly protect?: boolean;
}

/**
 * A customer-managed KMS key with rotation and a key policy without wildcards.
 * A deleted key can be restored for 30 days: `aws kms cancel-key-deletion`.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export class EncryptionKey extends Construct {
  /** ARN of the key. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "key", {
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: JSON.stringify(keyPolicy(props)),
      tags: { Name: props.name },
      lifecycle: { preventDestroy: props.protect ?? true },
    });
    new KmsAlias(this, "alias", { name: `alias/${props.name}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}

/**
 * Everything the account's own IAM policies may delegate on a symmetric key. AWS's default is `kms:*`; spelt out,
 * a new KMS action is not allowed before somebody adds it here.
 */
const KEY_ACTIONS = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
] as const;

/**
 * The key policy: IAM policies of the account decide (without that statement a key can become unmanageable), and
 * CloudWatch Logs may use the key for the named log groups only.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function keyPolicy(props: EncryptionKeyProps): PolicyDocument {
  const partition = partitionOf(props.region);
  const arn = (service: string, region: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${props.account}:${resource}`;
  const logGroups = (props.logGroupNames ?? []).map((name) => arn("logs", props.region, `log-group:${name}`));
  const statements: PolicyStatement[] = [
    {
      Sid: "AccountPoliciesDecide",
      Effect: "Allow",
      Principal: { AWS: arn("iam", "", "root") },
      Action: KEY_ACTIONS,
      // In a key policy the resource is always the key itself, and AWS takes only "*" for it.
      Resource: "*",
    },
  ];
  if (logGroups.length > 0) {
    statements.push({
      Sid: "LogGroupsOfThisEnvironment",
      Effect: "Allow",
      Principal: { Service: servicePrincipal("logs", props.region) },
      Action: [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      Resource: "*",
      Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": logGroups } },
    });
  }
  return policyDocument(...statements, ...(props.statements ?? []));
}
