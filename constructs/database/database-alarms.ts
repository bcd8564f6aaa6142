import { Construct } from "constructs";
import type { AlarmRule } from "./alarm-rule";
import { metricAlarm } from "./metric-alarm";

/** Options for {@link DatabaseAlarms}. */
export interface DatabaseAlarmsProps {
  /** Name of the environment: the name of its cluster, and what the alarms' names start with. */
  readonly environmentName: string;
  /** Names of the cluster's instances. */
  readonly instanceIdentifiers: readonly string[];
  /** What there is an alarm on. */
  readonly rules: readonly AlarmRule[];
  /** SNS topic to notify, of trouble and of its end. @default alarms only show in CloudWatch */
  readonly topicArn?: string;
}

/**
 * CloudWatch alarms on a cluster, each saying what to look at.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/creating_alarms.html
 */
export class DatabaseAlarms extends Construct {
  /** ARNs of the alarms. */
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, props: DatabaseAlarmsProps) {
    super(scope, id);
    const { environmentName, instanceIdentifiers, topicArn } = props;
    this.arns = props.rules.flatMap((rule) =>
      rule.of === "cluster"
        ? metricAlarm(this, rule.id, {
            name: `${environmentName}-database`,
            rule,
            dimensions: { DBClusterIdentifier: environmentName },
            topicArn,
          })
        : instanceIdentifiers.map((instance, index) =>
            metricAlarm(this, `instance-${index + 1}-${rule.id}`, {
              name: `${environmentName}-database-${index + 1}`,
              rule,
              dimensions: { DBInstanceIdentifier: instance },
              topicArn,
            }),
          ),
    );
  }
}
