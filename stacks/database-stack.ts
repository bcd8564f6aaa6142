import type { Construct } from "constructs";
import { ADMIN_USER } from "../access/names";
import type { Environment } from "../config/environment";
import { AuroraCluster, POSTGRESQL_PORT } from "../constructs/database/aurora-cluster";
import { Bastion } from "../constructs/database/bastion";
import { DatabaseAlarms } from "../constructs/database/database-alarms";
import { EnvironmentStack } from "./environment-stack";
import type { NetworkOutputs } from "./network-stack";

/** Options for {@link DatabaseStack}. */
export interface DatabaseStackProps {
  /** The environment whose database this is. */
  readonly environment: Environment;
  /** The network it is in. */
  readonly network: NetworkOutputs;
}

/** What the other stacks need of the database. */
export interface DatabaseOutputs {
  /** Host name of the writer. */
  readonly endpoint: string;
  /** Host name of the readers; the writer's when there are none. */
  readonly readerEndpoint: string;
  /** Port of both, known at synth. */
  readonly port: number;
  /** Region-unique, immutable id of the cluster (`cluster-ABC…`), which IAM policies name. */
  readonly clusterResourceId: string;
  /** The database's security group, to which whoever connects adds a rule. */
  readonly securityGroupId: string;
  /** ARN of the secret that holds the admin's password. */
  readonly adminSecretArn: string;
}

/** The Aurora cluster of an environment, its alarms, and the bastion that people reach it through. */
export class DatabaseStack extends EnvironmentStack {
  readonly outputs: DatabaseOutputs;

  constructor(scope: Construct, { environment, network }: DatabaseStackProps) {
    super(scope, "database", environment);
    const { name, account, region, database } = environment;

    const cluster = new AuroraCluster(this, "aurora", {
      ...database,
      environmentName: name,
      account,
      region,
      vpcId: network.vpcId,
      subnetIds: network.databaseSubnetIds,
      adminUser: ADMIN_USER,
    });
    new DatabaseAlarms(this, "alarms", {
      environmentName: name,
      instanceIdentifiers: cluster.instanceIdentifiers,
      capacity: database.capacity,
      topicArn: database.alarmTopicArn,
    });
    const [subnetId] = network.privateSubnetIds;
    if (database.bastion && subnetId) {
      const bastion = new Bastion(this, "bastion", {
        environmentName: name,
        region,
        vpcId: network.vpcId,
        vpcCidr: network.vpcCidr,
        subnetId,
        interfaceEndpoints: environment.network.interfaceEndpoints,
        databaseSecurityGroupId: cluster.securityGroupId,
        databasePort: POSTGRESQL_PORT,
      });
      this.publish(
        "bastion-instance-id",
        "Instance that Session Manager tunnels through",
        bastion.instanceId,
      );
    }

    this.outputs = {
      endpoint: cluster.endpoint,
      readerEndpoint: cluster.readerEndpoint,
      port: POSTGRESQL_PORT,
      clusterResourceId: cluster.resourceId,
      securityGroupId: cluster.securityGroupId,
      adminSecretArn: cluster.adminSecretArn,
    };
    this.publish("cluster-endpoint", "Host name of the database's writer", cluster.endpoint);
    this.publish("reader-endpoint", "Host name of the database's readers", cluster.readerEndpoint);
    this.publish("cluster-resource-id", "Id of the cluster in rds-db:connect ARNs", cluster.resourceId);
    this.publish("admin-secret-arn", "Secret with the admin's password", cluster.adminSecretArn);
  }
}
