import { Construct } from "constructs";
import type { DatabaseConfig } from "../../model/config/environment";
import { alarmRules } from "./alarm-rules";
import { metricAlarm } from "./metric-alarm";

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
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/creating_alarms.html
 */
export class DatabaseAlarms extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseAlarmsProps) {
    super(scope, id);
    const { environmentName, instanceIdentifiers, topicArn } = props;
    for (const rule of alarmRules(props.capacity, instanceIdentifiers.length - 1)) {
      if (rule.of === "cluster") {
        metricAlarm(this, rule.id, {
          name: `${environmentName}-database`,
          rule,
          dimensions: { DBClusterIdentifier: environmentName },
          topicArn,
        });
        continue;
      }
      instanceIdentifiers.forEach((instance, index) => {
        metricAlarm(this, `instance-${index + 1}-${rule.id}`, {
          name: `${environmentName}-database-${index + 1}`,
          rule,
          dimensions: { DBInstanceIdentifier: instance },
          topicArn,
        });
      });
    }
  }
}
