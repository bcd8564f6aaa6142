import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { DatabaseConfig } from "../../model/config/environment";
import { type AlarmRule, alarmRules } from "./alarm-rules";

/** Options for {@link DatabaseAlarms}. */
export interface DatabaseAlarmsProps {
  /** Name of the environment: the name of its cluster, and what the alarms' names start with. */
  readonly environmentName: string;
  /** Names of the cluster's instances. */
  readonly instanceIdentifiers: readonly string[];
  /** Capacity of the cluster: what is worth an alarm differs. */
  readonly capacity: DatabaseConfig["capacity"];
  /** SNS topic to notify, of trouble and of its end. @default alarms only show in CloudWatch */
  readonly topicArn?: string;
}

/**
 * CloudWatch alarms on a cluster, each saying what to look at; {@link alarmRules} decides which.
 * A missing value is no breach: most of these metrics exist only once something has happened.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/creating_alarms.html
 */
export class DatabaseAlarms extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseAlarmsProps) {
    super(scope, id);
    const { environmentName, instanceIdentifiers } = props;
    const actions = props.topicArn ? [props.topicArn] : undefined;
    const alarm = (alarmId: string, name: string, dimensions: Record<string, string>, rule: AlarmRule) =>
      new CloudwatchMetricAlarm(this, alarmId, {
        alarmName: `${name}-${rule.id}`,
        alarmDescription: rule.description,
        namespace: "AWS/RDS",
        metricName: rule.metric,
        dimensions,
        statistic: rule.statistic,
        period: 300,
        evaluationPeriods: rule.periods,
        comparisonOperator: rule.comparison,
        threshold: rule.threshold,
        treatMissingData: "notBreaching",
        alarmActions: actions,
        okActions: actions,
      });

    for (const rule of alarmRules(props.capacity, instanceIdentifiers.length - 1)) {
      if (rule.of === "cluster") {
        alarm(rule.id, `${environmentName}-database`, { DBClusterIdentifier: environmentName }, rule);
        continue;
      }
      instanceIdentifiers.forEach((instance, index) => {
        alarm(
          `instance-${index + 1}-${rule.id}`,
          `${environmentName}-database-${index + 1}`,
          { DBInstanceIdentifier: instance },
          rule,
        );
      });
    }
  }
}
