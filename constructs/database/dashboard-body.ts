import type { AlarmRule, Watched } from "./alarm-rule";
import { GRAPHS, type Graph, graphOf } from "./dashboard-graphs";

/** Columns of a dashboard. */
const COLUMNS = 24;
/** Seconds in which alarms look at a metric. */
const PERIOD = 300;

/** A name of CloudWatch's and its value, such as `DBInstanceIdentifier` and `dev-1`. */
export type Dimension = readonly [name: string, value: string];

/** A metric on a graph. */
export interface Line extends Omit<Watched, "of"> {
  /** Of what: of several things it is the sum. */
  readonly dimensions: readonly Dimension[];
  /** The alarm on it. @default there is none */
  readonly alarm?: Pick<AlarmRule, "id" | "comparison" | "threshold">;
}

/** Lines of a log. */
export interface LogQuery {
  readonly title: string;
  readonly logGroup: string;
  /** Which lines, as Logs Insights takes a filter. @default all */
  readonly filter?: string | undefined;
}

/** What is on a dashboard. */
export interface DashboardContent {
  readonly region: string;
  /** Where to look, in Markdown. */
  readonly text: string;
  /** ARNs of alarms, whose states it shows. */
  readonly alarmArns: readonly string[];
  readonly lines: readonly Line[];
  readonly logs: readonly LogQuery[];
}

/** A widget without its place. */
interface Widget {
  readonly type: "text" | "alarm" | "metric" | "log";
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * A dashboard as CloudWatch takes it: what to do, alarms' states, graphs, and lines of logs, from the top down.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardBody({ region, text, alarmArns, lines, logs }: DashboardContent): string {
  const graphs = Object.keys(GRAPHS).flatMap((id) => {
    const own = lines.filter(({ graph }) => graph === id);
    const [first] = own;
    return first === undefined ? [] : [graphWidget(first.graph, own, region)];
  });
  const alarms: Widget = {
    type: "alarm",
    width: COLUMNS,
    // A row of the widget holds about six, and the title takes another.
    height: 1 + Math.ceil(alarmArns.length / 6),
    properties: { title: "Alarms", alarms: alarmArns, sortBy: "stateUpdatedTimestamp" },
  };
  const widgets = placed([
    { type: "text", width: COLUMNS, height: 3, properties: { markdown: text } },
    ...(alarmArns.length > 0 ? [alarms] : []),
    ...graphs,
    ...logs.map((log) => logWidget(log, region)),
  ]);
  // Graphs keep the period in which alarms look, however long a time is shown.
  return JSON.stringify({ start: "-PT3H", periodOverride: "inherit", widgets });
}

function graphWidget(id: Graph, lines: readonly Line[], region: string): Widget {
  const { title, period = PERIOD, sums = false } = graphOf(id);
  const alarms = lines.flatMap(({ alarm }) => (alarm === undefined || sums ? [] : [alarm]));
  const limits = new Set(lines.flatMap(({ limit }) => limit ?? []));
  const horizontal = [
    ...alarms.map(({ id, threshold, comparison }) => ({
      label: `alarm ${id}`,
      value: threshold,
      fill: comparison === "LessThanThreshold" ? "below" : "above",
      color: "#d62728",
    })),
    ...[...limits].map((value) => ({ label: "the most there can be", value, color: "#7f7f7f" })),
  ];
  return {
    type: "metric",
    width: 8,
    height: 6,
    properties: {
      title,
      region,
      view: "timeSeries",
      stacked: false,
      period,
      metrics: lines.flatMap(metricsOf),
      yAxis: { left: { min: 0, showUnits: false } },
      ...(horizontal.length > 0 && { annotations: { horizontal } }),
    },
  };
}

/** A line: a metric, or the sum of several that do not show. Of an instance that says nothing at some time the others count. */
function metricsOf({ metric, dimensions, statistic, label }: Line, place: number): unknown[] {
  const series = (dimension: Dimension, more: Readonly<Record<string, unknown>>) => [
    "AWS/RDS",
    metric,
    ...dimension,
    { stat: statistic, ...more },
  ];
  const [first, ...others] = dimensions;
  if (first === undefined) return [];
  if (others.length === 0) return [series(first, { label })];
  const ids = dimensions.map((_, index) => `m${place}x${index}`);
  const expression = `SUM([${ids.map((id) => `FILL(${id}, 0)`).join(", ")}])`;
  return [
    [{ id: `sum${place}`, expression, label }],
    ...dimensions.map((dimension, index) => series(dimension, { id: ids[index], visible: false })),
  ];
}

/** The newest lines of a log. */
function logWidget({ title, logGroup, filter }: LogQuery, region: string): Widget {
  const query = [
    `SOURCE '${logGroup}'`,
    "fields @timestamp, @logStream, @message",
    ...(filter === undefined ? [] : [`filter ${filter}`]),
    "sort @timestamp desc",
    "limit 50",
  ].join(" | ");
  return { type: "log", width: COLUMNS, height: 6, properties: { title, region, view: "table", query } };
}

/** Puts widgets beside each other, and below where a row is full. Those of a row have one height. */
function placed(widgets: readonly Widget[]): object[] {
  let [x, y, below] = [0, 0, 0];
  return widgets.map(({ type, width, height, properties }) => {
    if (x + width > COLUMNS) [x, y] = [0, below];
    const place = { type, x, y, width, height, properties };
    x += width;
    below = y + height;
    return place;
  });
}
