import { describe, expect, test } from "@jest/globals";
import { VerifyJob } from "../../../constructs/verify/verify-job";
import { only, synthConstruct } from "../../helpers/construct";
import { SERVICE } from "../board/board";

const stack = synthConstruct((scope) => {
  new VerifyJob(scope, "job", {
    name: "verify",
    schedule: "0 5 * * *",
    image: "registry.example/verify:1.0.0",
    plan: '{"version":1}',
    service: SERVICE,
    dependsOn: [],
  });
});
const cronJob = only(stack, "kubernetes_cron_job_v1");

describe("the job that verifies", () => {
  test("runs at its times in UTC, one run after the other, and not hours late", () => {
    expect(cronJob).toMatchObject({
      metadata: { name: "verify", namespace: "boards" },
      spec: {
        schedule: "0 5 * * *",
        timezone: "Etc/UTC",
        concurrency_policy: "Forbid",
        starting_deadline_seconds: 300,
      },
    });
  });

  test("is over before the next run, tries again when it could not look, and never when it found drift", () => {
    expect(cronJob).toMatchObject({
      spec: {
        job_template: {
          spec: {
            active_deadline_seconds: 600,
            backoff_limit: 2,
            pod_failure_policy: {
              rule: [
                {
                  action: "FailJob",
                  on_exit_codes: { container_name: "verify", operator: "In", values: [2] },
                },
              ],
            },
            template: { spec: { restart_policy: "Never" } },
          },
        },
      },
    });
  });

  test("leaves the pods of its last runs with their logs, failed or not", () => {
    expect(cronJob).toMatchObject({
      spec: { successful_jobs_history_limit: 3, failed_jobs_history_limit: 3 },
    });
    expect(JSON.stringify(cronJob)).not.toContain("ttl_seconds_after_finished");
  });

  test("reads the access plan from a ConfigMap of its own", () => {
    const [[address = ""] = []] = Object.entries(stack.resource?.kubernetes_config_map_v1 ?? {});
    expect(only(stack, "kubernetes_config_map_v1")).toMatchObject({
      metadata: { name: "verify-plan", namespace: "boards" },
      data: { "access-plan.json": '{"version":1}' },
    });
    expect(cronJob).toMatchObject({
      spec: {
        job_template: {
          spec: {
            template: {
              spec: {
                volume: [
                  { name: "rds-ca", config_map: { name: "rds-ca" } },
                  {
                    name: "files",
                    config_map: { name: `\${kubernetes_config_map_v1.${address}.metadata[0].name}` },
                  },
                ],
                container: [
                  {
                    volume_mount: [
                      { name: "rds-ca", mount_path: "/etc/rds-ca", read_only: true },
                      { name: "files", mount_path: "/etc/access-plan", read_only: true },
                    ],
                  },
                ],
              },
            },
          },
        },
      },
    });
  });

  test("its pods are its NetworkPolicy's, by their label", () => {
    expect(cronJob).toMatchObject({
      spec: {
        job_template: {
          spec: { template: { metadata: { labels: { "app.kubernetes.io/part-of": "verify" } } } },
        },
      },
    });
  });
});
