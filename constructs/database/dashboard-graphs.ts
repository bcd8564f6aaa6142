/** A graph of the dashboard. */
interface GraphOfDashboard {
  readonly title: string;
  /** In seconds, at which values are taken. @default 300, as alarms take them */
  readonly period?: number;
  /** Lines where alarms begin are left out: they are of one instance, and the graph shows the sum of all. @default false */
  readonly sums?: true;
}

/** The graphs of a dashboard, in the order in which they are on it. Which metrics are on one the metrics say. */
export const GRAPHS = {
  logins: { title: "IAM logins, in five minutes", sums: true },
  connections: { title: "Connections" },
  capacity: { title: "Processors and capacity, in %" },
  lag: { title: "Readers behind the writer" },
  deadlocks: { title: "Deadlocks" },
  storage: { title: "Local storage" },
  "transaction-ids": { title: "Transaction ids" },
  "proxy-logins": { title: "Proxy: logins that failed, in five minutes" },
  "proxy-connections": { title: "Proxy: connections", period: 60 },
  "proxy-waits": { title: "Proxy: waits for a connection" },
} as const satisfies Readonly<Record<string, GraphOfDashboard>>;

/** The id of one of {@link GRAPHS}. */
export type Graph = keyof typeof GRAPHS;

/** One of {@link GRAPHS}. */
export function graphOf(id: Graph): GraphOfDashboard {
  return GRAPHS[id];
}
