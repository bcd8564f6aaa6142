import type { Json } from "./stacks";

/** Nothing is said. */
export const ABSENT = undefined;
const KEY = "arn:aws:kms:eu-west-1:123456789012:key/1";
const OTHER_KEY = "arn:aws:kms:eu-west-1:123456789012:key/2";
const ROLE = "arn:aws:iam::123456789012:role/one";
const OTHER_ROLE = "arn:aws:iam::123456789012:role/two";

/** What hurts, once more by hand: type, attribute, a value, another, and what the change is; back is the opposite. */
export type Case = readonly [
  type: string,
  path: string,
  before: Json,
  after: Json,
  kind: string,
  back: string,
];

const off = (type: string, path: string, before: Json, after: Json): Case => [
  type,
  path,
  before,
  after,
  "protection-off",
  "protection-on",
];
const wide = (type: string, path: string, before: Json, after: Json): Case => [
  type,
  path,
  before,
  after,
  "reach-widened",
  "reach-narrowed",
];
const weak = (type: string, path: string, before: Json, after: Json): Case => [
  type,
  path,
  before,
  after,
  "encryption-weakened",
  "encryption-strengthened",
];
const more = (type: string, path: string, before: Json, after: Json): Case => [
  type,
  path,
  before,
  after,
  "policy-widened",
  "policy-narrowed",
];
/** Of which nobody can say which of the two is worse. */
const either = ([type, path, before, after, kind]: Case): Case => [type, path, before, after, kind, kind];

