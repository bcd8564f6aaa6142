import type { Graph } from "./dashboard-graphs";

/** A CloudWatch metric that is worth looking at. */
export interface Watched {
  /** Metric in the namespace AWS/RDS. */
  readonly metric: string;
  /** Of the whole cluster, which no failover moves, or of each instance. */
  readonly of: "cluster" | "instance";
  /** Only Aurora has it. @default every database of RDS does */
  readonly ofAuroraAlone?: true;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum";
  /** The graph of the dashboard that it is on. */
  readonly graph: Graph;
  /** What it is called there. */
  readonly label: string;
  /** What it never exceeds. @default not known */
  readonly limit?: number;
}

/** When one CloudWatch metric is a reason to wake somebody, and what they should look at. */
export interface AlarmRule extends Watched {
  /** What went wrong, lower-kebab: the alarm's construct id and the end of its name. */
  readonly id: string;
  readonly comparison: "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** Periods of five minutes that must all breach. */
  readonly periods: number;
  /** What it means and where to look. */
  readonly description: string;
}
