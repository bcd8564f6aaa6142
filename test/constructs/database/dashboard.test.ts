import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { alarmRules } from "../../../constructs/database/alarm-rules";
import { Dashboard, type DashboardProps } from "../../../constructs/database/dashboard";
import { PROXY_ALARMS } from "../../../constructs/database/proxy-alarm-rules";
import { layersOf, stackOf, synthApp } from "../../helpers/app";
import { only, resources, synthConstruct, type TerraformJson } from "../../helpers/construct";
import { parse, testEnvironment, testEnvironments } from "../../helpers/environment";
import { references } from "../../helpers/references";
import { AURORA, INSTANCE, mixYaml, NETWORK } from "../../stacks/existing-mixes";
import { DASHBOARD_BODY, type DashboardBody } from "./dashboard-schema";

const SERVERLESS = { minAcu: 0.5, maxAcu: 8 };
const PROVISIONED = { instanceClass: "db.r8g.large" };

/** The body of a stack's dashboard; fails when it is not as AWS documents it. */
function bodyOf(json: TerraformJson): DashboardBody {
  return DASHBOARD_BODY.parse(JSON.parse(String(only(json, "aws_cloudwatch_dashboard").dashboard_body)));
}

function synth(props: Partial<DashboardProps> = {}): DashboardBody {
  return bodyOf(
    synthConstruct((stack) => {
      new Dashboard(stack, "dashboard", {
        environmentName: "dev",
        region: "eu-west-1",
        database: {
          kind: "cluster",
          identifier: "dev",
          instanceIdentifiers: ["dev-1", "dev-2"],
          rules: alarmRules(SERVERLESS, 1),
        },
        alarmArns: { database: ["arn:of-an-alarm"], proxy: [] },
        logGroups: { postgresql: "/log/postgresql", iamErrors: "/log/iam" },
        proxy: false,
        ...props,
      });
    }),
  );
}

type WidgetOf<Type> = Extract<DashboardBody["widgets"][number], { type: Type }>;
const metricWidgets = ({ widgets }: DashboardBody) =>
  widgets.flatMap((widget): WidgetOf<"metric">[] => (widget.type === "metric" ? [widget] : []));
const logWidgets = ({ widgets }: DashboardBody) =>
  widgets.flatMap((widget): WidgetOf<"log">[] => (widget.type === "log" ? [widget] : []));
const alarmWidgets = ({ widgets }: DashboardBody) =>
  widgets.flatMap((widget): WidgetOf<"alarm">[] => (widget.type === "alarm" ? [widget] : []));

/** Every metric that a dashboard shows or adds up, with the graph that it is on. */
const series = (body: DashboardBody) =>
  metricWidgets(body).flatMap(({ properties }) =>
    properties.metrics.flatMap((each) =>
      each.length === 5
        ? [{ graph: properties, metric: each[1], dimension: `${each[2]}=${each[3]}`, ...each[4] }]
        : [],
    ),
  );
const thresholds = (body: DashboardBody) =>
  metricWidgets(body).flatMap(({ properties }) =>
    (properties.annotations?.horizontal ?? []).map(({ label, value, fill }) => ({ label, value, fill })),
  );

