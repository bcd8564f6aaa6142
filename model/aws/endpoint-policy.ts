import { type PolicyDocument, type PolicyStatement, policyDocument } from "./policy-document";

/**
 * Requests that a service gets without a signature of the account's, and that must go through all the same: image layers of
 * ECR come by links to S3 that ECR has signed, packages and much else from buckets that everybody may read; pods prove
 * to STS who they are by a token alone.
 */
const UNSIGNED: readonly {
  readonly service: RegExp;
  readonly action: string;
  /** Only to what belongs to the account or organization. */
  readonly ownOnly: boolean;
}[] = [
  { service: /(^|\.)s3$/, action: "s3:GetObject", ownOnly: false },
  { service: /(^|\.)sts$/, action: "sts:AssumeRoleWithWebIdentity", ownOnly: true },
];

/**
 * What a VPC endpoint lets through, of whatever IAM allows: every action, of the account's principals or its
 * organization's. It gives nobody a permission. A stranger's access key that somebody brings along, to carry data out to
 * an account of theirs, is of no use.
 * @param service such as `s3` or `ecr.api`, or its full name
 * @param principals `account`, `any`, or the id of an organization
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
export function endpointPolicy(service: string, principals: string, account: string): PolicyDocument {
  const own = principals === "account" ? "Account" : "OrgID";
  const whose = principals === "account" ? account : principals;
  const allow = (statement: Partial<PolicyStatement>): PolicyStatement => ({
    Effect: "Allow",
    Principal: "*",
    Action: "*",
    Resource: "*",
    ...statement,
  });
  // Without a document AWS would keep the one that was there before.
  if (principals === "any") return policyDocument(allow({}));
  const condition = (key: string) => ({ Condition: { StringEquals: { [`aws:${key}${own}`]: whose } } });
  return policyDocument(
    allow(condition("Principal")),
    ...UNSIGNED.filter((each) => each.service.test(service)).map(({ action, ownOnly }) =>
      allow({ Action: action, ...(ownOnly && condition("Resource")) }),
    ),
  );
}
