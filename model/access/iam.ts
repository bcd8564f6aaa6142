import { unreachable } from "../../lib/unreachable";
import { connectStatement, peopleTrust } from "../aws/people-policies";
import { type PolicyDocument, policyDocument } from "../aws/policy-document";
import { type IdentityPlan, loginsOf } from "./identity";
import type { AccessPlan } from "./plan";

/** The OIDC provider of a cluster, as IAM knows it. */
export interface OidcProvider {
  readonly arn: string;
  /** Host and path of the issuer, without https://. */
  readonly issuer: string;
}

/** Audience of the tokens that EKS gives pods for AWS. */
export const TOKEN_AUDIENCE = "sts.amazonaws.com";

/** Annotation of a ServiceAccount by which EKS gives its pods an IAM role. */
export const ROLE_ANNOTATION = "eks.amazonaws.com/role-arn";

/** ARN of an identity's IAM role. */
export function iamRoleArn(plan: AccessPlan, identity: IdentityPlan): string {
  return `arn:${plan.partition}:iam::${plan.account}:role/${identity.iamRole}`;
}

/**
 * What an identity's IAM role says it is for, and why. Members are not listed: a description holds 1,000 characters, and a
 * member more is a matter of the policies.
 */
export function roleDescription(identity: IdentityPlan): string {
  const what =
    "members" in identity
      ? `Connects to PostgreSQL as a database user for each member of ${identity.key}`
      : `Connects to PostgreSQL as ${identity.databaseUser}`;
  return identity.kind === "people" && identity.reason !== undefined ? `${what}: ${identity.reason}` : what;
}

/** A policy as Terraform reads it: `${sts:…}` is for IAM to put in, and no expression of Terraform's. */
export function policyJson(document: PolicyDocument): string {
  return JSON.stringify(document).replaceAll("${sts:", () => "$${sts:");
}

/**
 * Allows connecting to one database cluster as the identity's database users, and nothing else.
 * A wildcard here would let any holder log in as the admin, so none is ever written.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export function connectPolicy(
  plan: AccessPlan,
  identity: IdentityPlan,
  databaseResourceId: string,
): PolicyDocument {
  return policyDocument(
    ...loginsOf(identity).map(({ databaseUser, member }) =>
      connectStatement(plan, {
        databaseResourceId,
        databaseUser,
        member,
        until: identity.kind === "people" ? identity.until : undefined,
      }),
    ),
  );
}

/**
 * Trusts one Kubernetes ServiceAccount. Without the audience a token meant for another system would do;
 * without the exact subject any pod of the cluster would.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
 */
export function serviceAccountTrust(
  provider: OidcProvider,
  namespace: string,
  serviceAccount: string,
): PolicyDocument {
  return policyDocument({
    Effect: "Allow",
    Principal: { Federated: provider.arn },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${provider.issuer}:aud`]: TOKEN_AUDIENCE,
        [`${provider.issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
      },
    },
  });
}

/** Who may take an identity's IAM role. */
export function trustPolicy(identity: IdentityPlan, provider: OidcProvider): PolicyDocument {
  switch (identity.kind) {
    case "service":
      return serviceAccountTrust(provider, identity.namespace, identity.serviceAccount);
    case "people":
      return policyDocument(
        ...peopleTrust({
          ...identity,
          members: "members" in identity ? identity.members.map(({ name }) => name) : undefined,
        }),
      );
    default:
      return unreachable(identity);
  }
}
