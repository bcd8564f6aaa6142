import type { AlarmRule, Watched } from "./alarm-rule";

/**
 * Failed IAM logins in five minutes. AWS names no dimension for these metrics; that of the instance is the one they
 * are known to have, and an alarm on a dimension without values would never fire.
 */
function iamLogins(
  id: string,
  label: string,
  cause: string,
  threshold: number,
  description: string,
): AlarmRule {
  return {
    id,
    graph: "logins",
    label,
    metric: `IamDbAuthConnectionFailure${cause}`,
    of: "instance",
    statistic: "Sum",
    comparison: "GreaterThanOrEqualToThreshold",
    threshold,
    periods: 1,
    description: `${description} Look in the log group ending in iam-db-auth-error for user and reason.`,
  };
}

/** Every way in which IAM logins fail. */
export const IAM_LOGINS_THAT_FAIL: readonly AlarmRule[] = [
  iamLogins(
    "iam-login-denied",
    "denied",
    "InsufficientPermissions",
    1,
    "A role without rds-db:connect for that database user tried to log in: a wrong PGUSER or ServiceAccount, or an attempt to be somebody else.",
  ),
  iamLogins(
    "iam-token-invalid",
    "token invalid",
    "InvalidToken",
    10,
    "Clients send tokens that are expired, for another host or region, or no tokens: look for a pool that keeps its first token instead of signing one for each connection.",
  ),
  iamLogins(
    "iam-login-throttled",
    "throttled",
    "Throttling",
    1,
    "More than about 200 new IAM logins a second: look for a pool that reconnects in a loop or lives too short, and for many pods starting at once.",
  ),
  iamLogins(
    "iam-login-server-error",
    "error of AWS",
    "ServerError",
    10,
    "IAM authentication fails inside AWS: look at the AWS Health Dashboard; open connections go on working, so do not restart pods.",
  ),
  iamLogins(
    "iam-login-failed",
    "failed, for whatever reason",
    "",
    50,
    "Many IAM logins fail, whatever the reason: compare with the other IAM alarms of this instance, and look for a client that retries without waiting.",
  ),
];

/** Those that do not. */
export const IAM_LOGINS_LET_IN: Watched = {
  metric: "IamDbAuthConnectionSuccess",
  of: "instance",
  statistic: "Sum",
  graph: "logins",
  label: "let in",
};
