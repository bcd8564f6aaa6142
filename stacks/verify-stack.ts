import type { Construct } from "constructs";
import { KubernetesConnection } from "../constructs/shared/kubernetes-connection";
import { ProgramNetworkPolicy } from "../constructs/shared/program-network-policy";
import { VerifyAlarms } from "../constructs/verify/verify-alarms";
import { VerifyJob } from "../constructs/verify/verify-job";
import { podEgress } from "../model/access/namespace";
import { accessPlan } from "../model/access/plan";
import { planFile } from "../model/access/plan-file";
import { METRICS_ENDPOINT } from "../model/aws/metrics";
import type { Environment } from "../model/config/environment";
import { gapsOf } from "../model/config/verify/schedule";
import type { VerifyJobConfig } from "../model/config/verify/scheduled-job";
import { VERIFY_KEY } from "../model/postgresql/names";
import type { AccessOutputs } from "./access-stack";
import { type DatabaseOutputs, portsOf } from "./database-stack";
import type { EksOutputs } from "./eks-stack";
import { EnvironmentStack } from "./environment-stack";

/** Options for {@link VerifyStack}. */
export interface VerifyStackProps {
  /** The environment whose database is verified. */
  readonly environment: Environment;
  /** The job that does it. */
  readonly job: VerifyJobConfig;
  /** The EKS cluster it runs on. */
  readonly eks: EksOutputs;
  /** The database it looks at. */
  readonly database: DatabaseOutputs;
  /** The service it runs as. */
  readonly access: AccessOutputs;
}

/** A job that verifies the database on a schedule, and alarms that say what it found, or that it does not run. */
export class VerifyStack extends EnvironmentStack {
  constructor(scope: Construct, { environment, job, eks, database, access }: VerifyStackProps) {
    super(scope, "verify", environment);
    const gaps = gapsOf(job.schedule);
    if (typeof gaps === "string") throw new Error(`${job.schedule}: ${gaps}; a rule refuses that`);
    const service = this.connected("job", access.services, VERIFY_KEY);

    new KubernetesConnection(this, "cluster", { ...eks, region: environment.region });
    const policy = new ProgramNetworkPolicy(this, "traffic", {
      name: VERIFY_KEY,
      namespace: service.namespace,
      egress: { ...podEgress(environment, [METRICS_ENDPOINT]), databasePorts: portsOf(database) },
    });
    new VerifyJob(this, "job", {
      name: VERIFY_KEY,
      ...job,
      plan: planFile(accessPlan(environment)),
      service,
      dependsOn: [policy.resource],
    });
    new VerifyAlarms(this, "alarms", {
      environmentName: environment.name,
      longestGapMinutes: gaps.longest,
      topicArn: environment.database.alarmTopicArn,
    });

    this.publish(
      "run-now-command",
      "Command that runs the job at once, such as after a deployment, and follows its log",
      [
        `kubectl --namespace ${service.namespace} create job verify-now --from=cronjob/${VERIFY_KEY}`,
        `kubectl --namespace ${service.namespace} logs --follow job/verify-now --pod-running-timeout=2m`,
      ].join(" && "),
    );
  }
}
