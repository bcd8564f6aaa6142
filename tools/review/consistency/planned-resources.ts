import type { GrantPlan } from "../../../model/access/grants";
import { certificatesConfigMap, type NamespacePlan } from "../../../model/access/namespace";
import type { AccessPlan, DatabasePlan } from "../../../model/access/plan";
import { LET_GO, letGo, protectedParts } from "../../../model/access/protected";
import { PUBLIC_SCHEMA } from "../../../model/postgresql/names";
import { certificateResources, identityResources, proxyResources } from "./planned-identities";
import { type PlannedResource, resource } from "./planned-resource";
import type { SharedFacts } from "./shared-facts";

/** Every resource that says who may do what, as the plan has it. What else the stack needs is no matter of the plan. */
export function plannedResources(plan: AccessPlan, facts: SharedFacts): PlannedResource[] {
  const list = (names: readonly string[]) =>
    `\${toset([${names.map((name) => JSON.stringify(name)).join(", ")}])}`;
  const released = letGo(plan);
  return [
    ...plan.databases.flatMap(databaseResources),
    ...plan.identities.flatMap((identity) => identityResources(plan, identity, facts)),
    ...certificateResources(plan, facts),
    ...proxyResources(plan),
    ...plan.namespaces.flatMap((namespace) => namespaceResources(plan, namespace, facts)),
    resource("terraform_data", { for_each: list(protectedParts(plan).map(({ name }) => name)) }),
    ...(released.length === 0
      ? []
      : [resource("terraform_data", { for_each: list(released), input: { why: LET_GO } })]),
  ];
}

function databaseResources({
  name,
  schemas,
  connectGroup,
  extensions = [],
  grants,
}: DatabasePlan): PlannedResource[] {
  return [
    resource("postgresql_database", { name, template: "template0", encoding: "UTF8" }),
    ...[
      ...schemas.flatMap(({ groups, owner, ownerReads }) =>
        groups.map(({ role }) => ({ role, roles: role === owner && ownerReads })),
      ),
      ...(connectGroup === undefined ? [] : [{ role: connectGroup, roles: undefined }]),
    ].map(({ role, roles }) =>
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
