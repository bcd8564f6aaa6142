import { connectionVariables } from "../../../model/access/connection";
import type { GrantPlan } from "../../../model/access/grants";
import {
  connectPolicy,
  iamRoleArn,
  policyJson,
  ROLE_ANNOTATION,
  roleDescription,
  trustPolicy,
} from "../../../model/access/iam";
import { databaseUsers, type IdentityPlan, isKnownKind } from "../../../model/access/identity";
import { certificatesConfigMap, type NamespacePlan } from "../../../model/access/namespace";
import type { AccessPlan, DatabasePlan } from "../../../model/access/plan";
import { LET_GO, letGo, protectedParts } from "../../../model/access/protected";
import { iamRoleName } from "../../../model/aws/names";
import { byAssociation, byToken } from "../../../model/aws/pod-identity";
import { PUBLIC_SCHEMA } from "../../../model/postgresql/names";
import { keyOf } from "./resource-keys";
import type { SharedFacts } from "./shared-facts";

/** A resource as the access plan has it. */
export interface PlannedResource {
  readonly type: string;
  /** What it is, whatever its address: its type and names. */
  readonly key: string;
  /** All its arguments but {@link OPEN}; references are replaced by the names that they stand for. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Whether something is protected from destruction is not in the plan; all else in a `lifecycle` is refused. */
export const OPEN = "lifecycle.prevent_destroy";

/** Every resource that says who may do what, as the plan has it. What else the stack needs is no matter of the plan. */
export function plannedResources(plan: AccessPlan, facts: SharedFacts): PlannedResource[] {
  const list = (names: readonly string[]) =>
    `\${toset([${names.map((name) => JSON.stringify(name)).join(", ")}])}`;
  const released = letGo(plan);
  return [
    ...plan.databases.flatMap(databaseResources),
    ...plan.identities.flatMap((identity) => identityResources(plan, identity, facts)),
    ...plan.namespaces.flatMap((namespace) => namespaceResources(plan, namespace, facts)),
    resource("terraform_data", { for_each: list(protectedParts(plan).map(({ name }) => name)) }),
    ...(released.length === 0
      ? []
      : [resource("terraform_data", { for_each: list(released), input: { why: LET_GO } })]),
  ];
}

function resource(type: string, args: Readonly<Record<string, unknown>>): PlannedResource {
  return { type, key: keyOf(type, args) ?? type, arguments: args };
}

function databaseResources({ name, schemas, extensions = [], grants }: DatabasePlan): PlannedResource[] {
  return [
    resource("postgresql_database", { name, template: "template0", encoding: "UTF8" }),
    ...schemas
      .flatMap(({ groups, owner, ownerReads }) =>
        groups.map(({ role }) => ({ role, roles: role === owner && ownerReads })),
      )
      .map(({ role, roles }) =>
        resource("postgresql_role", {
          name: role,
          login: false,
          ...(roles && { roles }),
          skip_reassign_owned: true,
        }),
      ),
    ...schemas
      .filter(({ managed }) => managed)
      .map((schema) =>
        resource("postgresql_schema", { database: name, name: schema.name, owner: schema.owner }),
      ),
    ...extensions.map((extension) =>
      resource("postgresql_extension", {
        database: name,
        name: extension.name,
        ...(extension.schema === PUBLIC_SCHEMA && {
          schema: PUBLIC_SCHEMA,
          lifecycle: { ignore_changes: ["schema"] },
        }),
      }),
    ),
    // What is there already and can be executed is for SQL alone.
    ...grants
      .filter(({ objectType, createdBy }) => objectType !== "function" || createdBy !== undefined)
      .map((grant) => grantResource(name, grant)),
  ];
}

function grantResource(database: string, grant: GrantPlan): PlannedResource {
  const { role, objectType, schema, privileges, createdBy } = grant;
  const common = {
    database,
    role,
    object_type: objectType,
    privileges,
    ...(schema !== undefined && { schema }),
  };
  return createdBy === undefined
    ? resource("postgresql_grant", common)
    : resource("postgresql_default_privileges", { ...common, owner: createdBy });
}

function identityResources(plan: AccessPlan, identity: IdentityPlan, facts: SharedFacts): PlannedResource[] {
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
    resource("aws_iam_role_policy", {
      name: identity.kind === "role" ? iamRoleName(plan.environment, identity.key) : "connect",
      role: iamRole,
      policy: policyJson(connectPolicy(plan, identity, "${local.database-resource-id}")),
    }),
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
  ];
}

function serviceResources(
  plan: AccessPlan,
  identity: Extract<IdentityPlan, { readonly kind: "service" }>,
  { port, readers }: SharedFacts,
): PlannedResource[] {
  const { namespace, serviceAccount, configMap, takesRoleBy } = identity;
  const data = connectionVariables(plan, identity, {
    writer: { host: "${local.writer-endpoint}", port: 0 },
    ...((readers !== undefined || identity.endpoint) && {
      reader: { host: "${local.reader-endpoint}", port: 0 },
    }),
  });
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
      data: { ...data, PGPORT: port },
    }),
  ];
}

function namespaceResources(
  { environment }: AccessPlan,
  namespace: NamespacePlan,
  { certificates, egress }: SharedFacts,
): PlannedResource[] {
  const { name } = namespace;
  const ca = resource("kubernetes_config_map_v1", {
    metadata: { name: certificatesConfigMap(environment, namespace), namespace: name },
    data: certificates,
  });
  if (namespace.existing) return [ca];
  const { podSecurity, networkPolicy } = namespace;
  const modes = ["enforce", "warn", "audit"];
  const labels = Object.fromEntries(modes.map((mode) => [`pod-security.kubernetes.io/${mode}`, podSecurity]));
  const planned = [resource("kubernetes_namespace_v1", { metadata: { name, labels } }), ca];
  if (networkPolicy === "none") return planned;
  const spec = { pod_selector: {}, policy_types: ["Ingress", "Egress"], egress };
  return [
    ...planned,
    resource("kubernetes_network_policy_v1", { metadata: { name: networkPolicy, namespace: name }, spec }),
  ];
}
