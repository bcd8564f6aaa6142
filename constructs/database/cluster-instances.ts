import { RdsClusterInstance } from "@cdktf/provider-aws/lib/rds-cluster-instance";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ServiceRole } from "../shared/service-role";

/** Options for {@link ClusterInstances}. */
export interface ClusterInstancesProps {
  /** Name of the environment, which the names of instances and role start with. */
  readonly environmentName: string;
  /** The cluster the instances belong to; a reference, so that they are created after it. */
  readonly clusterIdentifier: string;
  /** How many instances: one writes, the others read. */
  readonly count: number;
  /** Instance class, such as `db.r8g.large`; `db.serverless` for Aurora Serverless v2. */
  readonly instanceClass: string;
  /** Weekly window for what AWS must do itself, UTC, such as `sun:03:30-sun:04:30`. */
  readonly maintenanceWindow: string;
  /** ARN of the KMS key for Database Insights, which keeps the text of statements. */
  readonly kmsKeyArn: string;
  /** AWS account, 12 digits. */
  readonly account: string;
  /** AWS region. */
  readonly region: string;
}

/**
 * The instances of a cluster, numbered: "writer" and "reader" are roles, and a failover moves them.
 * RDS spreads them over the zones of the subnet group. With fewer readers the highest numbers go, and if one of them
 * is the writer, Aurora fails over first.
 * What Performance Insights collects is shown by CloudWatch Database Insights since its own console went on 2026-07-31;
 * in the API it keeps its name. The standard mode, which a cluster has unless it asks for the advanced one, keeps seven
 * days and costs nothing. AWS advises at least 2 ACU where it runs on a serverless cluster under load.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Monitoring.OS.Enabling.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Database-Insights.html
 */
export class ClusterInstances extends Construct {
  /** Names of the instances, known at synth. */
  readonly identifiers: readonly string[];
  /** The instances themselves, for what comes after them. */
  readonly resources: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ClusterInstancesProps) {
    super(scope, id);
    const monitoring = new ServiceRole(this, "monitoring", {
      name: `${props.environmentName}-database-monitoring`,
      description: `Enhanced Monitoring of the database of ${props.environmentName}`,
      service: "monitoring.rds",
      region: props.region,
      managedPolicies: ["service-role/AmazonRDSEnhancedMonitoringRole"],
      condition: { StringEquals: { "aws:SourceAccount": props.account } },
    });
    const numbers = Array.from({ length: props.count }, (_, index) => index + 1);
    this.identifiers = numbers.map((number) => `${props.environmentName}-${number}`);
    this.resources = numbers.map((number) => {
      const identifier = `${props.environmentName}-${number}`;
      return new RdsClusterInstance(this, `instance-${number}`, {
        identifier,
        clusterIdentifier: props.clusterIdentifier,
        engine: "aurora-postgresql",
        instanceClass: props.instanceClass,
        publiclyAccessible: false,
        // Equal tiers: any may be promoted. Serverless readers of tier 0 and 1 keep the writer's size for that.
        promotionTier: 1,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        // The version is in the environment file. One that AWS raises by itself would be a downgrade in the next plan.
        autoMinorVersionUpgrade: false,
        applyImmediately: true,
        preferredMaintenanceWindow: props.maintenanceWindow,
        monitoringInterval: 60,
        monitoringRoleArn: monitoring.arn,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: props.kmsKeyArn,
        // In days: the longest that costs nothing.
        performanceInsightsRetentionPeriod: 7,
        copyTagsToSnapshot: true,
        tags: { Name: identifier },
        // RDS tries the role when it creates the instance, and fails without its policy.
        dependsOn: [...monitoring.policies],
      });
    });
  }
}
