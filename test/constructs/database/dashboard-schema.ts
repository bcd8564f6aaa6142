import { z } from "zod";

/**
 * A dashboard's body, by hand from AWS's page: only what is used here, and nothing that the page does not have.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
const place = {
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  width: z.int().min(1).max(24),
  height: z.int().min(1).max(1000),
};
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/);
const title = z.string().min(1);
const text = z.strictObject({
  ...place,
  type: z.literal("text"),
  properties: z.strictObject({
    markdown: z.string().min(1),
    background: z.enum(["transparent", "solid"]).optional(),
  }),
});
const alarm = z.strictObject({
  ...place,
  type: z.literal("alarm"),
  properties: z.strictObject({
    alarms: z.array(z.string()).min(1).max(100),
    sortBy: z.enum(["default", "stateUpdatedTimestamp", "timestamp"]).optional(),
    states: z.array(z.enum(["ALARM", "INSUFFICIENT_DATA", "OK"])).optional(),
    title: title.optional(),
  }),
});
const log = z.strictObject({
  ...place,
  type: z.literal("log"),
  properties: z.strictObject({
    query: z.string().regex(/^SOURCE '[^']+' \| \S/),
    region,
    title: title.optional(),
    view: z.enum(["timeSeries", "table", "bar", "pie"]).optional(),
  }),
});
const id = z.string().regex(/^[a-z]\w*$/);
const expression = z.tuple([
  z.strictObject({ expression: z.string().min(1).max(2048), id: id.optional(), label: title }),
]);
const series = z.tuple([
  z.literal("AWS/RDS"),
  z.string().regex(/^[A-Z]\w+$/),
  z.enum(["DBClusterIdentifier", "DBInstanceIdentifier", "ProxyName"]),
  z.string().min(1),
  z.strictObject({
    stat: z.enum(["SampleCount", "Average", "Sum", "Minimum", "Maximum"]),
    id: id.optional(),
    label: title.optional(),
    visible: z.boolean().optional(),
  }),
]);
const metric = z.strictObject({
  ...place,
  type: z.literal("metric"),
  properties: z.strictObject({
    title: title.optional(),
    region,
    view: z.enum(["timeSeries", "singleValue", "gauge", "bar", "pie"]),
    stacked: z.boolean().optional(),
    period: z.int().refine((seconds) => seconds % 60 === 0),
    metrics: z
      .array(z.union([expression, series]))
      .min(1)
      .max(500),
    yAxis: z.strictObject({
      left: z.strictObject({
        min: z.number().optional(),
        max: z.number().optional(),
        showUnits: z.boolean().optional(),
      }),
    }),
    annotations: z
      .strictObject({
        horizontal: z.array(
          z.strictObject({
            value: z.number(),
            label: title.optional(),
            color: z
              .string()
              .regex(/^#[0-9a-f]{6}$/)
              .optional(),
            fill: z.enum(["above", "below", "none"]).optional(),
          }),
        ),
      })
      .optional(),
  }),
});

export const DASHBOARD_BODY = z.strictObject({
  start: z
    .string()
    .regex(/^-PT\d+[MH]$/)
    .optional(),
  periodOverride: z.enum(["auto", "inherit"]).optional(),
  widgets: z.array(z.discriminatedUnion("type", [text, alarm, log, metric])).max(500),
});

/** One that is as the page has it. */
export type DashboardBody = z.infer<typeof DASHBOARD_BODY>;
