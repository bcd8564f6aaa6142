import type { ResourceType } from "./resource-type";

/** The resources of hashicorp/aws that hold no data; sources as for {@link AWS_DATA_TYPES}. */
export const AWS_TYPES: Readonly<Record<string, ResourceType>> = {
  aws_cloudwatch_dashboard: {
    names: "dashboard_name",
    replaces: "dashboard_name",
    inPlace: "dashboard_body",
  },
  aws_cloudwatch_metric_alarm: {
    names: "alarm_name",
    replaces: "alarm_name",
    inPlace:
      "actions_enabled alarm_actions alarm_description comparison_operator datapoints_to_alarm dimensions evaluate_low_sample_count_percentiles evaluation_periods extended_statistic insufficient_data_actions metric_name metric_query namespace ok_actions period statistic tags threshold threshold_metric_id treat_missing_data unit",
  },
  // What 5.100.0 does not know of a proxy is from the source of 6.28.0.
  aws_db_proxy: {
    names: "name",
    replaces: "endpoint_network_type engine_family target_connection_network_type vpc_subnet_ids",
    inPlace:
      "auth debug_logging default_auth_scheme idle_client_timeout name require_tls role_arn tags vpc_security_group_ids",
  },
  aws_db_proxy_default_target_group: {
    names: "db_proxy_name",
    replaces: "db_proxy_name",
    inPlace: "connection_pool_config",
  },
  aws_db_proxy_endpoint: {
    names: "db_proxy_name db_proxy_endpoint_name",
    replaces: "db_proxy_endpoint_name db_proxy_name target_role vpc_subnet_ids",
    inPlace: "tags vpc_security_group_ids",
  },
  aws_db_proxy_target: {
    names: "db_proxy_name db_cluster_identifier db_instance_identifier",
    replaces: "db_cluster_identifier db_instance_identifier db_proxy_name target_group_name",
    inPlace: "",
  },
  aws_db_subnet_group: {
    names: "name",
    replaces: "name name_prefix",
    inPlace: "description subnet_ids tags",
  },
  aws_default_security_group: {
    replaces: "vpc_id",
    inPlace: "egress ingress revoke_rules_on_delete tags",
  },
  aws_eip: {
    replaces: "address domain ipam_pool_id network_border_group public_ipv4_pool",
    inPlace: "associate_with_private_ip instance network_interface tags",
  },
  aws_eks_access_entry: {
    names: "cluster_name principal_arn",
    replaces: "cluster_name principal_arn type",
    inPlace: "kubernetes_groups tags user_name",
  },
  aws_eks_access_policy_association: {
    names: "cluster_name principal_arn policy_arn",
    replaces: "access_scope cluster_name policy_arn principal_arn",
    inPlace: "",
  },
  aws_eks_addon: {
    names: "cluster_name addon_name",
    replaces: "addon_name cluster_name",
    inPlace:
      "addon_version configuration_values pod_identity_association preserve resolve_conflicts resolve_conflicts_on_create resolve_conflicts_on_update service_account_role_arn tags",
  },
  aws_eks_node_group: {
    names: "cluster_name node_group_name node_group_name_prefix",
    replaces:
      "ami_type capacity_type cluster_name disk_size instance_types launch_template.id launch_template.name node_group_name node_group_name_prefix node_role_arn remote_access subnet_ids",
    inPlace:
      "force_update_version labels launch_template.version release_version scaling_config tags taint update_config version",
  },
  aws_eks_pod_identity_association: {
    names: "cluster_name namespace service_account",
    replaces: "cluster_name namespace service_account",
    inPlace: "disable_session_tags role_arn tags target_role_arn",
  },
  aws_flow_log: {
    replaces:
      "deliver_cross_account_role destination_options eni_id iam_role_arn log_destination log_destination_type log_format log_group_name max_aggregation_interval subnet_id traffic_type transit_gateway_attachment_id transit_gateway_id vpc_id",
    inPlace: "tags",
  },
  aws_iam_instance_profile: { names: "name", replaces: "name name_prefix path", inPlace: "role tags" },
  aws_iam_openid_connect_provider: {
    names: "url",
    replaces: "url",
    inPlace: "client_id_list tags thumbprint_list",
  },
  aws_iam_role: {
    names: "name",
    replaces: "name name_prefix path",
    inPlace:
      "assume_role_policy description force_detach_policies inline_policy managed_policy_arns max_session_duration permissions_boundary tags",
  },
  aws_iam_role_policy: { names: "name role", replaces: "name name_prefix role", inPlace: "policy" },
  aws_iam_role_policy_attachment: { names: "policy_arn role", replaces: "policy_arn role", inPlace: "" },
  aws_instance: {
    replaces:
      "ami associate_public_ip_address availability_zone cpu_core_count cpu_threads_per_core ebs_optimized hibernation host_id ipv6_addresses key_name placement_group placement_partition_number private_ip root_block_device.encrypted root_block_device.kms_key_id security_groups subnet_id tenancy",
    inPlace:
      "disable_api_stop disable_api_termination iam_instance_profile instance_initiated_shutdown_behavior instance_type metadata_options monitoring root_block_device.delete_on_termination root_block_device.iops root_block_device.tags root_block_device.throughput root_block_device.volume_size root_block_device.volume_type secondary_private_ips source_dest_check tags user_data_replace_on_change vpc_security_group_ids",
  },
  aws_internet_gateway: { replaces: "", inPlace: "tags vpc_id" },
  aws_kms_alias: { names: "name", replaces: "name name_prefix", inPlace: "target_key_id" },
  aws_launch_template: {
    names: "name",
    replaces: "name name_prefix",
    inPlace:
      "block_device_mappings default_version description disable_api_stop disable_api_termination ebs_optimized iam_instance_profile image_id instance_type key_name metadata_options monitoring network_interfaces tag_specifications tags update_default_version user_data vpc_security_group_ids",
  },
  aws_nat_gateway: {
    replaces: "allocation_id connectivity_type private_ip subnet_id",
    inPlace: "secondary_allocation_ids secondary_private_ip_addresses tags",
  },
  aws_rds_cluster_parameter_group: {
    names: "name",
    replaces: "description family name name_prefix",
    inPlace: "parameter tags",
  },
  aws_route: {
    names: "route_table_id destination_cidr_block destination_ipv6_cidr_block destination_prefix_list_id",
    replaces: "destination_cidr_block destination_ipv6_cidr_block destination_prefix_list_id route_table_id",
    inPlace:
      "carrier_gateway_id core_network_arn egress_only_gateway_id gateway_id local_gateway_id nat_gateway_id network_interface_id transit_gateway_id vpc_endpoint_id vpc_peering_connection_id",
  },
  aws_route_table: { replaces: "vpc_id", inPlace: "propagating_vgws route tags" },
  aws_route_table_association: { replaces: "gateway_id subnet_id", inPlace: "route_table_id" },
  aws_security_group: {
    names: "name vpc_id",
    replaces: "description name name_prefix vpc_id",
    inPlace: "egress ingress revoke_rules_on_delete tags",
  },
  aws_ssm_document: {
    names: "name",
    replaces: "name",
    inPlace: "content document_format document_type permissions tags version_name",
  },
  // From the advanced tier to the standard one it is replaced; nothing but its value is lost, which is made anew.
  aws_ssm_parameter: {
    names: "name",
    replaces: "data_type name",
    inPlace:
      "allowed_pattern description insecure_value key_id overwrite tags tier type value value_wo value_wo_version",
  },
  aws_subnet: {
    names: "vpc_id cidr_block",
    replaces: "availability_zone availability_zone_id cidr_block ipv6_native outpost_arn vpc_id",
    inPlace:
      "assign_ipv6_address_on_creation enable_dns64 enable_resource_name_dns_a_record_on_launch enable_resource_name_dns_aaaa_record_on_launch ipv6_cidr_block map_public_ip_on_launch private_dns_hostname_type_on_launch tags",
  },
  aws_vpc_endpoint: {
    names: "vpc_id service_name",
    replaces:
      "resource_configuration_arn service_name service_network_arn service_region vpc_endpoint_type vpc_id",
    inPlace:
      "auto_accept dns_options ip_address_type policy private_dns_enabled route_table_ids security_group_ids subnet_ids tags",
  },
  aws_vpc_security_group_egress_rule: {
    replaces: "security_group_id",
    inPlace:
      "cidr_ipv4 cidr_ipv6 description from_port ip_protocol prefix_list_id referenced_security_group_id tags to_port",
  },
  aws_vpc_security_group_ingress_rule: {
    replaces: "security_group_id",
    inPlace:
      "cidr_ipv4 cidr_ipv6 description from_port ip_protocol prefix_list_id referenced_security_group_id tags to_port",
  },
};
