/**
 * CloudWatch namespace of an environment's own metrics, in which only it may put any.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export function metricNamespace(environment: string): string {
  return `aurora-passwordless/${environment}`;
}

/** What the job that verifies puts, once a run. */
export const VERIFY_METRICS = {
  /** 1 when it could look, 0 when it could not: without either it has not run. */
  looked: "VerifyLooked",
  /** What is not as planned and not accepted; only when it could look. */
  findings: "VerifyFindings",
} as const;

/** Interface endpoint by which CloudWatch takes metrics without NAT. */
export const METRICS_ENDPOINT = "monitoring";
