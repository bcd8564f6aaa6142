import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { RdsCluster } from "@cdktf/provider-aws/lib/rds-cluster";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { DatabaseConfig } from "../../model/config/environment";
import { POSTGRESQL_PORT } from "../../model/postgresql/names";
import { EncryptionKey } from "../shared/encryption-key";
import { ClusterInstances } from "./cluster-instances";
import { ClusterParameters } from "./cluster-parameters";

/** Logs that go to CloudWatch: PostgreSQL's own, and why IAM logins were refused. */
const LOGS = ["postgresql", "iam-db-auth-error"] as const;
type Log = (typeof LOGS)[number];

const MAINTENANCE_WINDOW = "sun:03:30-sun:04:30";

/** Options for {@link AuroraCluster}. */
export interface AuroraClusterProps {
  /** Name of the environment: the cluster's name, and what the names of its parts start with. */
  readonly environmentName: string;
  /** AWS account, 12 digits. */
  readonly account: string;
  /** AWS region. */
  readonly region: string;
  /** VPC of the cluster. */
  readonly vpcId: string;
  /** Subnets for the instances, in at least two zones, without a route out of the VPC. */
  readonly subnetIds: readonly string[];
  /** Name of the admin, whose password RDS makes and keeps. Changing it replaces the cluster. */
  readonly adminUser: string;
  /** Aurora PostgreSQL version, such as `17.10`. */
  readonly engineVersion: string;
  /** Serverless between two numbers of ACU (2 GiB of memory each), or provisioned with an instance class. */
  readonly capacity: DatabaseConfig["capacity"];
  /** Instances beside the writer. */
  readonly readers: number;
  /** Days of point-in-time recovery. */
  readonly backupRetentionDays: number;
  /** The only extensions that may be created, in any database. @default whatever Aurora offers */
  readonly allowedExtensions?: readonly string[];
  /** Days the logs are kept. */
  readonly logsRetentionDays: number;
  /** Refuse to delete the cluster and its key, in AWS and in Terraform. */
  readonly deletionProtection: boolean;
}

/**
 * A private Aurora PostgreSQL cluster that logs services in by IAM. Its security group allows nothing: whoever may
 * connect adds a rule to it.
 *
 * Changes are applied at once: what a plan shows happens while somebody watches it, not in the next maintenance
 * window, and an upgrade can let go of its old parameter group. That includes restarts: a new version or instance
 * class interrupts connections when it is deployed.
 *
 * Destroying (only without deletion protection) leaves the snapshot `<environment>-final`. It is encrypted with the
 * cluster's key, which is deleted 30 days later: `aws kms cancel-key-deletion` and `enable-key` keep both. A second
 * destroy fails while a snapshot of that name exists, rather than overwrite it.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html
 */
export class AuroraCluster extends Construct {
  /** Host name of the writer, whichever instance that is. */
  readonly endpoint: string;
  /** Host name that spreads connections over the readers; the writer's own when there are none. */
  readonly readerEndpoint: string;
  /** Region-unique, immutable id (`cluster-ABC…`), which IAM policies name. */
  readonly resourceId: string;
  /** The cluster's security group. */
  readonly securityGroupId: string;
  /** ARN of the secret that holds the admin's password. */
  readonly adminSecretArn: string;
  /** Names of the instances, known at synth. */
  readonly instanceIdentifiers: readonly string[];
  /** The instances, for what needs them and not just the cluster. */
  readonly instances: readonly ITerraformDependable[];
  /** Names of its log groups: of PostgreSQL's own log, and of why IAM logins were refused. */
  readonly logGroupNames: { readonly postgresql: string; readonly iamErrors: string };

