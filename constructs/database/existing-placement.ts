import { DataAwsDbSubnetGroup } from "@cdktf/provider-aws/lib/data-aws-db-subnet-group";
import { TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { postcondition } from "../shared/postcondition";

/** Options for {@link ExistingPlacement}. */
export interface ExistingPlacementProps {
  /** What the messages call the database, such as `the cluster shop`. */
  readonly subject: string;
  /** Name of its DB subnet group. */
  readonly subnetGroupName: string;
  /** VPC it must be in. */
  readonly vpcId: string;
  /** Subnets of which it may use any, and no others. */
  readonly subnetIds: readonly string[];
}

/** Where an existing database is: the plan fails when its instances are, or could come to be, in other subnets. */
export class ExistingPlacement extends Construct {
  constructor(scope: Construct, id: string, props: ExistingPlacementProps) {
    super(scope, id);
    const { subject, vpcId } = props;
    const allowed = new TerraformLocal(this, "subnet-ids", [...props.subnetIds]);
    const others = `setsubtract(self.subnet_ids, ${allowed.fqn})`;
    new DataAwsDbSubnetGroup(this, "subnet-group", {
      name: props.subnetGroupName,
      lifecycle: {
        postcondition: [
          postcondition(
            `self.vpc_id == "${vpcId}"`,
            `The DB subnet group \${self.name} of ${subject} is in \${self.vpc_id}, and the environment's network is ${vpcId}. Name that VPC under network.existing.`,
          ),
          postcondition(
            `length(${others}) == 0`,
            `The DB subnet group \${self.name} of ${subject} has subnets that are no database subnets of the network: \${join(", ", ${others})}. List them under network.existing.databaseSubnetIds, or move the database.`,
          ),
        ],
      },
    });
  }
}
