import { CA_FILE, connectionVariables, type Endpoints } from "../../../model/access/connection";
import {
  iamRoleArn,
  policyJson,
  proxyPolicy,
  ROLE_ANNOTATION,
  resourceIdsOf,
  roleDescription,
  trustPolicy,
} from "../../../model/access/iam";
import {
  databaseUsers,
  type IdentityOutsideEks,
  type IdentityPlan,
  isKnownKind,
  isOutsideEks,
} from "../../../model/access/identity";
import {
  CERTIFICATES_DESCRIPTION,
  certificatesParameter,
  connectionOutsideEks,
  connectionPath,
} from "../../../model/access/outside-eks";
import type { AccessPlan } from "../../../model/access/plan";
import { rolePolicies } from "../../../model/access/role-policies";
import { proxyRoleName } from "../../../model/aws/names";
import { parameterTier } from "../../../model/aws/parameters";
import { byAssociation, byToken } from "../../../model/aws/pod-identity";
import { POSTGRESQL_PORT } from "../../../model/postgresql/names";
import { type PlannedResource, resource } from "./planned-resource";
import { isBlock } from "./resource-keys";
import type { SharedFacts } from "./shared-facts";

/** What policies call the database and the proxy before it. */
const RESOURCE_IDS = { database: "${local.database-resource-id}", proxy: "${local.proxy-resource-id}" };

/** What an identity comes to: its IAM role, its logins, and how what runs as it connects. */
export function identityResources(
  plan: AccessPlan,
  identity: IdentityPlan,
  facts: SharedFacts,
): PlannedResource[] {
  // Of a kind that only a newer version knows nothing is planned here: all that its stack has for it is then a difference.
  if (!isKnownKind(identity)) return [];
  const { memberOf, connectionLimit, sessionRole, iamRole } = identity;
  const { statementTimeout, idleInTransactionSessionTimeout, searchPath } = identity;
  const provider = { arn: "${local.oidc-provider-arn}", issuer: "${local.oidc-issuer}" };
  return [
    ...(identity.kind === "role"
      ? []
      : [
          resource("aws_iam_role", {
            name: iamRole,
            description: roleDescription(identity),
            assume_role_policy: policyJson(trustPolicy(plan, identity, provider)),
            ...(plan.permissionsBoundary && { permissions_boundary: plan.permissionsBoundary }),
          }),
        ]),
    ...rolePolicies(plan, identity, resourceIdsOf(identity, RESOURCE_IDS)).map(({ name, document }) =>
      resource("aws_iam_role_policy", { name, role: iamRole, policy: policyJson(document) }),
    ),
    ...databaseUsers(identity).map((name) =>
      resource("postgresql_role", {
        name,
        login: true,
        roles: memberOf,
        connection_limit: connectionLimit,
        ...(statementTimeout !== undefined && { statement_timeout: statementTimeout }),
        ...(idleInTransactionSessionTimeout !== undefined && {
          idle_in_transaction_session_timeout: idleInTransactionSessionTimeout,
        }),
        ...(searchPath && { search_path: searchPath }),
        ...(sessionRole !== undefined && { assume_role: sessionRole }),
        skip_reassign_owned: true,
      }),
    ),
    ...(identity.kind === "service" ? serviceResources(plan, identity, facts) : []),
    ...(isOutsideEks(identity) ? resourcesOutsideEks(plan, identity, facts) : []),
  ];
}

/** What the proxy may connect to the database as. */
export function proxyResources(plan: AccessPlan): PlannedResource[] {
  const policy = proxyPolicy(plan, RESOURCE_IDS.database);
  if (!policy) return [];
  const role = proxyRoleName(plan.environment);
  return [resource("aws_iam_role_policy", { name: "connect", role, policy: policyJson(policy) })];
}

/** Where the database and the proxy listen, as a stack has it, but for the ports. */
function endpointsOf({ endpoint, readsDirectly }: IdentityPlan, facts: SharedFacts): Endpoints {
  const at = (name: string) => ({ host: `\${local.${name}}`, port: 0 });
  const reader = { reader: at("reader-endpoint") };
  const proxied = facts.proxyReaders !== undefined || endpoint !== undefined;
  return {
    writer: at("writer-endpoint"),
    ...((facts.readers !== undefined || endpoint) && reader),
    proxy: {
      writer: at("proxy-endpoint"),
      ...(proxied ? { reader: at("proxy-reader-endpoint") } : readsDirectly && reader),
    },
  };
}

/** That of the proxy is always the same. */
function portOf({ through }: IdentityPlan, { port }: SharedFacts): unknown {
  return through === "proxy" ? String(POSTGRESQL_PORT) : port;
}

function serviceResources(
  plan: AccessPlan,
  identity: Extract<IdentityPlan, { readonly kind: "service" }>,
  facts: SharedFacts,
): PlannedResource[] {
  const { namespace, serviceAccount, configMap, takesRoleBy } = identity;
  const data = connectionVariables(plan, identity, endpointsOf(identity, facts));
  const account = resource("kubernetes_service_account_v1", {
    metadata: {
      name: serviceAccount,
      namespace,
      ...(byToken(takesRoleBy) && { annotations: { [ROLE_ANNOTATION]: iamRoleArn(plan, identity) } }),
    },
    automount_service_account_token: false,
  });
  const association = resource("aws_eks_pod_identity_association", {
    cluster_name: plan.eksCluster,
    namespace,
    service_account: serviceAccount,
    role_arn: iamRoleArn(plan, identity),
  });
  return [
    ...(byAssociation(takesRoleBy) ? [association] : []),
    ...(identity.serviceAccountExists ? [] : [account]),
    resource("kubernetes_config_map_v1", {
      metadata: { name: configMap, namespace },
      data: { ...data, PGPORT: portOf(identity, facts) },
    }),
  ];
}

function resourcesOutsideEks(
  plan: AccessPlan,
  identity: IdentityOutsideEks,
  facts: SharedFacts,
): PlannedResource[] {
  const variables = connectionOutsideEks(plan, identity, endpointsOf(identity, facts));
  const profile = { name: identity.iamRole, role: identity.iamRole };
  return [
    ...Object.entries({ ...variables, PGPORT: portOf(identity, facts) }).map(([name, value]) =>
      resource("aws_ssm_parameter", {
        name: `${connectionPath(plan, identity)}/${name}`,
        type: "String",
        tier: "Standard",
        insecure_value: value,
      }),
    ),
    ...(identity.kind === "workload" && identity.runsOn === "ec2"
      ? [resource("aws_iam_instance_profile", profile)]
      : []),
  ];
}

/** The certificates that identities outside of EKS verify the database by. */
export function certificateResources(plan: AccessPlan, { certificates }: SharedFacts): PlannedResource[] {
  const text = isBlock(certificates) ? certificates[CA_FILE] : undefined;
  if (!plan.identities.some(isOutsideEks) || typeof text !== "string") return [];
  return [
    resource("aws_ssm_parameter", {
      name: certificatesParameter(plan),
      description: CERTIFICATES_DESCRIPTION,
      type: "String",
      tier: parameterTier(text),
      insecure_value: text,
    }),
  ];
}
