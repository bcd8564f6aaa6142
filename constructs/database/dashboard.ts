import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { AlarmRule, Watched } from "./alarm-rule";
import { furtherMetrics } from "./alarm-rules";
import { type Dimension, dashboardBody, type Line, type LogQuery } from "./dashboard-body";
import { PROXY_ALARMS, PROXY_METRICS } from "./proxy-alarm-rules";

/** Options for {@link Dashboard}. */
export interface DashboardProps {
  /** Name of the environment, which the dashboard's name starts with. */
  readonly environmentName: string;
  /** AWS region of the metrics and logs. */
  readonly region: string;
  /** The database. */
  readonly database: {
    /** What it is in RDS: a cluster, or an instance of none. */
    readonly kind: "cluster" | "instance";
    /** Its RDS identifier. */
    readonly identifier: string;
    /** RDS identifiers of its instances, as far as they are known at synth. */
    readonly instanceIdentifiers: readonly string[];
    /** What there may be alarms on. */
    readonly rules: readonly AlarmRule[];
  };
  /** ARNs of the alarms on the database and the proxy; lines show where those on the database begin. @default it has none */
  readonly alarmArns: { readonly database: readonly string[]; readonly proxy: readonly string[] };
  /** Names of log groups. */
  readonly logGroups: { readonly postgresql?: string; readonly iamErrors?: string; readonly proxy?: string };
  /** Whether there is a proxy before the database. */
  readonly proxy: boolean;
}

/** Which lines of the logs are shown, as far as the filter goes. Each has who, from where and in which database before its text. */
const LOGS: readonly { of: keyof DashboardProps["logGroups"]; title: string; filter?: string }[] = [
  { of: "iamErrors", title: "IAM logins that were refused, and why" },
  {
    of: "postgresql",
    title: "Logins that PostgreSQL refused, and sessions that it ended",
    filter: "@message like /FATAL:/",
  },
  {
    of: "postgresql",
    title: "Statements that took over a second",
    filter: "@message like /LOG:  duration:/",
  },
  { of: "proxy", title: "The proxy's log: logins that it refused, and what pins sessions" },
];

/**
 * A CloudWatch dashboard of an environment's database and the proxy before it: what its alarms look at, in the same table of
 * metrics, their states, and lines of the logs.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { environmentName, region, alarmArns, logGroups } = props;
    new CloudwatchDashboard(this, "page", {
      dashboardName: `${environmentName}-database`,
      dashboardBody: dashboardBody({
        region,
        text: whereToLook(environmentName),
        alarmArns: [...alarmArns.database, ...alarmArns.proxy],
        lines: [...databaseLines(props), ...(props.proxy ? proxyLines(environmentName) : [])],
        logs: LOGS.flatMap(({ of, title, filter }): LogQuery[] => {
          const logGroup = logGroups[of];
          return logGroup === undefined ? [] : [{ title, logGroup, filter }];
        }),
      }),
    });
  }
}

function whereToLook(environmentName: string): string {
  return [
    `# Database of ${environmentName}`,
    `What an alarm means and what to do is in docs/runbook.md of the repository that deploys this, under the end of its name, such as \`iam-login-denied\`. The statements with the most load are in CloudWatch Database Insights.`,
    `To end an identity that others have got hold of, at once: \`npm run lock-out -- ${environmentName} <identity>\` (docs/operating.md).`,
  ].join("\n\n");
}

function databaseLines({ database, alarmArns }: DashboardProps): Line[] {
  const { kind, identifier, instanceIdentifiers, rules } = database;
  const instances = instanceIdentifiers.map((each): Dimension => ["DBInstanceIdentifier", each]);
  const whole: readonly Dimension[] = kind === "cluster" ? [["DBClusterIdentifier", identifier]] : instances;
  return [...furtherMetrics(rules), ...rules]
    .filter(({ ofAuroraAlone }) => kind === "cluster" || !ofAuroraAlone)
    .map((each) => line(each, each.of === "cluster" ? whole : instances, alarmArns.database.length > 0))
    .filter(({ dimensions }) => dimensions.length > 0);
}

function proxyLines(environmentName: string): Line[] {
  return [...PROXY_ALARMS, ...PROXY_METRICS].map((each) =>
    line(each, [["ProxyName", environmentName]], true),
  );
}

function line(
  watched: Omit<Watched, "of"> | Omit<AlarmRule, "of">,
  dimensions: readonly Dimension[],
  hasAlarms: boolean,
): Line {
  return { ...watched, dimensions, ...(hasAlarms && "threshold" in watched && { alarm: watched }) };
}