export const CASES: readonly Case[] = [
  off("aws_rds_cluster", "lifecycle.prevent_destroy", true, ABSENT),
  off("aws_rds_cluster", "deletion_protection", true, ABSENT),
  off("aws_eks_cluster", "deletion_protection", true, false),
  off("aws_cloudwatch_log_group", "deletion_protection_enabled", true, false),
  off("aws_instance", "disable_api_termination", true, false),
  off("aws_rds_cluster", "skip_final_snapshot", ABSENT, true),
  off("aws_rds_cluster", "delete_automated_backups", false, ABSENT),
  off("aws_rds_cluster", "backup_retention_period", 7, 3),
  off("aws_rds_cluster", "backup_retention_period", 2, ABSENT),
  off("aws_kms_key", "deletion_window_in_days", ABSENT, 7),
  off("aws_kms_key", "enable_key_rotation", true, ABSENT),
  off("aws_kms_key", "is_enabled", ABSENT, false),
  off("aws_kms_key", "bypass_policy_lockout_safety_check", ABSENT, true),
  off("aws_cloudwatch_log_group", "skip_destroy", true, ABSENT),
  off("aws_rds_cluster_instance", "force_destroy", ABSENT, true),
  off("aws_iam_role", "force_detach_policies", ABSENT, true),
  off("aws_security_group", "revoke_rules_on_delete", ABSENT, true),
  off("aws_eks_addon", "preserve", true, ABSENT),
  off("postgresql_schema", "drop_cascade", ABSENT, true),
  off("postgresql_role", "skip_reassign_owned", true, ABSENT),
  off(
    "aws_rds_cluster",
    "enabled_cloudwatch_logs_exports",
    ["postgresql", "iam-db-auth-error"],
    ["postgresql"],
  ),
  off("aws_eks_cluster", "enabled_cluster_log_types", ["api", "audit"], ["api"]),
  off("aws_eks_cluster", "enabled_cluster_log_types", ["api"], ABSENT),
  off("aws_cloudwatch_log_group", "retention_in_days", 30, 7),
  off("aws_cloudwatch_log_group", "retention_in_days", ABSENT, 3653),
  off("aws_cloudwatch_log_group", "retention_in_days", 0, 3653),
  either(off("aws_eip", "lifecycle.ignore_changes", ["a"], ["a", "engine_version"])),
  either(off("aws_eip", "count", 1, 0)),
  either(off("aws_eip", "lifecycle.precondition", [{ condition: "a" }], [{ condition: "b" }])),
  either(off("aws_eip", "lifecycle.postcondition", [{ condition: "a" }], [{ condition: "b" }])),
  either(off("aws_ssm_document", "content", "{}", '{"a":1}')),
  either(off("aws_ssm_document", "permissions", ABSENT, { type: "Share", account_ids: "All" })),
  wide("aws_rds_cluster_instance", "publicly_accessible", false, true),
  wide("aws_subnet", "map_public_ip_on_launch", ABSENT, true),
  wide("aws_subnet", "assign_ipv6_address_on_creation", ABSENT, true),
  wide("aws_instance", "source_dest_check", ABSENT, false),
  wide("aws_eks_cluster", "vpc_config.endpoint_public_access", false, ABSENT),
  wide("aws_eks_cluster", "vpc_config.endpoint_private_access", true, ABSENT),
  wide("aws_eks_cluster", "vpc_config.security_group_ids", ["sg-1"], ["sg-1", "sg-2"]),
  wide("aws_rds_cluster", "vpc_security_group_ids", ["sg-1"], ["sg-1", "sg-2"]),
  wide("aws_vpc_endpoint", "security_group_ids", ["sg-1"], ["sg-1", "sg-2"]),
  wide("aws_launch_template", "metadata_options.http_tokens", "required", ABSENT),
  wide("aws_launch_template", "metadata_options.http_put_response_hop_limit", ABSENT, 2),
  wide("aws_instance", "metadata_options.http_put_response_hop_limit", 1, 2),
  wide("aws_eks_cluster", "access_config.authentication_mode", "API", "API_AND_CONFIG_MAP"),
  either(
    wide("aws_launch_template", "network_interfaces", ABSENT, [{ associate_public_ip_address: "true" }]),
  ),
  wide("aws_rds_cluster", "enable_http_endpoint", ABSENT, true),
  wide("aws_rds_cluster", "iam_database_authentication_enabled", true, ABSENT),
  wide("aws_rds_cluster", "manage_master_user_password", true, ABSENT),
  wide("aws_route_table", "propagating_vgws", ["vgw-1"], ["vgw-1", "vgw-2"]),
  wide("aws_security_group", "ingress", ABSENT, [{ cidr_blocks: ["0.0.0.0/0"] }]),
  wide("aws_security_group", "egress", [], [{ cidr_blocks: ["0.0.0.0/0"] }]),
  wide("aws_default_security_group", "ingress", [], [{ self: true }]),
  wide("aws_route_table", "route", [], [{ cidr_block: "0.0.0.0/0", gateway_id: "igw-1" }]),
  either(
    wide("kubernetes_namespace_v1", "metadata.labels", { enforce: "restricted" }, { enforce: "privileged" }),
  ),
  either(
    wide(
      "kubernetes_service_v1",
      "metadata.annotations",
      { scheme: "internal" },
      { scheme: "internet-facing" },
    ),
  ),
  wide("kubernetes_service_v1", "spec.type", "ClusterIP", "LoadBalancer"),
  wide("kubernetes_service_v1", "spec.external_ips", ["10.0.0.1"], ["10.0.0.1", "10.0.0.2"]),
  either(wide("kubernetes_service_v1", "spec.load_balancer_source_ranges", ["10.0.0.0/8"], ["0.0.0.0/0"])),
  either(wide("kubernetes_service_v1", "spec.selector", { app: "a" }, { app: "b" })),
  either(wide("kubernetes_service_v1", "spec.port", [{ port: 80 }], [{ port: 81 }])),
  ...podCases("kubernetes_deployment_v1", "spec.template.spec"),
  ...podCases("kubernetes_cron_job_v1", "spec.job_template.spec.template.spec"),
  either(
    wide(
      "kubernetes_cron_job_v1",
      "spec.job_template.spec.template.spec.container.security_context",
      { privileged: false },
      { privileged: true },
    ),
  ),
  either(wide("aws_launch_template", "user_data", "YQ==", "Yg==")),
  either(wide("aws_launch_template", "iam_instance_profile", { name: "a" }, { name: "b" })),
  wide("aws_db_subnet_group", "subnet_ids", ["subnet-1"], ["subnet-1", "subnet-2"]),
  weak("aws_launch_template", "block_device_mappings.ebs.encrypted", "true", "false"),
  weak("aws_launch_template", "block_device_mappings.ebs.kms_key_id", KEY, ABSENT),
  weak("aws_cloudwatch_log_group", "kms_key_id", KEY, ABSENT),
  either(weak("aws_cloudwatch_log_group", "kms_key_id", KEY, OTHER_KEY)),
  weak("aws_rds_cluster", "master_user_secret_kms_key_id", KEY, ABSENT),
  weak("aws_rds_cluster_instance", "performance_insights_kms_key_id", KEY, ABSENT),
  either(
    weak(
      "aws_eks_cluster",
      "encryption_config",
      { provider: { key_arn: KEY } },
      { provider: { key_arn: OTHER_KEY } },
    ),
  ),
  either(weak("aws_kms_alias", "target_key_id", KEY, OTHER_KEY)),
  either(weak("aws_rds_cluster_instance", "ca_cert_identifier", "a", "b")),
  either(weak("aws_rds_cluster", "ca_certificate_identifier", "a", "b")),
  either(weak("aws_iam_openid_connect_provider", "thumbprint_list", ["a"], ["b"])),
  off("aws_db_proxy", "debug_logging", false, true),
  weak("aws_db_proxy", "require_tls", true, ABSENT),
  more("aws_db_proxy", "auth", ABSENT, [{ auth_scheme: "SECRETS", secret_arn: "arn:a" }]),
  more("aws_db_proxy", "default_auth_scheme", "IAM_AUTH", ABSENT),
  either(more("aws_db_proxy", "role_arn", ROLE, OTHER_ROLE)),
  more("aws_iam_role", "managed_policy_arns", [ROLE], [ROLE, OTHER_ROLE]),
  more("aws_iam_openid_connect_provider", "client_id_list", ["a"], ["a", "b"]),
  either(more("aws_rds_cluster", "monitoring_role_arn", ROLE, OTHER_ROLE)),
  more("aws_rds_cluster", "iam_roles", [ROLE], [ROLE, OTHER_ROLE]),
  more("aws_eip", "provisioner", ABSENT, [{ "local-exec": { command: "id" } }]),
  more("aws_eip", "connection", ABSENT, [{ host: "a" }]),
  either(more("aws_iam_instance_profile", "role", "one", "two")),
  either(
    more(
      "kubernetes_service_account_v1",
      "metadata.annotations",
      { "role-arn": ROLE },
      { "role-arn": OTHER_ROLE },
    ),
  ),
  ["aws_iam_role", "permissions_boundary", ROLE, ABSENT, "boundary-loosened", "boundary-set"],
  ["aws_iam_role", "permissions_boundary", ROLE, OTHER_ROLE, "boundary-loosened", "boundary-loosened"],
  ["aws_eip", "provider", "aws", "aws.elsewhere", "state-moved", "state-moved"],
];