describe("a dashboard", () => {
  test("is as AWS documents its body, without two widgets in one place, whatever the database is like", () => {
    const databases = fc.record({
      capacity: fc.constantFrom(SERVERLESS, PROVISIONED, undefined),
      readers: fc.integer({ min: 0, max: 15 }),
      kind: fc.constantFrom("cluster" as const, "instance" as const),
      proxy: fc.boolean(),
      logGroups: fc.constantFrom({}, { postgresql: "/p", iamErrors: "/i" }, { proxy: "/x" }),
    });
    fc.assert(
      fc.property(databases, ({ capacity, readers, kind, proxy, logGroups }) => {
        const rules = alarmRules(capacity, readers);
        const instanceIdentifiers = Array.from({ length: readers + 1 }, (_, index) => `dev-${index + 1}`);
        const alarms = rules.flatMap(({ of }) => (of === "cluster" ? ["arn"] : instanceIdentifiers));
        const body = synth({
          database: { kind, identifier: "dev", instanceIdentifiers, rules },
          alarmArns: { database: alarms, proxy: proxy ? PROXY_ALARMS.map(() => "arn") : [] },
          logGroups,
          proxy,
        });
        const taken = body.widgets.flatMap(({ x, y, width, height }) => {
          expect(x + width).toBeLessThanOrEqual(24);
          const columns = Array.from({ length: width }, (_, index) => x + index);
          return columns.flatMap((column) =>
            Array.from({ length: height }, (_, index) => `${column},${y + index}`),
          );
        });
        expect(new Set(taken).size).toBe(taken.length);
        for (const { properties } of metricWidgets(body)) {
          const ids = properties.metrics
            .flatMap((each) => each.at(-1))
            .flatMap((each) => (typeof each === "object" ? (each.id ?? []) : []));
          expect(new Set(ids).size).toBe(ids.length);
          // A sum of what is on another graph, or nowhere, would show nothing.
          for (const [each] of properties.metrics) {
            const named = typeof each === "object" ? (each.expression.match(/\bm\w+/g) ?? []) : [];
            expect(ids).toEqual(expect.arrayContaining(named));
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ["serverless", alarmRules(SERVERLESS, 1)],
    ["provisioned", alarmRules(PROVISIONED, 0)],
  ])("shows the metric of every alarm, and where it begins: %s", (_, rules) => {
    const instanceIdentifiers = ["dev-1", "dev-2"];
    const body = synth({
      database: { kind: "cluster", identifier: "dev", instanceIdentifiers, rules },
      proxy: true,
    });
    const shown = series(body);
    for (const { metric, of, statistic } of rules) {
      const dimensions =
        of === "cluster"
          ? ["DBClusterIdentifier=dev"]
          : ["DBInstanceIdentifier=dev-1", "DBInstanceIdentifier=dev-2"];
      const own = shown.filter((each) => each.metric === metric && !each.dimension.startsWith("Proxy"));
      expect(own).toEqual(
        dimensions.map((dimension) => expect.objectContaining({ dimension, stat: statistic })),
      );
    }
    for (const { metric, statistic } of PROXY_ALARMS) {
      expect(shown).toContainEqual(
        expect.objectContaining({ metric, stat: statistic, dimension: "ProxyName=dev" }),
      );
    }
    const lines = thresholds(body);
    for (const { id, of, threshold, comparison } of [
      ...rules,
      ...PROXY_ALARMS.map((rule) => ({ of: "proxy", ...rule })),
    ]) {
      const fill = comparison === "LessThanThreshold" ? "below" : "above";
      const begins = { label: `alarm ${id}`, value: threshold, fill };
      // An alarm on IAM logins is of one instance, and the graph shows all of them together.
      if (of === "instance") expect(lines).not.toContainEqual(begins);
      else expect(lines).toContainEqual(begins);
    }
  });

  test("shows IAM logins by how they end, each as the sum over the instances", () => {
    const [logins] = metricWidgets(synth());
    const labels = logins?.properties.metrics.flatMap((each) => (each.length === 1 ? [each[0].label] : []));
    expect(labels).toEqual([
      "let in",
      "denied",
      "token invalid",
      "throttled",
      "error of AWS",
      "failed, for whatever reason",
    ]);
    const shown = logins?.properties.metrics.filter((each) => each.length === 5 && each[4].visible !== false);
    expect(shown).toEqual([]);
  });

  test("shows connections on every cluster, and what they may come to where that is known", () => {
    const connections = (capacity: typeof SERVERLESS | typeof PROVISIONED) => {
      const rules = alarmRules(capacity, 0);
      const body = synth({
        database: { kind: "cluster", identifier: "dev", instanceIdentifiers: [], rules },
      });
      return series(body).filter(({ metric }) => metric === "DatabaseConnections");
    };
    const [serverless, ...others] = connections(SERVERLESS);
    expect(others).toEqual([]);
    expect(serverless?.graph.annotations?.horizontal).toContainEqual(
      expect.objectContaining({ label: "the most there can be", value: 1600 }),
    );
    expect(connections(PROVISIONED)).toHaveLength(1);
    expect(connections(PROVISIONED)[0]?.graph.annotations).toBeUndefined();
  });

  test("says how to end an identity, and where alarms are explained", () => {
    const text = JSON.stringify(synth().widgets[0]);
    expect(text).toContain("`npm run lock-out -- dev <identity>` (docs/operating.md)");
    expect(text).toContain("docs/runbook.md");
  });
});

describe("of an environment", () => {
  const everywhere = layersOf(testEnvironment("everywhere"))("database");

  test("there is one where the file asks for it, and only there", () => {
    for (const [id, stack] of synthApp(...testEnvironments())) {
      const dashboards = Object.values(resources(stack, "aws_cloudwatch_dashboard"));
      const expected = id === "everywhere-database" ? ["everywhere-database"] : [];
      expect(dashboards.map(({ dashboard_name }) => dashboard_name)).toEqual(expected);
    }
  });

  test("it shows the state of every alarm of the stack", () => {
    const arns = Object.keys(resources(everywhere, "aws_cloudwatch_metric_alarm")).map(
      (name) => `\${aws_cloudwatch_metric_alarm.${name}.arn}`,
    );
    expect(arns.length).toBeGreaterThan(15);
    expect(
      alarmWidgets(bodyOf(everywhere)).flatMap(({ properties }) => [...properties.alarms].sort()),
    ).toEqual(arns.sort());
  });

  test("it asks no log group but those that its stack makes, and each of them", () => {
    const made = Object.keys(resources(everywhere, "aws_cloudwatch_log_group"))
      .filter((name) => !name.startsWith("bastion"))
      .map((name) => `\${aws_cloudwatch_log_group.${name}.name}`);
    const asked = logWidgets(bodyOf(everywhere)).map(
      ({ properties }) => /^SOURCE '([^']*)'/.exec(properties.query)?.[1],
    );
    expect([...new Set(asked)].sort()).toEqual(made.sort());
  });

  const existing = (database: string) =>
    bodyOf(stackOf(synthApp(parse(mixYaml({ network: NETWORK, cluster: "", database }))), "test-database"));
  const withDashboard = (database: string) => database.replace("database: {", "database: { dashboard: true,");

  test("whose cluster was there before it has what CloudWatch knows of a cluster: no instances, no logs of others, no alarms", () => {
    const body = existing(withDashboard(AURORA));
    expect([...new Set(series(body).map(({ dimension }) => dimension))]).toEqual([
      "DBClusterIdentifier=shop",
    ]);
    expect(series(body).map(({ metric }) => metric)).toContain("AuroraReplicaLagMaximum");
    expect([...logWidgets(body), ...alarmWidgets(body)]).toEqual([]);
    expect(thresholds(body).filter(({ label }) => label?.startsWith("alarm"))).toEqual([]);
  });

  test("whose instance was there before it has IAM logins as well, and nothing that only Aurora has", () => {
    const body = existing(withDashboard(INSTANCE));
    expect([...new Set(series(body).map(({ dimension }) => dimension))]).toEqual([
      "DBInstanceIdentifier=shop",
    ]);
    const metrics = series(body).map(({ metric }) => metric);
    expect(metrics).toEqual(
      expect.arrayContaining(["IamDbAuthConnectionSuccess", "DatabaseConnections", "CPUUtilization"]),
    );
    for (const metric of ["Deadlocks", "AuroraReplicaLagMaximum", "FreeLocalStorage", "ACUUtilization"]) {
      expect(metrics).not.toContain(metric);
    }
  });

  test("with a proxy before an existing database, the proxy's alarms and log are there", () => {
    const body = existing(withDashboard(INSTANCE.replace("database: {", "database: { proxy: {},")));
    expect(alarmWidgets(body).map(({ properties }) => properties.alarms.length)).toEqual([
      PROXY_ALARMS.length,
    ]);
    expect(logWidgets(body)).toHaveLength(1);
    expect(thresholds(body)).toContainEqual({ label: "alarm login-denied", value: 10, fill: "above" });
  });

  test("nothing in it refers to what its stack has not", () => {
    const inBody = references(everywhere).filter(({ path }) => path.includes("aws_cloudwatch_dashboard"));
    expect(inBody.length).toBeGreaterThan(20);
  });
});
