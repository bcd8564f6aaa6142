import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import type { AlarmRule } from "./alarm-rule";

/** Options for {@link metricAlarm}. */
export interface MetricAlarmProps {
  /** What the alarm's name starts with, such as `dev-database`. */
  readonly name: string;
  /** What it watches, and from when on. */
  readonly rule: Omit<AlarmRule, "of">;
  /** Of what: names of CloudWatch's, such as `DBClusterIdentifier`, with their values. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** SNS topic to notify, of trouble and of its end. @default the alarm only shows in CloudWatch */
  readonly topicArn?: string;
}

/**
 * An alarm on a metric of RDS. A missing value is no breach: most of them exist only once something has happened.
 * @returns its ARN
 */
export function metricAlarm(
  scope: Construct,
  id: string,
  { name, rule, dimensions, topicArn }: MetricAlarmProps,
): string {
  const actions = topicArn ? [topicArn] : undefined;
  return new CloudwatchMetricAlarm(scope, id, {
    alarmName: `${name}-${rule.id}`,
    alarmDescription: rule.description,
    namespace: "AWS/RDS",
    metricName: rule.metric,
    dimensions: { ...dimensions },
    statistic: rule.statistic,
    period: 300,
    evaluationPeriods: rule.periods,
    comparisonOperator: rule.comparison,
    threshold: rule.threshold,
    treatMissingData: "notBreaching",
    alarmActions: actions,
    okActions: actions,
  }).arn;
}
