import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { Construct } from "constructs";
import { postcondition } from "../shared/postcondition";

/** Options for {@link ExistingSubnets}. */
export interface ExistingSubnetsProps {
  /** VPC the subnets must be in. */
  readonly vpcId: string;
  /** Their ids. */
  readonly subnetIds: readonly string[];
}

/** Subnets that are there already; the plan fails for one of another VPC. */
export class ExistingSubnets extends Construct {
  /** Ids of the subnets, in the order of the file, once they were checked. */
  readonly subnetIds: readonly string[];
  /** Zone of each subnet, by name. */
  readonly zones: readonly string[];

  constructor(scope: Construct, id: string, props: ExistingSubnetsProps) {
    super(scope, id);
    const subnets = props.subnetIds.map(
      (subnetId) =>
        new DataAwsSubnet(this, subnetId, {
          id: subnetId,
          lifecycle: {
            postcondition: [
              postcondition(
                `self.vpc_id == "${props.vpcId}"`,
                `The subnet ${subnetId} is in \${self.vpc_id}, not in ${props.vpcId}. Correct network.existing.`,
              ),
            ],
          },
        }),
    );
    this.subnetIds = subnets.map(({ id: subnetId }) => subnetId);
    this.zones = subnets.map(({ availabilityZone }) => availabilityZone);
  }
}
