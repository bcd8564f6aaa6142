import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";
import { partitionOf } from "../../model/aws/regions";
import { EncryptionKey } from "../shared/encryption-key";
import { ServiceRole } from "../shared/service-role";

/** Options for {@link FlowLogs}. */
export interface FlowLogsProps {
  /** Name of the environment, which the names of key, log group and role start with. */
  readonly environmentName: string;
  /** VPC whose traffic is recorded. */
  readonly vpcId: string;
  /** Days the records are kept. */
  readonly retentionDays: number;
  /** AWS account, 12 digits. */
  readonly account: string;
  /** AWS region. */
  readonly region: string;
}

/**
 * Records who talked to whom in the VPC, accepted and rejected, in a log group encrypted by a key of its own.
 * The key is not protected from being destroyed: it encrypts nothing but these records, which go at the same time,
 * and it can be restored for 30 days.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 */
export class FlowLogs extends Construct {
  /** Name of the log group, known at synth. */
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const { account, region } = props;
    this.logGroupName = `${props.environmentName}-vpc-flow-logs`;
    const key = new EncryptionKey(this, "encryption", {
      name: `${props.environmentName}-network`,
      description: `Flow logs of ${props.environmentName}`,
      account,
      region,
      logGroupNames: [this.logGroupName],
      protect: false,
    });
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: this.logGroupName,
      retentionInDays: props.retentionDays,
      kmsKeyId: key.arn,
    });
    const role = new ServiceRole(this, "delivery", {
      name: this.logGroupName,
      description: `Writes the flow logs of ${props.environmentName} to their log group`,
      service: "vpc-flow-logs",
      region,
      // The id of the flow log is not known before the role is; account and region are what can be said.
      condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": `arn:${partitionOf(region)}:ec2:${region}:${account}:vpc-flow-log/*` },
      },
      statements: [
        {
          Sid: "WriteToTheLogGroup",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          // The streams of exactly this group: one for each network interface, named by AWS.
          Resource: `${logGroup.arn}:*`,
        },
      ],
    });
    new FlowLog(this, "flow-log", {
      vpcId: props.vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
      tags: { Name: this.logGroupName },
      // A flow log that first tries without permission stays in "Access error" until it is created again.
      dependsOn: [...role.policies],
    });
  }
}