  constructor(scope: Construct, id: string, props: AuroraClusterProps) {
    super(scope, id);
    const { environmentName, account, region, capacity, deletionProtection } = props;
    const name = `${environmentName}-database`;
    const serverless = "minAcu" in capacity ? capacity : undefined;
    const logGroupName = (log: Log) => `/aws/rds/cluster/${environmentName}/${log}`;

    // No statement for RDS, Database Insights or Secrets Manager: they act with the deployer's permissions, through
    // the account's statement, and keep a grant.
    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.Keys.html
    const key = new EncryptionKey(this, "encryption", {
      name,
      description: `Database of ${environmentName}: storage, snapshots, admin secret, Database Insights and logs`,
      account,
      region,
      logGroupNames: LOGS.map(logGroupName),
      protect: deletionProtection,
    });
    // RDS would create them itself, unencrypted and kept for ever.
    const logGroup = (log: Log) =>
      new CloudwatchLogGroup(this, `${log}-log`, {
        name: logGroupName(log),
        retentionInDays: props.logsRetentionDays,
        kmsKeyId: key.arn,
      });
    const logGroups = { postgresql: logGroup("postgresql"), iamErrors: logGroup("iam-db-auth-error") };
    const parameters = new ClusterParameters(this, "parameters", {
      environmentName,
      majorVersion: Number.parseInt(props.engineVersion, 10),
      ...(props.allowedExtensions && { allowedExtensions: props.allowedExtensions }),
    });
    const subnetGroup = new DbSubnetGroup(this, "subnet-group", {
      name,
      description: `Subnets of the database of ${environmentName}`,
      subnetIds: [...props.subnetIds],
      tags: { Name: name },
    });
    const securityGroup = new SecurityGroup(this, "security-group", {
      name,
      description: "Aurora PostgreSQL; rules come from whoever connects",
      vpcId: props.vpcId,
      tags: { Name: name },
    });

    const cluster = new RdsCluster(this, "cluster", {
      clusterIdentifier: environmentName,
      engine: "aurora-postgresql",
      engineVersion: props.engineVersion,
      // AWS's own default, said out loud. The other one upgrades the major version by itself when standard support ends.
      engineLifecycleSupport: "open-source-rds-extended-support",
      // A new major version is a line in the environment file that somebody reviews; AWS takes a snapshot before it.
      allowMajorVersionUpgrade: true,
      applyImmediately: true,
      dbClusterParameterGroupName: parameters.groupName,
      ...(serverless && {
        serverlessv2ScalingConfiguration: {
          minCapacity: serverless.minAcu,
          maxCapacity: serverless.maxAcu,
          // In seconds, the shortest there is; only a cluster that may shrink to nothing pauses.
          ...(serverless.minAcu === 0 && { secondsUntilAutoPause: 300 }),
        },
      }),
      masterUsername: props.adminUser,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: key.arn,
      iamDatabaseAuthenticationEnabled: true,
      storageEncrypted: true,
      kmsKeyId: key.arn,
      port: POSTGRESQL_PORT,
      dbSubnetGroupName: subnetGroup.name,
      vpcSecurityGroupIds: [securityGroup.id],
      enabledCloudwatchLogsExports: [...LOGS],
      backupRetentionPeriod: props.backupRetentionDays,
      preferredBackupWindow: "02:00-03:00",
      preferredMaintenanceWindow: MAINTENANCE_WINDOW,
      copyTagsToSnapshot: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: `${environmentName}-final`,
      deletionProtection,
      tags: { Name: environmentName },
      lifecycle: {
        preventDestroy: deletionProtection,
        // Fixed at creation: RDS has no call that changes it, and a plan that tried would never come to an end.
        ignoreChanges: ["engine_lifecycle_support"],
      },
      dependsOn: Object.values(logGroups),
    });
    const instances = new ClusterInstances(this, "instances", {
      environmentName,
      clusterIdentifier: cluster.clusterIdentifier,
      count: 1 + props.readers,
      instanceClass: "instanceClass" in capacity ? capacity.instanceClass : "db.serverless",
      maintenanceWindow: MAINTENANCE_WINDOW,
      kmsKeyArn: key.arn,
      account,
      region,
    });

    this.endpoint = cluster.endpoint;
    this.readerEndpoint = cluster.readerEndpoint;
    this.resourceId = cluster.clusterResourceId;
    this.securityGroupId = securityGroup.id;
    this.adminSecretArn = cluster.masterUserSecret.get(0).secretArn;
    this.instanceIdentifiers = instances.identifiers;
    this.instances = instances.resources;
    this.logGroupNames = { postgresql: logGroups.postgresql.name, iamErrors: logGroups.iamErrors.name };
  }
}
