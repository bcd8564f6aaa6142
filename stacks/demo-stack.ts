import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import type { Construct } from "constructs";
import { BOARD_PORT, BoardDeployment } from "../constructs/board/board-deployment";
import { BoardService } from "../constructs/board/board-service";
import { MigrationJob } from "../constructs/board/migration-job";
import { KubernetesConnection } from "../constructs/shared/kubernetes-connection";
import { ProgramNetworkPolicy } from "../constructs/shared/program-network-policy";
import { podEgress } from "../model/access/namespace";
import type { DemoConfig, Environment } from "../model/config/environment";
import type { AccessOutputs } from "./access-stack";
import { type DatabaseOutputs, portsOf } from "./database-stack";
import type { EksOutputs } from "./eks-stack";
import { EnvironmentStack } from "./environment-stack";
import type { NetworkOutputs } from "./network-stack";

/** Options for {@link DemoStack}. */
export interface DemoStackProps {
  /** The environment whose demo this is. */
  readonly environment: Environment;
  /** Its message board. */
  readonly demo: DemoConfig;
  /** The network that visitors come from. */
  readonly network: NetworkOutputs;
  /** The EKS cluster it runs on. */
  readonly eks: EksOutputs;
  /** The database its tables are in. */
  readonly database: DatabaseOutputs;
  /** The services it runs as. */
  readonly access: AccessOutputs;
}

/** The message board: first its migration, then its web pods, behind a load balancer. Nothing of it is needed elsewhere. */
export class DemoStack extends EnvironmentStack {
  constructor(scope: Construct, props: DemoStackProps) {
    const { environment, demo, network, eks, database, access } = props;
    super(scope, "demo", environment);
    const { image, architecture, publicAccessCidrs } = demo;
    const { vpcCidr } = network;
    const app = demo.service;
    const service = this.connected("web", access.services, demo.service);
    const { namespace } = service;

    // Terraform leaves out a provider that nothing uses, and with it the check of the account.
    new DataAwsCallerIdentity(this, "deployer", {});
    new KubernetesConnection(this, "cluster", { ...eks, region: environment.region });
    const policy = new ProgramNetworkPolicy(this, "traffic", {
      name: app,
      namespace,
      port: BOARD_PORT.containerPort,
      egress: { ...podEgress(environment), databasePorts: portsOf(database) },
    });
    const migration = new MigrationJob(this, "migration", {
      app,
      name: demo.migrations,
      image,
      architecture,
      service: this.connected("migration", access.services, demo.migrations),
      dependsOn: [policy.resource],
    });
    const entrance = new BoardService(this, "entrance", {
      name: app,
      namespace,
      vpcCidr,
      publicAccessCidrs,
      tags: { ...environment.tags, environment: environment.name },
    });
    new BoardDeployment(this, "web", {
      name: app,
      image,
      architecture,
      service,
      hosts: [...entrance.hostNames, ...demo.hostNames],
      dependsOn: [policy.resource, migration.resource],
    });

    const visitors = ["the VPC", ...publicAccessCidrs].join(", ");
    this.publish(
      "url",
      `Address of the message board; it answers ${visitors}`,
      `http://${entrance.hostName}`,
    );
    this.publish(
      "port-forward-command",
      "Command that brings the message board to http://localhost:8080 of whoever may use the cluster",
      `kubectl --namespace ${namespace} port-forward service/${entrance.name} 8080:80`,
    );
  }
}
