import { unreachable } from "../../lib/unreachable";
import { type PolicyDocument, type PolicyStatement, policyDocument } from "../aws/policy-document";
import { type IdentityPlan, loginsOf, type PeopleIdentity } from "./identity";
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
 * ARN of a database user: what `rds-db:connect` is allowed on.
 * @param databaseResourceId region-unique, immutable id of the database cluster (`cluster-ABC…`) or instance (`db-ABC…`), not its name
 */
export function databaseUserArn(plan: AccessPlan, databaseUser: string, databaseResourceId: string): string {
  return `arn:${plan.partition}:rds-db:${plan.region}:${plan.account}:dbuser:${databaseResourceId}/${databaseUser}`;
}

/**
 * What an identity's IAM role says it is for. Members are not listed: a description holds 1,000 characters, and a member more
 * is a matter of the policies.
 */
export function roleDescription(identity: IdentityPlan): string {
  return "members" in identity
    ? `Connects to PostgreSQL as a database user for each member of ${identity.key}`
    : `Connects to PostgreSQL as ${identity.databaseUser}`;
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
    ...connectStatements(identity, (user) => databaseUserArn(plan, user, databaseResourceId)),
  );
}

/** One statement for each database user. */
function connectStatements(
  identity: IdentityPlan,
  arnOf: (databaseUser: string) => string,
): PolicyStatement[] {
  return loginsOf(identity).map(
    ({ databaseUser }): PolicyStatement => ({
      Effect: "Allow",
      Action: "rds-db:connect",
      Resource: arnOf(databaseUser),
    }),
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
      return policyDocument(...peopleTrust(identity));
    default:
      return unreachable(identity);
  }
}

/**
 * Trusts the listed principals, under the conditions of the group. A session carries a source identity either from its own
 * sign-in on (`aws:SourceIdentity`) or from this call (`sts:SourceIdentity`); to take a role with one takes an action more.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
function peopleTrust({ principals, requireMfa, requireSourceIdentity }: PeopleIdentity): PolicyStatement[] {
  const trust = { Effect: "Allow", Principal: { AWS: principals } } as const;
  const mfa = requireMfa && { Bool: { "aws:MultiFactorAuthPresent": "true" } };
  if (!requireSourceIdentity) return [{ ...trust, Action: "sts:AssumeRole", ...(mfa && { Condition: mfa }) }];
  return ["aws:SourceIdentity", "sts:SourceIdentity"].map((key) => ({
    ...trust,
    Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
    Condition: { ...mfa, Null: { [key]: "false" } },
  }));
}
