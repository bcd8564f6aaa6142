import type { Construct } from "constructs";
import { alarmRules } from "../constructs/database/alarm-rules";
import { AuroraCluster } from "../constructs/database/aurora-cluster";
import { Bastion } from "../constructs/database/bastion";
import { Dashboard } from "../constructs/database/dashboard";
import { DatabaseAlarms } from "../constructs/database/database-alarms";
import { DatabaseProxy } from "../constructs/database/database-proxy";
import { ExistingDatabaseCluster } from "../constructs/database/existing-database-cluster";
import { ExistingDatabaseInstance } from "../constructs/database/existing-database-instance";
import { declaredExtensions } from "../model/config/access/declared-databases";
import { hasReaderEndpoint } from "../model/config/database/reader-endpoint";
import type { DatabaseConfig, Environment, ExistingDatabase, ProxyConfig } from "../model/config/environment";
import { ADMIN_USER, POSTGRESQL_PORT } from "../model/postgresql/names";
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
  readonly writerEndpoint: string;
  /** Host name of the readers. @default there are none */
  readonly readerEndpoint?: string;
  /** Port of both, known at synth. */
  readonly port: number;
  /** Region-unique, immutable id of the database cluster (`cluster-ABC…`) or instance (`db-ABC…`), which IAM policies name. */
  readonly resourceId: string;
  /** The database's security group, to which whoever connects adds a rule. */
  readonly securityGroupId: string;
  /** ARN of the secret that holds the admin's password. */
  readonly adminSecretArn: string;
  /** The RDS Proxy before it. @default there is none */
  readonly proxy?: ProxyOutputs;
}

/** What the other stacks need of the proxy. It listens on {@link POSTGRESQL_PORT}. */
export interface ProxyOutputs {
  /** Host name that leads to the writer. */
  readonly writerEndpoint: string;
  /** Host name that leads to the readers. @default it has none */
  readonly readerEndpoint?: string;
  /** Region-unique, immutable id (`prx-ABC…`), which IAM policies name. */
  readonly resourceId: string;
  /** The proxy's security group, to which whoever connects adds a rule. */
  readonly securityGroupId: string;
}

/** The Aurora cluster of an environment and its alarms, or a database that exists; a proxy before it; a dashboard of both; and the bastion that people use. */
export class DatabaseStack extends EnvironmentStack {
  readonly outputs: DatabaseOutputs;

  constructor(scope: Construct, { environment, network }: DatabaseStackProps) {
    super(scope, "database", environment);
    const { name, account, region, database } = environment;

    // Of a database that is there already nothing is known of its size, and there may be readers.
    const rules = database.existing
      ? alarmRules(undefined, 1)
      : alarmRules(database.capacity, database.readers);
    const made = database.existing
      ? this.adopt(database.existing, region, network)
      : this.create(environment, network);
    const alarms =
      made instanceof AuroraCluster
        ? new DatabaseAlarms(this, "alarms", {
            environmentName: name,
            instanceIdentifiers: made.instanceIdentifiers,
            rules,
            topicArn: database.alarmTopicArn,
          })
        : undefined;
    const direct = outputs(made, database);
    const proxy = database.proxy && this.pool(database.proxy, environment, network, made, direct);
    this.outputs = { ...direct, ...(proxy && { proxy }) };
    if (database.dashboard) {
      const cluster = made instanceof AuroraCluster ? made : undefined;
      const server = rdsName(environment);
      const itself = server.kind === "instance" ? [server.identifier] : [];
      new Dashboard(this, "dashboard", {
        environmentName: name,
        region,
        database: { ...server, instanceIdentifiers: cluster?.instanceIdentifiers ?? itself, rules },
        alarmArns: { database: alarms?.arns ?? [], proxy: proxy?.alarmArns ?? [] },
        logGroups: { ...cluster?.logGroupNames, ...(proxy && { proxy: proxy.logGroupName }) },
        proxy: proxy !== undefined,
      });
    }
    const [subnetId] = network.privateSubnetIds;
    if (database.bastion && subnetId) {
      const bastion = new Bastion(this, "bastion", {
        environmentName: name,
        account,
        region,
        vpcId: network.vpcId,
        vpcCidr: network.vpcCidr,
        subnetId,
        interfaceEndpoints: environment.network.interfaceEndpoints,
        databaseSecurityGroupId: this.outputs.securityGroupId,
        databasePort: this.outputs.port,
        logsRetentionDays: database.logsRetentionDays,
      });
      this.publish(
        "bastion-instance-id",
        "Instance that Session Manager tunnels through",
        bastion.instanceId,
      );
      this.publish(
        "bastion-shell-document",
        "Session document for a logged shell on the bastion",
        bastion.shellDocumentName,
      );
    }
    const { writerEndpoint, resourceId, adminSecretArn } = this.outputs;
    this.publish("writer-endpoint", "Host name of the database's writer", writerEndpoint);
    this.publish("reader-endpoint", "Host name of the database's readers", made.readerEndpoint);
    this.publish("database-resource-id", "Id of the database in rds-db:connect ARNs", resourceId);
    this.publish("admin-secret-arn", "Secret with the admin's password", adminSecretArn);
  }

