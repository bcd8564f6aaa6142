import { unreachable } from "../../lib/unreachable";
import { type PolicyDocument, policyDocument } from "../aws/policy-document";
import type { IdentityPlan } from "./identity";
import type { AccessPlan } from "./plan";

/** The OIDC provider of a cluster, as IAM knows it. */
export interface OidcProvider {
  readonly arn: string;
  /** Host and path of the issuer, without https://. */
  readonly issuer: string;
}

/** Audience of the tokens that EKS gives pods for AWS. */
export const TOKEN_AUDIENCE = "sts.amazonaws.com";

/** ARN of an identity's IAM role. */
export function iamRoleArn(plan: AccessPlan, identity: IdentityPlan): string {
  return `arn:${plan.partition}:iam::${plan.account}:role/${identity.iamRole}`;
}

/**
 * ARN of an identity's database user: what `rds-db:connect` is allowed on.
 * @param databaseResourceId region-unique, immutable id of the database cluster (`cluster-ABC…`) or instance (`db-ABC…`), not its name
 */
export function databaseUserArn(
  plan: AccessPlan,
  identity: IdentityPlan,
  databaseResourceId: string,
): string {
  return `arn:${plan.partition}:rds-db:${plan.region}:${plan.account}:dbuser:${databaseResourceId}/${identity.databaseUser}`;
}

/**
 * Allows connecting to one database cluster as one database user, and nothing else.
 * A wildcard here would let any holder log in as the admin, so none is ever written.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export function connectPolicy(
  plan: AccessPlan,
  identity: IdentityPlan,
  databaseResourceId: string,
): PolicyDocument {
  return policyDocument({
    Effect: "Allow",
    Action: "rds-db:connect",
    Resource: databaseUserArn(plan, identity, databaseResourceId),
  });
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
      return policyDocument({
        Effect: "Allow",
        Principal: { AWS: identity.principals },
        Action: "sts:AssumeRole",
      });
    default:
      return unreachable(identity);
  }
}
