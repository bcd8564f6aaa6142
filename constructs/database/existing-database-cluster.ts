import { DataAwsDbInstance } from "@cdktf/provider-aws/lib/data-aws-db-instance";
import { DataAwsRdsCluster } from "@cdktf/provider-aws/lib/data-aws-rds-cluster";
import { Fn, type Postcondition, TerraformIterator, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { postcondition } from "../shared/postcondition";
import {
  type ExistingDatabaseAttributes,
  type ExistingDatabaseProps,
  existingDatabaseChecks,
  iamAuthenticationCheck,
  notPublicCheck,
  POSTGRESQL_ENGINES,
} from "./existing-database-checks";
import { ExistingPlacement } from "./existing-placement";

/** An Aurora PostgreSQL cluster, or a Multi-AZ DB cluster of PostgreSQL, that is there already. It is only read. */
export class ExistingDatabaseCluster extends Construct {
  /** Host name of the writer. */
  readonly endpoint: string;
  /** Host name of the readers. */
  readonly readerEndpoint: string;
  /** Region-unique, immutable id (`cluster-ABC…`), which IAM policies name. */
  readonly resourceId: string;
  /** The security group that gets rules. */
  readonly securityGroupId: string;
  /** ARN of the secret that holds the admin's name and password. */
  readonly adminSecretArn: string;

  constructor(scope: Construct, id: string, props: ExistingDatabaseProps) {
    super(scope, id);
    const { existing, region } = props;
    const { identifier } = existing;
    const attributes: ExistingDatabaseAttributes = {
      subject: `the cluster ${identifier}`,
      modify: `aws rds modify-db-cluster --db-cluster-identifier ${identifier} --region ${region}`,
      securityGroups: "vpc_security_group_ids",
    };
    const cluster = new DataAwsRdsCluster(this, "cluster", {
      clusterIdentifier: identifier,
      lifecycle: {
        postcondition: [
          postcondition(
            `contains(${POSTGRESQL_ENGINES}, self.engine)`,
            `The cluster ${identifier} runs \${self.engine}, not PostgreSQL. Name another under database.existing.cluster.`,
          ),
          iamAuthenticationCheck("self.iam_database_authentication_enabled", attributes),
          tlsCheck(identifier),
          ...existingDatabaseChecks(existing, attributes),
        ],
      },
    });
    new ExistingPlacement(this, "placement", {
      subject: attributes.subject,
      subnetGroupName: cluster.dbSubnetGroupName,
      vpcId: props.vpcId,
      subnetIds: props.subnetIds,
    });
    new DataAwsDbInstance(this, "instance", {
      forEach: TerraformIterator.fromList(cluster.clusterMembers),
      dbInstanceIdentifier: "${each.value}",
      lifecycle: { postcondition: [notPublicCheck("${self.db_instance_identifier}", region)] },
    });
    this.endpoint = cluster.endpoint;
    this.readerEndpoint = cluster.readerEndpoint;
    this.resourceId = cluster.clusterResourceId;
    this.securityGroupId =
      existing.securityGroupId ??
      new TerraformLocal(this, "security-group-id", Fn.one(cluster.vpcSecurityGroupIds)).asString;
    this.adminSecretArn = existing.adminSecretArn ?? cluster.masterUserSecret.get(0).secretArn;
  }
}

/**
 * Aurora's own parameter groups force TLS from version 17 on. What a custom group says, no data source of Terraform can
 * read; `npm run verify` asks the database.
 */
function tlsCheck(identifier: string): Postcondition {
  const old = 'try(tonumber(split(".", self.engine_version)[0]), 0) < 17';
  return postcondition(
    `!(self.engine == "aurora-postgresql" && ${old} && startswith(self.db_cluster_parameter_group_name, "default."))`,
    `TLS is not forced on the cluster ${identifier}: its parameter group is AWS's \${self.db_cluster_parameter_group_name}. Give it one of its own with rds.force_ssl = 1.`,
  );
}
