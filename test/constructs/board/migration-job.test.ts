import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { jobName, MigrationJob } from "../../../constructs/board/migration-job";
import { only, synthConstruct } from "../../helpers/construct";
import { POD } from "./board";

describe("the migration", () => {
  let resource: unknown;
  const job = only(
    synthConstruct((stack) => {
      resource = new MigrationJob(stack, "migration", {
        ...POD,
        app: "board",
        name: "board-migrations",
        dependsOn: [],
      }).resource;
    }),
    "kubernetes_job_v1",
  );

  test("is done before Terraform goes on, and gives up before Terraform does", () => {
    expect(job).toMatchObject({
      spec: { active_deadline_seconds: 240, backoff_limit: 3 },
      timeouts: { create: "300s", update: "300s" },
      wait_for_completion: true,
    });
    expect(resource).toBeInstanceOf(JobV1);
  });

  test("stays when it is done, or each deployment would run it again", () => {
    expect(JSON.stringify(job)).not.toContain("ttl");
  });

  test("keeps the logs of each attempt", () => {
    expect(job).toMatchObject({ spec: { template: { spec: { restart_policy: "Never" } } } });
  });

  test("is not among the pods that visitors reach", () => {
    expect(job).toMatchObject({
      spec: { template: { metadata: { labels: { "app.kubernetes.io/component": "migrations" } } } },
    });
  });
});

describe("the name of the migration's Job", () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/);

  test("changes with the image, whose Job is another, and with nothing else", () => {
    fc.assert(
      fc.property(label, fc.string(), fc.string(), (name, image, other) => {
        expect(jobName(name, image)).toBe(jobName(name, image));
        expect(jobName(name, image) === jobName(name, other)).toBe(image === other);
      }),
    );
    expect(jobName("board-migrations", "message-board:1.0.0")).toBe("board-migrations-7358d472c9");
  });

  test("fits into the label that Kubernetes gives its pods", () => {
    fc.assert(
      fc.property(label, (name) => {
        expect(jobName(name, "x:1")).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
      }),
    );
  });
});
