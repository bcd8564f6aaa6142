import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PLAN_DIRECTORY, PLAN_FILE } from "../../model/access/plan-file";
import { programLabels } from "../shared/program-labels";
import { type ProgramPod, programContainer, programPodSpec } from "../shared/program-pod";

/** Options for {@link VerifyJob}. */
export interface VerifyJobProps extends Omit<ProgramPod, "files"> {
  /** Name of the CronJob, and of the program in labels. */
  readonly name: string;
  /** When it runs, in UTC: five fields of cron. */
  readonly schedule: string;
  /** The access plan as JSON, of at most 1 MiB. */
  readonly plan: string;
  /** What must exist before a pod starts. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Exit code of a run that looked and found what is not as planned. */
const DRIFT = 2;

/**
 * Compares the database with the access plan on a schedule. A run that cannot look is tried twice more, as a pod of its own
 * whose log stays: a database that fails over or was paused refuses the first attempts. One that finds drift fails at once.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
 */
export class VerifyJob extends Construct {
  constructor(scope: Construct, id: string, props: VerifyJobProps) {
    super(scope, id);
    const { name, service } = props;
    const { namespace } = service;
    const labels = programLabels(name);
    const plan = new ConfigMapV1(this, "plan", {
      metadata: { name: `${name}-plan`, namespace, labels },
      data: { [PLAN_FILE]: props.plan },
    });
    const pod = { ...props, files: { configMap: plan.metadata.name, directory: PLAN_DIRECTORY } };
    new CronJobV1(this, "cron-job", {
      metadata: { name, namespace, labels },
      spec: {
        schedule: props.schedule,
        timezone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
        // Of a run that was missed, such as while the control plane was updated: later than this, the next one will do.
        startingDeadlineSeconds: 300,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels },
          spec: {
            backoffLimit: 2,
            // All attempts and the pauses between them: less than two runs are ever apart.
            activeDeadlineSeconds: 600,
            podFailurePolicy: {
              rule: [
                {
                  action: "FailJob",
                  onExitCodes: { containerName: "verify", operator: "In", values: [DRIFT] },
                },
              ],
            },
            template: {
              metadata: { labels },
              spec: {
                ...programPodSpec(pod),
                // Another attempt is another pod, so the logs of each stay.
                restartPolicy: "Never",
                container: [programContainer(pod, "verify.js")],
              },
            },
          },
        },
      },
      dependsOn: [...props.dependsOn],
    });
  }
}