/** Attributes that also replace what holds no data, or that a type has only with others: elsewhere there is a case of each. */
export const REPLACES: readonly Case[] = [
  wide("aws_eks_node_group", "remote_access", ABSENT, [{ ec2_ssh_key: "mine" }]),
  wide("aws_instance", "associate_public_ip_address", false, true),
  wide("aws_eks_cluster", "access_config.bootstrap_cluster_creator_admin_permissions", false, ABSENT),
  either(wide("aws_instance", "subnet_id", "subnet-1", "subnet-2")),
  wide("aws_instance", "security_groups", ["a"], ["a", "b"]),
  weak("aws_rds_cluster", "storage_encrypted", true, ABSENT),
  weak("aws_instance", "root_block_device.encrypted", true, ABSENT),
  weak("aws_instance", "root_block_device.kms_key_id", KEY, ABSENT),
  either(wide("kubernetes_service_v1", "spec.load_balancer_class", "a", "b")),
  either(
    wide(
      "kubernetes_job_v1",
      "spec.template.spec.container.security_context",
      { privileged: false },
      { privileged: true },
    ),
  ),
  more("aws_eks_addon", "kubernetes_groups", ["a"], ["a", "b"]),
  either(wide("aws_eks_cluster", "vpc_config.public_access_cidrs", ABSENT, ABSENT)),
];

/** Of pods, wherever their template is. */
function podCases(type: string, spec: string): Case[] {
  return [
    either(wide(type, `${spec}.security_context`, { run_as_user: "1" }, { run_as_user: "0" })),
    either(wide(type, `${spec}.volume`, [{ name: "a" }], [{ host_path: { path: "/" } }])),
    wide(type, `${spec}.host_network`, ABSENT, true),
    wide(type, `${spec}.host_pid`, ABSENT, true),
    wide(type, `${spec}.host_ipc`, false, true),
  ];
}
