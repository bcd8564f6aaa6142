import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { metricNamespace } from "../../../model/aws/metrics";

/** Values by the name of their metric. */
export type Metrics = Readonly<Record<string, number>>;

/** Puts values into an environment's namespace of CloudWatch, with the credentials that the AWS SDK finds. */
export async function putMetrics(
  environment: string,
  region: string | undefined,
  metrics: Metrics,
): Promise<void> {
  const client = new CloudWatchClient({
    region,
    // A policy that lets nothing through answers nothing: the job is to say so, and not to be ended while it waits.
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  await client.send(
    new PutMetricDataCommand({
      Namespace: metricNamespace(environment),
      MetricData: Object.entries(metrics).map(([MetricName, Value]) => ({
        MetricName,
        Value,
        Unit: "Count",
      })),
    }),
  );
}
