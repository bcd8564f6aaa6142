import { App } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../model/config/environment";
import { verifyJob } from "../model/config/verify/scheduled-job";
import { AccessStack } from "./access-stack";
import { DatabaseStack } from "./database-stack";
import { EksStack } from "./eks-stack";
import { NetworkStack } from "./network-stack";
import { speedUpSynthesis } from "./speed-up-synthesis";

/** Adds the stacks of one environment to an app. Outputs pass from stack to stack as typed objects. */
export function addEnvironment(scope: Construct, environment: Environment): void {
  const network = new NetworkStack(scope, { environment }).outputs;
  const eks = new EksStack(scope, { environment, network }).outputs;
  const database = new DatabaseStack(scope, { environment, network }).outputs;
  const access = new AccessStack(scope, { environment, network, eks, database }).outputs;
  const { demo } = environment;
  // Loaded when asked for: the classes of Deployment and Job alone take 40 MB and a tenth of a second.
  if (demo) {
    const { DemoStack }: typeof import("./demo-stack") = require("./demo-stack");
    new DemoStack(scope, { environment, demo, network, eks, database, access });
  }
  const job = verifyJob(environment);
  if (job) {
    const { VerifyStack }: typeof import("./verify-stack") = require("./verify-stack");
    new VerifyStack(scope, { environment, job, eks, database, access });
  }
}

/** An app with the stacks of these environments, which writes to this folder. */
export function environmentsApp(environments: readonly Environment[], outdir: string): App {
  speedUpSynthesis();
  const app = new App({ outdir });
  for (const environment of environments) addEnvironment(app, environment);
  return app;
}