  /** A proxy before the database. */
  private pool(
    config: ProxyConfig,
    environment: Environment,
    network: NetworkOutputs,
    made: AnyDatabase,
    { securityGroupId, port }: DatabaseOutputs,
  ): DatabaseProxy {
    const { name, account, region, database } = environment;
    const { kind, identifier } = rdsName(environment);
    const proxy = new DatabaseProxy(this, "proxy", {
      environmentName: name,
      account,
      region,
      vpcId: network.vpcId,
      subnetIds: network.databaseSubnetIds,
      target: {
        kind,
        identifier,
        securityGroupId,
        port,
        ...("instances" in made && { instances: made.instances }),
      },
      config,
      logsRetentionDays: database.logsRetentionDays,
      alarmTopicArn: database.alarmTopicArn,
    });
    this.publish("proxy-endpoint", "Host name of the proxy before the database", proxy.writerEndpoint);
    if (proxy.readerEndpoint !== undefined) {
      this.publish(
        "proxy-reader-endpoint",
        "Host name of the proxy before the readers",
        proxy.readerEndpoint,
      );
    }
    this.publish("proxy-resource-id", "Id of the proxy in rds-db:connect ARNs", proxy.resourceId);
    return proxy;
  }

  private adopt(existing: ExistingDatabase, region: string, network: NetworkOutputs): AnyDatabase {
    const props = {
      existing,
      region,
      vpcId: this.named("vpc-id", network.vpcId),
      subnetIds: network.databaseSubnetIds,
    };
    const Existing = existing.kind === "cluster" ? ExistingDatabaseCluster : ExistingDatabaseInstance;
    return new Existing(this, "existing", props);
  }

  private create(environment: Environment, network: NetworkOutputs): AuroraCluster {
    const { name, account, region, database, access } = environment;
    return new AuroraCluster(this, "aurora", {
      ...database,
      environmentName: name,
      account,
      region,
      vpcId: network.vpcId,
      subnetIds: network.databaseSubnetIds,
      adminUser: ADMIN_USER,
      allowedExtensions: declaredExtensions(access),
    });
  }
}

/** Ports that clients connect to: of the database, and of the proxy where it is another. */
export function portsOf({ port, proxy }: DatabaseOutputs): number[] {
  return [...new Set([port, ...(proxy ? [POSTGRESQL_PORT] : [])])];
}

/** What the database is in RDS. */
function rdsName({ name, database }: Environment): Pick<ExistingDatabase, "kind" | "identifier"> {
  const { kind, identifier } = database.existing ?? { kind: "cluster", identifier: name };
  return { kind, identifier };
}

type AnyDatabase = AuroraCluster | ExistingDatabaseCluster | ExistingDatabaseInstance;

function outputs(database: AnyDatabase, config: DatabaseConfig): DatabaseOutputs {
  return {
    writerEndpoint: database.endpoint,
    ...(hasReaderEndpoint(config) && { readerEndpoint: database.readerEndpoint }),
    port: config.existing?.port ?? POSTGRESQL_PORT,
    resourceId: database.resourceId,
    securityGroupId: database.securityGroupId,
    adminSecretArn: database.adminSecretArn,
  };
}
