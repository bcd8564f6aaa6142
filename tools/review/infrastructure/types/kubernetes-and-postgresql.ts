import type { ResourceType } from "./resource-type";

/** Every object's: `generate_name` makes a name that only an apply knows. */
const OBJECT = "metadata.generate_name metadata.name metadata.namespace";
const OBJECT_NAMES = "metadata.namespace metadata.name";

/**
 * The resources of hashicorp/kubernetes, from the source of v2.38.0: kubernetes/resource_kubernetes_<kind>_v1.go, schema_metadata.go
 * and schema_job_spec.go, `ForceNew`.
 *
 * What only an apply knows: a ConfigMap that is immutable is replaced by any change of its data.
 */
export const KUBERNETES_TYPES: Readonly<Record<string, ResourceType>> = {
  kubernetes_config_map_v1: {
    names: OBJECT_NAMES,
    replaces: OBJECT,
    inPlace: "binary_data data metadata.annotations metadata.labels",
  },
  // What replaces a Job may be changed in place in the template of one: read of an older release, where it replaces.
  kubernetes_cron_job_v1: {
    names: OBJECT_NAMES,
    replaces: `${OBJECT} spec.job_template.metadata.generate_name spec.job_template.metadata.name spec.job_template.spec.backoff_limit_per_index spec.job_template.spec.completion_mode spec.job_template.spec.completions spec.job_template.spec.pod_failure_policy spec.job_template.spec.selector`,
    inPlace:
      "metadata.annotations metadata.labels spec.concurrency_policy spec.failed_jobs_history_limit spec.job_template.metadata.annotations spec.job_template.metadata.labels spec.job_template.spec.active_deadline_seconds spec.job_template.spec.backoff_limit spec.job_template.spec.manual_selector spec.job_template.spec.max_failed_indexes spec.job_template.spec.parallelism spec.job_template.spec.template spec.job_template.spec.ttl_seconds_after_finished spec.schedule spec.starting_deadline_seconds spec.successful_jobs_history_limit spec.suspend spec.timezone timeouts",
  },
  kubernetes_deployment_v1: {
    names: OBJECT_NAMES,
    replaces: `${OBJECT} spec.selector`,
    inPlace:
      "metadata.annotations metadata.labels spec.min_ready_seconds spec.paused spec.progress_deadline_seconds spec.replicas spec.revision_history_limit spec.strategy spec.template timeouts wait_for_rollout",
  },
  kubernetes_job_v1: {
    names: OBJECT_NAMES,
    replaces: `${OBJECT} spec.backoff_limit_per_index spec.completion_mode spec.completions spec.pod_failure_policy spec.selector spec.template`,
    inPlace:
      "metadata.annotations metadata.labels spec.active_deadline_seconds spec.backoff_limit spec.manual_selector spec.max_failed_indexes spec.parallelism spec.ttl_seconds_after_finished timeouts wait_for_completion",
  },
  kubernetes_namespace_v1: {
    data: "everything in it, its volumes' claims included",
    names: "metadata.name",
    replaces: "metadata.generate_name metadata.name",
    inPlace: "metadata.annotations metadata.labels timeouts wait_for_default_service_account",
  },
  kubernetes_network_policy_v1: {
    names: OBJECT_NAMES,
    replaces: OBJECT,
    inPlace: "metadata.annotations metadata.labels spec",
  },
  kubernetes_pod_disruption_budget_v1: {
    names: OBJECT_NAMES,
    replaces: `${OBJECT} spec`,
    inPlace: "metadata.annotations metadata.labels",
  },
  kubernetes_service_account_v1: {
    names: OBJECT_NAMES,
    replaces: OBJECT,
    inPlace: "automount_service_account_token image_pull_secret metadata.annotations metadata.labels secret",
  },
  kubernetes_service_v1: {
    names: OBJECT_NAMES,
    replaces: `${OBJECT} spec.cluster_ip spec.cluster_ips spec.health_check_node_port spec.load_balancer_class`,
    inPlace:
      "metadata.annotations metadata.labels spec.external_ips spec.external_name spec.external_traffic_policy spec.internal_traffic_policy spec.load_balancer_source_ranges spec.port spec.selector spec.session_affinity spec.type timeouts wait_for_load_balancer",
  },
};

/**
 * The resources of cyrilgdn/postgresql, from the source of v1.26.0: postgresql/resource_postgresql_<kind>.go, `ForceNew`, and
 * terraform_data, which is Terraform's own.
 */
export const POSTGRESQL_TYPES: Readonly<Record<string, ResourceType>> = {
  postgresql_database: {
    data: "every table in it",
    names: "name",
    replaces: "encoding lc_collate lc_ctype template",
    inPlace:
      "allow_connections alter_object_ownership connection_limit is_template name owner tablespace_name",
  },
  postgresql_schema: {
    data: "what is in it, unless DROP SCHEMA stops there",
    names: "database name",
    replaces: "database",
    inPlace: "drop_cascade if_not_exists name owner policy",
  },
  postgresql_extension: {
    data: "its tables, and columns of its types, unless DROP EXTENSION stops there",
    names: "database name",
    replaces: "database name",
    inPlace: "create_cascade drop_cascade lifecycle.ignore_changes schema version",
  },
  // What it owns goes to the admin before it goes, or stops it when skip_reassign_owned is set.
  postgresql_role: {
    names: "name",
    replaces: "",
    inPlace:
      "assume_role bypass_row_level_security connection_limit create_database create_role encrypted_password idle_in_transaction_session_timeout inherit login name password replication roles search_path skip_drop_role skip_reassign_owned statement_timeout superuser valid_until",
  },
  postgresql_grant: {
    replaces: "columns database object_type objects role schema with_grant_option",
    inPlace: "privileges",
  },
  postgresql_default_privileges: {
    replaces: "database object_type owner role schema with_grant_option",
    inPlace: "privileges",
  },
  // Guards what is named in for_each (guards.ts); an instance of it is in Terraform's state alone.
  terraform_data: { replaces: "triggers_replace", inPlace: "for_each input" },
};
