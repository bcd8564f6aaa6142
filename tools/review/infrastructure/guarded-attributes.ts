import { about, type GuardedAttribute } from "./guarded-attribute";

/** Names of lists of security groups: who is in a group may reach what lets it in. */
const GROUPS = "who is in a security group reaches what lets the group in";

/**
 * What hurts when it changes, whatever the provider does about it. Defaults are those of the providers (aws-data.ts names the
 * versions). A row counts for every type unless it says otherwise, so that a type that is new here is not without.
 */
export const GUARDED_ATTRIBUTES: readonly GuardedAttribute[] = [
  ...about("protection", [
    ["lifecycle.prevent_destroy", true, "Terraform no longer refuses to destroy it", false],
    ["deletion_protection", true, "AWS no longer refuses to delete it", false],
    ["deletion_protection_enabled", true, "AWS no longer refuses to delete it", false],
    ["disable_api_termination", true, "AWS no longer refuses to terminate it", false],
    ["skip_final_snapshot", false, "no snapshot is left when it is destroyed", false],
    ["delete_automated_backups", false, "its backups go with it", true],
    ["backup_retention_period", "higher", "it can be restored to fewer days back, and older backups go", 1],
    ["deletion_window_in_days", "higher", "there are fewer days to take a deletion back", 30],
    ["enable_key_rotation", true, "the key stays the same for ever", false],
    ["is_enabled", true, "what is encrypted with the key cannot be read", true],
    ["bypass_policy_lockout_safety_check", false, "a policy may lock everybody out of the key", false],
    ["skip_destroy", true, "Terraform no longer leaves it in place when it is taken out", false],
    ["force_destroy", false, "it is destroyed with whatever is in it", false],
    ["force_detach_policies", false, "it is destroyed whoever still uses its policies", false],
    ["revoke_rules_on_delete", false, "its rules are revoked when it is destroyed", false],
    ["preserve", true, "what it installed goes with it", false],
    ["drop_cascade", false, "dropping it takes everything that is in it or uses it", false],
    ["skip_reassign_owned", true, "what it owns is given away or dropped when it goes", false],
    ["enabled_cloudwatch_logs_exports", "more", "logs are no longer kept", []],
    ["enabled_cluster_log_types", "more", "logs are no longer kept", []],
    ["lifecycle.ignore_changes", "same", "Terraform lets other changes of it stand"],
    ["count", "same", "there may be fewer of it"],
    ["lifecycle.precondition", "same", "what is checked before an apply is another thing"],
    ["lifecycle.postcondition", "same", "what is checked after an apply is another thing"],
  ]),
  ...about(
    "protection",
    [["retention_in_days", "longer", "logs are kept for fewer days, and older ones go", 0]],
    ["aws_cloudwatch_log_group"],
  ),
  ...about(
    "protection",
    [
      ["content", "same", "sessions may be logged elsewhere, or not, or do something else"],
      ["permissions", "same", "others may start such sessions"],
    ],
    ["aws_ssm_document"],
  ),
  ...about("reach", [
    ["publicly_accessible", false, "it has a public address", false],
    ["associate_public_ip_address", false, "it has a public address", false],
    ["map_public_ip_on_launch", false, "what starts in it has a public address", false],
    [
      "assign_ipv6_address_on_creation",
      false,
      "what starts in it has an IPv6 address, which is public",
      false,
    ],
    ["source_dest_check", true, "it may pass on what others send", true],
    ["vpc_config.endpoint_public_access", false, "the Kubernetes API has a public address", true],
    ["vpc_config.endpoint_private_access", true, "the Kubernetes API has no address in the VPC", false],
    ["vpc_config.security_group_ids", "no further", GROUPS],
    ["vpc_security_group_ids", "no further", GROUPS],
    ["security_group_ids", "no further", GROUPS],
    ["security_groups", "no further", GROUPS],
    ["metadata_options.http_tokens", { text: "required" }, "any request reads its credentials", "optional"],
    ["metadata_options.http_put_response_hop_limit", "lower", "pods read the node's credentials", 1],
    [
      "access_config.authentication_mode",
      { text: "API" },
      "a ConfigMap decides who is an administrator",
      "CONFIG_MAP",
    ],
    [
      "access_config.bootstrap_cluster_creator_admin_permissions",
      false,
      "whoever makes it is an administrator",
      true,
    ],
    ["remote_access", "fewer", "nodes may be reached by SSH"],
    ["network_interfaces", "same", "it may have other addresses"],
    ["enable_http_endpoint", false, "the database answers to the RDS Data API", false],
    [
      "iam_database_authentication_enabled",
      true,
      "nobody can log in by IAM, and everybody by a password",
      false,
    ],
    ["manage_master_user_password", true, "the admin's password is known to somebody", false],
    ["propagating_vgws", "fewer", "a virtual gateway adds its routes"],
  ]),
  ...about(
    "reach",
    [
      ["egress", "fewer", "it reaches others", []],
      ["ingress", "fewer", "others reach it", []],
    ],
    ["aws_security_group", "aws_default_security_group"],
  ),
  ...about("reach", [["route", "fewer", "its subnets reach others", []]], ["aws_route_table"]),
  ...about(
    "reach",
    [["metadata.labels", "same", "Pod Security of the namespace may be another"]],
    ["kubernetes_namespace_v1"],
  ),
  ...about(
    "reach",
    [
      ["metadata.annotations", "same", "the load balancer may be a public one"],
      ["spec.type", { text: "ClusterIP" }, "it is reached from outside of the EKS cluster", "ClusterIP"],
      ["spec.external_ips", "fewer", "it is reached at further addresses"],
      ["spec.load_balancer_source_ranges", "same", "others reach it"],
      ["spec.load_balancer_class", "same", "the load balancer may be a public one"],
      ["spec.selector", "same", "it leads to other pods"],
      ["spec.port", "same", "it leads to other ports"],
    ],
    ["kubernetes_service_v1"],
  ),
  ...about("reach", podsUnder("spec.template.spec"), ["kubernetes_deployment_v1", "kubernetes_job_v1"]),
  ...about("reach", podsUnder("spec.job_template.spec.template.spec"), ["kubernetes_cron_job_v1"]),
  ...about("encryption", [
    ["storage_encrypted", true, "it is stored as it is", false],
    ["kms_key_id", "set", "it is encrypted with another key, or AWS's"],
    ["master_user_secret_kms_key_id", "set", "the admin's password is encrypted with another key"],
    ["performance_insights_kms_key_id", "set", "statements are encrypted with another key"],
    ["encryption_config", "set", "Kubernetes' secrets are encrypted with another key, or not"],
    ["root_block_device.encrypted", true, "its disk is as it is", false],
    ["root_block_device.kms_key_id", "set", "its disk is encrypted with another key"],
    ["block_device_mappings.ebs.encrypted", true, "disks are as they are", false],
    ["block_device_mappings.ebs.kms_key_id", "set", "disks are encrypted with another key"],
    ["target_key_id", "same", "the name stands for another key"],
    ["ca_cert_identifier", "same", "its certificate is another authority's"],
    ["ca_certificate_identifier", "same", "its certificate is another authority's"],
    ["thumbprint_list", "same", "the issuer of tokens is known by another certificate"],
  ]),
  ...about("policy", [
    ["managed_policy_arns", "fewer", "it may do what these policies allow"],
    ["client_id_list", "no further", "tokens for others are accepted"],
    ["kubernetes_groups", "fewer", "it may do what these groups may"],
    ["monitoring_role_arn", "same", "it has another role"],
    ["iam_roles", "fewer", "the database may act as these roles"],
    ["provisioner", "fewer", "a program runs wherever Terraform does"],
    ["connection", "fewer", "Terraform logs in to it"],
  ]),
  ...about("policy", [["role", "same", "what uses it is another role"]], ["aws_iam_instance_profile"]),
  ...about("encryption", [["require_tls", true, "connections may be without TLS", false]], ["aws_db_proxy"]),
  ...about(
    "policy",
    [
      ["auth", "fewer", "the proxy logs in by secrets of database users"],
      ["default_auth_scheme", { text: "IAM_AUTH" }, "clients log in to the proxy without IAM", "NONE"],
      ["role_arn", "same", "the proxy logs in to databases as another role"],
    ],
    ["aws_db_proxy"],
  ),
  ...about("protection", [["debug_logging", false, "logs have statements in them", false]], ["aws_db_proxy"]),
  ...about(
    "policy",
    [["metadata.annotations", "same", "its pods may be another IAM role"]],
    ["kubernetes_service_account_v1"],
  ),
  ...about("boundary", [["permissions_boundary", "set", "another policy bounds what it may do, or none"]]),
  ...about("state", [["provider", "same", "it is looked for in another account, region or server"]]),
  ...about(
    "reach",
    [["subnet_ids", "no further", "the database may be in further networks"]],
    ["aws_db_subnet_group"],
  ),
  ...about(
    "reach",
    [
      ["user_data", "same", "it runs another program as it starts"],
      ["iam_instance_profile", "same", "what runs on it has another role"],
    ],
    ["aws_launch_template"],
  ),
  ...about("reach", [["subnet_id", "same", "it is in another network"]], ["aws_instance", "aws_nat_gateway"]),
  {
    about: "reach",
    path: "vpc_config.public_access_cidrs",
    safer: "fewer",
    absent: ["0.0.0.0/0"],
    when: "vpc_config.endpoint_public_access",
    worse: "others reach the Kubernetes API",
  },
];

/** What matters of pods, wherever their template is. */
function podsUnder(spec: string): Parameters<typeof about>[1] {
  return [
    [`${spec}.security_context`, "same", "its pods may do other things on their node"],
    [`${spec}.container.security_context`, "same", "its pods may do other things on their node"],
    [`${spec}.host_network`, false, "its pods are in the node's network", false],
    [`${spec}.host_pid`, false, "its pods see the node's processes", false],
    [`${spec}.host_ipc`, false, "its pods share the node's memory", false],
    [`${spec}.volume`, "same", "its pods read other files"],
  ];
}
