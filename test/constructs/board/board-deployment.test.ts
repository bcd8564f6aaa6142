import { describe, expect, test } from "@jest/globals";
import { createApp } from "../../../board/app";
import { BoardDeployment } from "../../../constructs/board/board-deployment";
import { only, synthConstruct } from "../../helpers/construct";
import { POD, SERVICE } from "./board";

const build = (variables: Record<string, string> = SERVICE.variables) =>
  synthConstruct((stack) => {
    new BoardDeployment(stack, "web", {
      ...POD,
      service: { ...SERVICE, variables },
      name: "board",
      hosts: ["board.example", "board"],
      dependsOn: [],
    });
  });
const json = build();
const deployment = only(json, "kubernetes_deployment_v1");
const SELECTOR = { "app.kubernetes.io/part-of": "board", "app.kubernetes.io/component": "web" };

describe("the web pods of the message board", () => {
  test("are two, and a new version takes over without one less", () => {
    expect(deployment).toMatchObject({
      metadata: { name: "board", namespace: "boards" },
      spec: {
        replicas: "2",
        strategy: { type: "RollingUpdate", rolling_update: { max_surge: "1", max_unavailable: "0" } },
      },
    });
  });

  test("are the ones that selector, spread and disruption budget mean", () => {
    const spread = { label_selector: [{ match_labels: SELECTOR }] };
    expect(deployment).toMatchObject({
      spec: {
        selector: { match_labels: SELECTOR },
        template: {
          metadata: { labels: SELECTOR },
          spec: { topology_spread_constraint: [spread, spread] },
        },
      },
    });
    expect(only(json, "kubernetes_pod_disruption_budget_v1")).toEqual({
      metadata: expect.objectContaining({ name: "board", namespace: "boards" }),
      spec: { min_available: "1", selector: { match_labels: SELECTOR } },
    });
  });

  test("are in different zones and on different nodes where there are any, and run in any case", () => {
    const spread = (topology_key: string) => ({
      topology_key,
      max_skew: 1,
      when_unsatisfiable: "ScheduleAnyway",
    });
    expect(deployment).toMatchObject({
      spec: {
        template: {
          spec: {
            topology_spread_constraint: [
              spread("topology.kubernetes.io/zone"),
              spread("kubernetes.io/hostname"),
            ],
          },
        },
      },
    });
  });

  test("start again when they hang, and not when the database is down", () => {
    const probe = (path: string) => ({ http_get: { path, port: "http" } });
    expect(deployment).toMatchObject({
      spec: {
        template: {
          spec: {
            container: [
              {
                port: [{ name: "http", container_port: 8080 }],
                startup_probe: probe("/livez"),
                liveness_probe: probe("/livez"),
                readiness_probe: probe("/readyz"),
              },
            ],
          },
        },
      },
    });
  });

  test("have as long to stop as the server takes: 5 s to be noticed, and 15 s to finish", () => {
    expect(deployment).toMatchObject({
      spec: { template: { spec: { termination_grace_period_seconds: 30 } } },
    });
  });

  test("answer to the names that lead to them", () => {
    expect(deployment).toMatchObject({
      spec: {
        template: {
          spec: { container: [{ env: [{ name: "ALLOWED_HOSTS", value: "board.example,board" }] }] },
        },
      },
    });
  });

  test("are replaced when the connection changes, such as the endpoint after a restore", () => {
    const hash = (of: object) =>
      /"checksum\/database":"\$\{(.*?)\}"/.exec(JSON.stringify(of))?.[1] ?? "no annotation";
    expect(hash(deployment)).toMatch(/^sha256\(jsonencode\(/);
    expect(hash(build({ ...SERVICE.variables, PGHOST: "restored.example" }))).not.toBe(hash(deployment));
  });

  test("are asked for what the server answers", async () => {
    const down = () => Promise.reject(new Error("no database"));
    const app = createApp({
      store: { page: down, add: down, check: down },
      identity: { host: "db.example", port: 5432, database: "d", user: "u", roleArn: undefined },
      log: () => {},
    });
    expect((await app.request("/livez")).status).toBe(200);
    expect((await app.request("/readyz")).status).toBe(503);
  });
});
