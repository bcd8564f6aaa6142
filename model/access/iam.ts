import { unreachable } from "../../lib/unreachable";
import { connectManyStatement, connectStatement, peopleTrust } from "../aws/people-policies";
import { byAssociation, byToken, podIdentityTrust } from "../aws/pod-identity";
import { type PolicyDocument, type PolicyStatement, policyDocument } from "../aws/policy-document";
import { servicePrincipal } from "../aws/regions";
import type { Runtime } from "../config/access/place";
import {
  databaseUsers,
  type IdentityBase,
  type IdentityPlan,
  loginsOf,
  type ServiceIdentity,
} from "./identity";
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
 * Allows connecting to one database cluster, or to the proxy before it, as the identity's database users, and nothing else.
 * A wildcard here would let any holder log in as the admin, so none is ever written.
 * @param resourceIds of what it connects to, which {@link resourceIdsOf} knows
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export function connectPolicy(
  plan: AccessPlan,
  identity: IdentityPlan,
  ...resourceIds: readonly string[]
): PolicyDocument {
  return policyDocument(
    ...resourceIds.flatMap((databaseResourceId) =>
      loginsOf(identity).map(({ databaseUser, member }) =>
        connectStatement(plan, {
          databaseResourceId,
          databaseUser,
          member,
          until: identity.kind === "people" ? identity.until : undefined,
        }),
      ),
    ),
  );
}

/**
 * Allows the proxy to connect to the database as those who go through it, and as nobody else; undefined when nobody does.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-iam-setup.html
 */
export function proxyPolicy(plan: AccessPlan, databaseResourceId: string): PolicyDocument | undefined {
  const users = plan.identities.filter(({ through }) => through === "proxy").flatMap(databaseUsers);
  if (users.length === 0) return undefined;
  return policyDocument(connectManyStatement(plan, databaseResourceId, users));
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

/**
 * Who may take an identity's IAM role; without a statement where the role is not made here, and that is not decided here.
 * @param provider of the EKS cluster that services run on; not needed where they take roles by Pod Identity alone
 */
export function trustPolicy(
  plan: AccessPlan,
  identity: IdentityPlan,
  provider?: OidcProvider,
): PolicyDocument {
  switch (identity.kind) {
    case "service":
      return podTrust(plan, identity, provider);
    case "workload":
      return runtimeTrust(plan, identity.runsOn);
    case "role":
      return policyDocument();
    case "principals":
      return policyDocument(...peopleTrust(identity));
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

/** Trusts the pods of one ServiceAccount by IRSA, by Pod Identity or, on the way from one to the other, by both. */
function podTrust(
  plan: AccessPlan,
  { key, namespace, serviceAccount, takesRoleBy }: ServiceIdentity,
  provider: OidcProvider | undefined,
): PolicyDocument {
  const trust: PolicyStatement[] = [];
  if (byToken(takesRoleBy)) {
    if (!provider) throw new Error(`${key} takes its role through an OIDC provider, and there is none`);
    trust.push(...serviceAccountTrust(provider, namespace, serviceAccount).Statement);
  }
  if (byAssociation(takesRoleBy)) {
    trust.push(podIdentityTrust({ eksClusterArn: eksClusterArn(plan), namespace, serviceAccount }));
  }
  return policyDocument(...trust);
}

/** ARN of the EKS cluster whose pods take roles by Pod Identity. */
export function eksClusterArn({ partition, region, account, eksCluster }: AccessPlan): string {
  if (eksCluster === undefined) throw new Error("no pod takes a role by Pod Identity");
  return `arn:${partition}:eks:${region}:${account}:cluster/${eksCluster}`;
}

/** What takes the roles of workloads on each runtime. */
const RUNTIME_SERVICES: Readonly<Record<Runtime, string>> = {
  lambda: "lambda",
  ecs: "ecs-tasks",
  ec2: "ec2",
};

/**
 * Trusts the service of AWS that a workload runs on. ECS says for which account's tasks it asks; without that, another
 * account's could be given the role by way of it.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
function runtimeTrust({ partition, region, account }: AccessPlan, runsOn: Runtime): PolicyDocument {
  return policyDocument({
    Effect: "Allow",
    Principal: { Service: servicePrincipal(RUNTIME_SERVICES[runsOn], region) },
    Action: "sts:AssumeRole",
    ...(runsOn === "ecs" && {
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": `arn:${partition}:ecs:${region}:${account}:*` },
      },
    }),
  });
}

/** The ids by which `rds-db:connect` names the database and the RDS Proxy before it. */
export interface DatabaseResourceIds {
  /** `cluster-…` or, of an instance, `db-…`. */
  readonly database: string;
  /** `prx-…`. @default there is no proxy */
  readonly proxy?: string;
}

/** What an identity connects to: the database, or the proxy before it and, where that does not lead to readers, both. */
export function resourceIdsOf(
  { key, through, readsDirectly }: Pick<IdentityBase, "key" | "through" | "readsDirectly">,
  { database, proxy }: DatabaseResourceIds,
): readonly string[] {
  if (through === undefined) return [database];
  if (proxy === undefined) throw new Error(`${key} connects through a proxy, and there is none`);
  return readsDirectly ? [proxy, database] : [proxy];
}
