import { RdsClusterParameterGroup } from "@cdktf/provider-aws/lib/rds-cluster-parameter-group";
import { Construct } from "constructs";
import { IDLE_IN_TRANSACTION_TIMEOUT } from "../../model/postgresql/durations";

/** Options for {@link ClusterParameters}. */
export interface ClusterParametersProps {
  /** Name of the environment, which the group's name starts with. */
  readonly environmentName: string;
  /** Major version of PostgreSQL, such as 17. */
  readonly majorVersion: number;
  /** The only extensions that may be created, in any database. @default whatever Aurora offers */
  readonly allowedExtensions?: readonly string[];
}

/** A parameter that differs from what AWS sets by default. */
export interface ClusterParameter {
  readonly name: string;
  readonly value: string;
  /** When a change reaches running instances. Static parameters take only `pending-reboot`. */
  readonly applyMethod: "immediate" | "pending-reboot";
}

/**
 * PostgreSQL's settings for a cluster: TLS only, and logs in which logins, schema changes and slow statements can be
 * found. Left as AWS sets them: `password_encryption` (scram-sha-256), `shared_preload_libraries`
 * (pg_stat_statements), and pgAudit, whose volume and rules are for an auditor to choose.
 * The name carries the major version, since an upgrade needs the new group before the old one can go.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Reference.ParameterGroups.html
 */
export class ClusterParameters extends Construct {
  /** Name of the parameter group. */
  readonly groupName: string;

  constructor(scope: Construct, id: string, props: ClusterParametersProps) {
    super(scope, id);
    const family = `aurora-postgresql${props.majorVersion}`;
    const name = `${props.environmentName}-${family}`;
    const group = new RdsClusterParameterGroup(this, "group", {
      name,
      family,
      description: `PostgreSQL settings of ${props.environmentName}: TLS only, logins and schema changes logged`,
      parameter: [...clusterParameters(props.majorVersion), ...allowList(props.allowedExtensions)],
      tags: { Name: name },
      lifecycle: { createBeforeDestroy: true },
    });
    this.groupName = group.name;
  }
}

/**
 * Which extensions the admin can create at all. What is there already stays, works, and can still be updated.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.FeatureSupport.Extensions.html
 */
function allowList(extensions: readonly string[] = []): ClusterParameter[] {
  if (extensions.length === 0) return [];
  return [
    // Dynamic: it counts before the access stack, which comes after this one, creates them.
    { name: "rds.allowed_extensions", value: extensions.join(","), applyMethod: "immediate" },
  ];
}

/** The parameters of a major version, without a parameter group around them. */
export function clusterParameters(majorVersion: number): ClusterParameter[] {
  return [
    // An IAM token is a bearer credential: it must never cross the network in clear text. From 17 on 1 is the default,
    // which AWS keeps reporting as pending-reboot: "immediate" would be a change in every plan, for ever
    // (hashicorp/terraform-provider-aws#23335). The group is there before the first instance starts, so nothing waits.
    { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
    // Only members of rds_password may set passwords: no login can give itself one and so go round IAM. Static.
    // The admin is a member through rds_superuser.
    { name: "rds.restrict_password_commands", value: "1", applyMethod: "pending-reboot" },
    // A transaction that somebody left open keeps its locks, and vacuum from its work: after five minutes, in ms, its session ends.
    // A session may set another value: nobody who means to hold locks is stopped by this.
    {
      name: "idle_in_transaction_session_timeout",
      value: String(IDLE_IN_TRANSACTION_TIMEOUT),
      applyMethod: "immediate",
    },
    // Who logged in from where, when and for how long. In 18 the switch became a list of stages, and RDS refuses 1.
    { name: "log_connections", value: majorVersion >= 18 ? "all" : "1", applyMethod: "immediate" },
    { name: "log_disconnections", value: "1", applyMethod: "immediate" },
    // Every CREATE, ALTER, DROP and GRANT, also those nobody reviewed. No password can be in them.
    { name: "log_statement", value: "ddl", applyMethod: "immediate" },
    // Statements slower than one second, in ms.
    { name: "log_min_duration_statement", value: "1000", applyMethod: "immediate" },
    // Without the values bound to them: customers' data has no place in logs.
    { name: "log_parameter_max_length", value: "0", applyMethod: "immediate" },
  ];
}
