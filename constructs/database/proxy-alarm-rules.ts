import type { AlarmRule, Watched } from "./alarm-rule";

/**
 * What goes wrong at a proxy. Of who logs in through it the database knows nothing but the proxy, so the alarms on IAM logins
 * of the database's own instances say nothing of them.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.monitoring.html
 */
export const PROXY_ALARMS: readonly Omit<AlarmRule, "of">[] = [
  {
    id: "login-denied",
    graph: "proxy-logins",
    label: "refused by the proxy",
    metric: "ClientConnectionsSetupFailedAuth",
    statistic: "Sum",
    comparison: "GreaterThanOrEqualToThreshold",
    threshold: 10,
    periods: 1,
    description:
      "The proxy refuses logins: look for a role without rds-db:connect on the proxy for that database user, for tokens that are expired or were signed for the database's own endpoint, and for a connection without TLS. The proxy's log group has the reasons.",
  },
  {
    id: "database-login-failed",
    graph: "proxy-logins",
    label: "the proxy's own refused by the database",
    metric: "DatabaseConnectionsSetupFailed",
    statistic: "Sum",
    comparison: "GreaterThanOrEqualToThreshold",
    threshold: 10,
    periods: 1,
    description:
      "The proxy cannot log in to the database: look for a database user that is not there, or whose connection limit is used up, and for what the access stack lets the proxy's role connect as. The log groups of the proxy and the one ending in iam-db-auth-error have the reasons.",
  },
  {
    id: "connections-borrowed-slowly",
    graph: "proxy-waits",
    label: "on average, in µs",
    metric: "DatabaseConnectionsBorrowLatency",
    statistic: "Average",
    comparison: "GreaterThanThreshold",
    // In microseconds.
    threshold: 1_000_000,
    periods: 3,
    description:
      "Clients have waited more than a second for a connection of the proxy's for 15 minutes: look at DatabaseConnectionsCurrentlySessionPinned for sessions that keep theirs, at long transactions, and at the proxy's share of connections.",
  },
];

/** What else is worth looking at when something is wrong at a proxy: sums of what each of its nodes says every minute. */
export const PROXY_METRICS: readonly Omit<Watched, "of">[] = Object.entries({
  ClientConnections: "of clients",
  DatabaseConnections: "to the database",
  DatabaseConnectionsCurrentlySessionPinned: "kept by one client (pinned)",
  MaxDatabaseConnectionsAllowed: "to the database at most",
}).map(([metric, label]) => ({ metric, label, graph: "proxy-connections", statistic: "Sum" }));
