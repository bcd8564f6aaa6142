/** Which arguments tell resources of a type apart. These are all the types that an access plan speaks of. */
const NAMED_BY: Readonly<Record<string, readonly string[]>> = {
  aws_eks_pod_identity_association: ["cluster_name", "namespace", "service_account"],
  aws_iam_instance_profile: ["name"],
  aws_iam_role: ["name"],
  aws_iam_role_policy: ["role", "name"],
  aws_ssm_parameter: ["name"],
  kubernetes_config_map_v1: ["metadata.namespace", "metadata.name"],
  kubernetes_namespace_v1: ["metadata.name"],
  kubernetes_network_policy_v1: ["metadata.namespace", "metadata.name"],
  kubernetes_service_account_v1: ["metadata.namespace", "metadata.name"],
  postgresql_database: ["name"],
  postgresql_default_privileges: ["database", "schema", "owner", "role", "object_type"],
  postgresql_extension: ["database", "name"],
  postgresql_grant: ["database", "schema", "role", "object_type"],
  postgresql_role: ["name"],
  postgresql_schema: ["database", "name"],
  // The one that holds the names of what must not leave the file, and the one with those that may.
  terraform_data: ["input.why"],
};

/**
 * What a resource is, whatever its address, such as `postgresql_role shop_orders_rw`.
 * @returns undefined for a type that no access plan speaks of
 */
export function keyOf(type: string, args: Readonly<Record<string, unknown>>): string | undefined {
  const names = Object.hasOwn(NAMED_BY, type) ? NAMED_BY[type] : undefined;
  if (!names) return undefined;
  const said = names.map((path) => at(args, path)).filter((value) => value !== undefined);
  return [type, ...said.map((value) => (typeof value === "string" ? value : JSON.stringify(value)))].join(
    " ",
  );
}

/** What is at a path such as `metadata.name`; undefined when nothing is. */
export function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((found, name) => (isBlock(found) ? found[name] : undefined), value);
}

/** The same without what is at a path such as `spec.egress`, and without what is empty then. */
export function without(block: Block, path: string): Block {
  const [name = "", ...rest] = path.split(".");
  const { [name]: inner, ...others } = block;
  if (rest.length === 0 || !isBlock(inner)) return rest.length === 0 ? others : block;
  const left = without(inner, rest.join("."));
  return Object.keys(left).length === 0 ? others : { ...block, [name]: left };
}

/** A block of Terraform JSON. */
export type Block = Readonly<Record<string, unknown>>;

/** True for an object, false for a list, which Terraform takes for several blocks. */
export function isBlock(value: unknown): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
