import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { metricNamespace, VERIFY_METRICS } from "../../model/aws/metrics";

/** Options for {@link VerifyAlarms}. */
export interface VerifyAlarmsProps {
  /** Name of the environment, which the alarms' names start with. */
  readonly environmentName: string;
  /** How far apart two runs are at most, in minutes: 6 days or less, so that a week of CloudWatch's has room for one. */
  readonly longestGapMinutes: number;
  /** SNS topic to notify, of trouble and of its end. @default alarms only show in CloudWatch */
  readonly topicArn?: string;
}

/** Seconds: for shorter periods CloudWatch looks back one day, from this on seven. */
const HOUR = 3600;

/**
 * Says that the job found drift, and that it stopped, or could not look. Two alarms, since a job that does not run finds
 * nothing.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export class VerifyAlarms extends Construct {
  constructor(scope: Construct, id: string, props: VerifyAlarmsProps) {
    super(scope, id);
    const { environmentName, longestGapMinutes, topicArn } = props;
    const actions = topicArn ? [topicArn] : undefined;
    const common = {
      namespace: metricNamespace(environmentName),
      statistic: "Maximum",
      alarmActions: actions,
      okActions: actions,
    };
    new CloudwatchMetricAlarm(this, "drift", {
      ...common,
      alarmName: `${environmentName}-verify-drift`,
      alarmDescription:
        "The database is not as its environment file says. The log of the last job named verify-… has a line for each finding, with what to do; what is meant goes into verify.accepted.",
      metricName: VERIFY_METRICS.findings,
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      // Between two runs there is no value: what the last one found stands.
      treatMissingData: "ignore",
    });
    new CloudwatchMetricAlarm(this, "not-looking", {
      ...common,
      alarmName: `${environmentName}-verify-not-looking`,
      alarmDescription:
        "No job has been able to look at the database since the last one was due: the CronJob verify is gone or suspended, its image cannot be pulled, or the database cannot be reached. The log of the last job named verify-… says which; without a job, kubectl describe cronjob verify.",
      metricName: VERIFY_METRICS.looked,
      period: HOUR,
      // The hours from one run to the next, and one in which it may be late.
      evaluationPeriods: Math.ceil(longestGapMinutes / 60) + 1,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "breaching",
    });
  }
}
