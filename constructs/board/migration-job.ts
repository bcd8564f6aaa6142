import { createHash } from "node:crypto";
import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { componentLabels, programLabels } from "../shared/program-labels";
import { type ProgramPod, programContainer, programPodSpec } from "../shared/program-pod";

/** Options for {@link MigrationJob}. */
export interface MigrationJobProps extends ProgramPod {
  /** Name of the board in labels. */
  readonly app: string;
  /** What the Job's name starts with. */
  readonly name: string;
  /** What must exist before the pod starts. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * Seconds after which Kubernetes ends a migration, retries included; Terraform waits a little longer, to hear of it. Four
 * attempts and the pauses between them (10, 20 and 40 s) take less than two minutes, and a node that has to be started
 * first takes up to two more. What still has no pod by then, such as an image that cannot be pulled, will not get one.
 */
const DEADLINE_SECONDS = 240;

/**
 * Brings the tables up to date, as the identity that owns their schema. Terraform waits for it, so that what depends on
 * this starts on the new tables, or not at all: a failed Job fails the deployment, and the next one replaces it.
 *
 * A Job cannot be changed, so its name follows the image, and a new image is a new Job. A finished one stays, with its
 * pods and their logs, until then: with `ttlSecondsAfterFinished`, Terraform would find it gone and run it again with
 * each deployment.
 */
export class MigrationJob extends Construct {
  /** The Job, for what needs the tables. Terraform goes on from it when it has completed. */
  readonly resource: ITerraformDependable;

  constructor(scope: Construct, id: string, props: MigrationJobProps) {
    super(scope, id);
    const { app, service } = props;
    const labels = programLabels(app);
    const timeout = `${DEADLINE_SECONDS + 60}s`;
    this.resource = new JobV1(this, "job", {
      metadata: { name: jobName(props.name, props.image), namespace: service.namespace, labels },
      spec: {
        // A database that pauses when idle, or fails over, refuses the first attempts.
        backoffLimit: 3,
        activeDeadlineSeconds: DEADLINE_SECONDS,
        template: {
          metadata: { labels: { ...labels, ...componentLabels(app, "migrations") } },
          spec: {
            ...programPodSpec(props),
            // Another attempt is another pod, so the logs of each stay.
            restartPolicy: "Never",
            container: [programContainer(props, "migrate.js")],
          },
        },
      },
      waitForCompletion: true,
      timeouts: { create: timeout, update: timeout },
      dependsOn: [...props.dependsOn],
    });
  }
}

/** A name that changes with the image and with nothing else; Kubernetes takes 63 characters, since pods carry it as a label. */
export function jobName(name: string, image: string): string {
  return `${name.slice(0, 52)}-${createHash("sha256").update(image).digest("hex").slice(0, 10)}`;
}
