import type { DatabaseConfig } from "../../model/config/environment";
import type { AlarmRule, Watched } from "./alarm-rule";
import { IAM_LOGINS_LET_IN, IAM_LOGINS_THAT_FAIL } from "./iam-login-rules";

/**
 * About the connections that an instance of a serverless cluster accepts: 200 for each ACU of the maximum, at most 5,000, and
 * at most 2,000 when it may shrink below 1 ACU.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
export function mostConnections(capacity: { readonly minAcu: number; readonly maxAcu: number }): number {
  return Math.min(capacity.maxAcu * 200, capacity.minAcu < 1 ? 2000 : 5000);
}

/** Connections that are about 80 % of them. */
export function manyConnections(capacity: { readonly minAcu: number; readonly maxAcu: number }): number {
  return Math.min(capacity.maxAcu * 150, capacity.minAcu < 1 ? 1600 : 4000);
}

/**
 * The alarms of a cluster. A provisioned cluster has none on connections and free memory: both limits depend on the
 * instance class, which AWS extends without notice.
 * @param capacity undefined where it is not known
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Troubleshooting.html
 */
export function alarmRules(capacity: DatabaseConfig["capacity"] | undefined, readers: number): AlarmRule[] {
  const rules: AlarmRule[] = [
    ...IAM_LOGINS_THAT_FAIL,
    {
      id: "cpu-high",
      graph: "capacity",
      label: "processors, the busiest instance",
      limit: 100,
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
      graph: "deadlocks",
      label: "deadlocks a second",
      ofAuroraAlone: true,
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
      graph: "transaction-ids",
      label: "ids used",
      limit: 2 ** 31,
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
      graph: "lag",
      label: "the furthest behind, in ms",
      ofAuroraAlone: true,
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
  if (capacity === undefined) return rules;
  if ("minAcu" in capacity) {
    rules.push(
      {
        id: "capacity-exhausted",
        graph: "capacity",
        label: "of maxAcu, the largest instance",
        limit: 100,
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
        graph: "connections",
        label: "connections, the busiest instance",
        limit: mostConnections(capacity),
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
      graph: "storage",
      label: "bytes left, the fullest instance",
      ofAuroraAlone: true,
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

/** What is worth looking at beside {@link alarmRules}, of any database. */
export function furtherMetrics(rules: readonly AlarmRule[]): Watched[] {
  const connections: Watched = {
    metric: "DatabaseConnections",
    of: "cluster",
    statistic: "Maximum",
    graph: "connections",
    label: "connections, the busiest instance",
  };
  return [
    IAM_LOGINS_LET_IN,
    ...(rules.some(({ metric }) => metric === connections.metric) ? [] : [connections]),
  ];
}
