import type { DatabaseConfig } from "../../model/config/environment";

/** When one CloudWatch metric is a reason to wake somebody, and what they should look at. */
export interface AlarmRule {
  /** What went wrong, lower-kebab: the alarm's construct id and the end of its name. */
  readonly id: string;
  /** Metric in the namespace AWS/RDS. */
  readonly metric: string;
  /** One alarm on the whole cluster, which no failover moves, or one on each instance. */
  readonly of: "cluster" | "instance";
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum";
  readonly comparison: "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** Periods of five minutes that must all breach. */
  readonly periods: number;
  /** What it means and where to look. */
  readonly description: string;
}

/**
 * Failed IAM logins in five minutes. AWS names no dimension for these metrics; that of the instance is the one they
 * are known to have, and an alarm on a dimension without values would never fire.
 */
function iamLogins(id: string, cause: string, threshold: number, description: string): AlarmRule {
  return {
    id,
    metric: `IamDbAuthConnectionFailure${cause}`,
    of: "instance",
    statistic: "Sum",
    comparison: "GreaterThanOrEqualToThreshold",
    threshold,
    periods: 1,
    description: `${description} Look in the log group ending in iam-db-auth-error for user and reason.`,
  };
}

const IAM_LOGINS: readonly AlarmRule[] = [
  iamLogins(
    "iam-login-denied",
    "InsufficientPermissions",
    1,
    "A role without rds-db:connect for that database user tried to log in: a wrong PGUSER or ServiceAccount, or an attempt to be somebody else.",
  ),
  iamLogins(
    "iam-token-invalid",
    "InvalidToken",
    10,
    "Clients send tokens that are expired, for another host or region, or no tokens: look for a pool that keeps its first token instead of signing one for each connection.",
  ),
  iamLogins(
    "iam-login-throttled",
    "Throttling",
    1,
    "More than about 200 new IAM logins a second: look for a pool that reconnects in a loop or lives too short, and for many pods starting at once.",
  ),
  iamLogins(
    "iam-login-server-error",
    "ServerError",
    10,
    "IAM authentication fails inside AWS: look at the AWS Health Dashboard; open connections go on working, so do not restart pods.",
  ),
  iamLogins(
    "iam-login-failed",
    "",
    50,
    "Many IAM logins fail, whatever the reason: compare with the other IAM alarms of this instance, and look for a client that retries without waiting.",
  ),
];

/**
 * Connections that are about 80 % of what a serverless cluster accepts: 200 for each ACU of the maximum, at most 5,000,
 * and at most 2,000 when it may shrink below 1 ACU.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
export function manyConnections(capacity: { readonly minAcu: number; readonly maxAcu: number }): number {
  return Math.min(capacity.maxAcu * 150, capacity.minAcu < 1 ? 1600 : 4000);
}

/**
 * The alarms of a cluster. A provisioned cluster has none on connections and free memory: both limits depend on the
 * instance class, which AWS extends without notice.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Troubleshooting.html
 */
export function alarmRules(capacity: DatabaseConfig["capacity"], readers: number): AlarmRule[] {
  const rules: AlarmRule[] = [
    ...IAM_LOGINS,
    {
      id: "cpu-high",
      metric: "CPUUtilization",
      of: "cluster",
      statistic: "Maximum",
      comparison: "GreaterThanThreshold",
      threshold: 90,
      periods: 3,
      description:
        "An instance's processors are more than 90 % busy: look for the statements at the top of CloudWatch Database Insights.",
    },
    {
      id: "deadlocks",
      metric: "Deadlocks",
      of: "cluster",
      statistic: "Maximum",
      comparison: "GreaterThanThreshold",
      threshold: 0,
      periods: 3,
      description:
        "Transactions have kept deadlocking for 15 minutes: look in the postgresql log for the statements, and make them lock rows in one order.",
    },
    {
      id: "transaction-ids-running-out",
      metric: "MaximumUsedTransactionIDs",
      of: "cluster",
      statistic: "Maximum",
      comparison: "GreaterThanThreshold",
      threshold: 1_000_000_000,
      periods: 1,
      description:
        "Half of the transaction ids are used up; at the end PostgreSQL stops taking writes. Look for what holds vacuum back: old transactions, prepared transactions, replication slots.",
    },
  ];
  if (readers > 0) {
    rules.push({
      id: "readers-lag",
      metric: "AuroraReplicaLagMaximum",
      of: "cluster",
      statistic: "Maximum",
      comparison: "GreaterThanThreshold",
      threshold: 1000,
      periods: 3,
      description:
        "A reader is more than a second behind the writer (usually it is milliseconds): look for long queries on it and for a burst of writes.",
    });
  }
  if ("minAcu" in capacity) {
    rules.push(
      {
        id: "capacity-exhausted",
        metric: "ACUUtilization",
        of: "cluster",
        statistic: "Maximum",
        comparison: "GreaterThanThreshold",
        threshold: 90,
        periods: 3,
        description:
          "An instance uses more than 90 % of the cluster's maxAcu and cannot grow much further: raise it, or look for the statements at the top of CloudWatch Database Insights.",
      },
      {
        id: "connections-many",
        metric: "DatabaseConnections",
        of: "cluster",
        statistic: "Maximum",
        comparison: "GreaterThanThreshold",
        threshold: manyConnections(capacity),
        periods: 1,
        description:
          "An instance has about 80 % of the connections it accepts: look for pools that are too large or leak, before logins fail with SQLSTATE 53300.",
      },
    );
  } else {
    rules.push({
      id: "local-storage-low",
      metric: "FreeLocalStorage",
      of: "cluster",
      statistic: "Minimum",
      comparison: "LessThanThreshold",
      threshold: 2 * 1024 ** 3,
      periods: 1,
      description:
        "An instance has less than 2 GiB left for temporary files and logs: look for large sorts and index builds; a larger class has more.",
    });
  }
  return rules;
}
