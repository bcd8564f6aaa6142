import { DataAwsCloudcontrolapiResource } from "@cdktf/provider-aws/lib/data-aws-cloudcontrolapi-resource";
import { DataAwsDbInstance } from "@cdktf/provider-aws/lib/data-aws-db-instance";
import { Fn, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { postcondition } from "../shared/postcondition";
import {
  type ExistingDatabaseAttributes,
  type ExistingDatabaseProps,
  existingDatabaseChecks,
  iamAuthenticationCheck,
  notPublicCheck,
} from "./existing-database-checks";
import { ExistingPlacement } from "./existing-placement";

/**
 * An RDS for PostgreSQL instance that is there already. It is only read. Its parameter group is not looked at: AWS's own
 * force TLS from version 15 on, and what a custom one says, no data source of Terraform can read.
 */
export class ExistingDatabaseInstance extends Construct {
  /** Host name of the instance. */
  readonly endpoint: string;
  /** The same: an instance has no endpoint for readers. */
  readonly readerEndpoint: string;
  /** Region-unique, immutable id (`db-ABC…`), which IAM policies name. */
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
      subject: `the instance ${identifier}`,
      modify: `aws rds modify-db-instance --db-instance-identifier ${identifier} --region ${region}`,
      securityGroups: "vpc_security_groups",
    };
    const instance = new DataAwsDbInstance(this, "instance", {
      dbInstanceIdentifier: identifier,
      lifecycle: {
        postcondition: [
          postcondition(
            "try(length(self.db_cluster_identifier), 0) == 0",
            `The instance ${identifier} belongs to the cluster \${self.db_cluster_identifier}. Name that under database.existing.cluster in place of the instance.`,
          ),
          postcondition(
            'self.engine == "postgres" || try(length(self.db_cluster_identifier), 0) > 0',
            `The instance ${identifier} runs \${self.engine}, not PostgreSQL. Name another under database.existing.instance.`,
          ),
          notPublicCheck(identifier, region),
          ...existingDatabaseChecks(existing, attributes),
        ],
      },
    });
    // The one attribute of an instance that the data source above leaves out; it needs cloudformation:GetResource.
    new DataAwsCloudcontrolapiResource(this, "iam-authentication", {
      typeName: "AWS::RDS::DBInstance",
      identifier: instance.dbInstanceIdentifier,
      lifecycle: {
        postcondition: [
          iamAuthenticationCheck(
            "try(jsondecode(self.properties).EnableIAMDatabaseAuthentication, false)",
            attributes,
          ),
        ],
      },
    });
    new ExistingPlacement(this, "placement", {
      subject: attributes.subject,
      subnetGroupName: instance.dbSubnetGroup,
      vpcId: props.vpcId,
      subnetIds: props.subnetIds,
    });
    this.endpoint = instance.address;
    this.readerEndpoint = instance.address;
    this.resourceId = instance.resourceId;
    this.securityGroupId =
      existing.securityGroupId ??
      new TerraformLocal(this, "security-group-id", Fn.one(instance.vpcSecurityGroups)).asString;
    this.adminSecretArn = existing.adminSecretArn ?? instance.masterUserSecret.get(0).secretArn;
  }
}
