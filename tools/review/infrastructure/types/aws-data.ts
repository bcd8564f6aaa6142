import type { ResourceType } from "./resource-type";

/**
 * The resources of hashicorp/aws that hold data, or without which data cannot be read.
 *
 * The lists are what the provider itself says, 5.100.0: it was asked for a plan of each attribute, and a test asks again for
 * those that stacks give (types.slow.test.ts). What it cannot be asked, such as a prefix in place of a name, is from its source, v5.100.0 and v6.25.0,
 * internal/service/<service>/, `ForceNew` and `CustomizeDiff`.
 *
 * What only an apply knows: a major version that the engine has no way to; a name that a prefix makes; a cluster that is
 * encrypted with a key of which only the alias is given.
 */
export const AWS_DATA_TYPES: Readonly<Record<string, ResourceType>> = {
  aws_rds_cluster: {
    data: "every database in it",
    names: "cluster_identifier",
    replaces:
      "availability_zones cluster_identifier cluster_identifier_prefix cluster_scalability_type database_name db_subnet_group_name db_system_id engine engine_mode kms_key_id master_username restore_to_point_in_time s3_import snapshot_identifier source_region storage_encrypted",
    inPlace:
      "allocated_storage allow_major_version_upgrade apply_immediately backtrack_window backup_retention_period ca_certificate_identifier copy_tags_to_snapshot database_insights_mode db_cluster_instance_class db_cluster_parameter_group_name db_instance_parameter_group_name delete_automated_backups deletion_protection enable_http_endpoint enable_local_write_forwarding enabled_cloudwatch_logs_exports engine_lifecycle_support engine_version final_snapshot_identifier iam_database_authentication_enabled iam_roles iops manage_master_user_password master_user_secret_kms_key_id monitoring_interval monitoring_role_arn network_type performance_insights_enabled performance_insights_kms_key_id performance_insights_retention_period port preferred_backup_window preferred_maintenance_window scaling_configuration serverlessv2_scaling_configuration skip_final_snapshot storage_type tags vpc_security_group_ids",
  },
  // What is stored is the cluster's: an instance holds none of it, and a new one serves the same data.
  aws_rds_cluster_instance: {
    names: "identifier",
    replaces:
      "availability_zone cluster_identifier custom_iam_instance_profile db_subnet_group_name engine identifier identifier_prefix",
    inPlace:
      "apply_immediately auto_minor_version_upgrade ca_cert_identifier copy_tags_to_snapshot db_parameter_group_name engine_version force_destroy instance_class monitoring_interval monitoring_role_arn performance_insights_enabled performance_insights_kms_key_id performance_insights_retention_period preferred_backup_window preferred_maintenance_window promotion_tier publicly_accessible tags",
  },
  aws_kms_key: {
    data: "whatever is encrypted with it, snapshots included, once AWS deletes it",
    replaces: "custom_key_store_id customer_master_key_spec key_usage multi_region xks_key_id",
    inPlace:
      "bypass_policy_lockout_safety_check deletion_window_in_days description enable_key_rotation is_enabled policy rotation_period_in_days tags",
  },
  aws_cloudwatch_log_group: {
    data: "the logs in it",
    names: "name",
    replaces: "log_group_class name name_prefix",
    inPlace: "deletion_protection_enabled kms_key_id retention_in_days skip_destroy tags",
  },
  aws_eks_cluster: {
    data: "everything that runs in it, and its volumes' claims",
    names: "name",
    replaces:
      "access_config.bootstrap_cluster_creator_admin_permissions bootstrap_self_managed_addons kubernetes_network_config.ip_family kubernetes_network_config.service_ipv4_cidr name outpost_config role_arn",
    replacesWhenGone: "encryption_config",
    inPlace:
      "access_config.authentication_mode deletion_protection enabled_cluster_log_types encryption_config force_update_version tags upgrade_policy version vpc_config zonal_shift_config",
  },
  aws_vpc: {
    data: "everything that is in it",
    replaces: "cidr_block instance_tenancy ipv4_ipam_pool_id ipv4_netmask_length",
    inPlace:
      "assign_generated_ipv6_cidr_block enable_dns_hostnames enable_dns_support enable_network_address_usage_metrics ipv6_ipam_pool_id tags",
  },
};
