import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import { Construct } from "constructs";
import { EncryptionKey } from "../shared/encryption-key";

/** Options for {@link BastionShell}. */
export interface BastionShellProps {
  /** Name of the bastion, which the names of document, log group and key start with. */
  readonly name: string;
  /** AWS account, 12 digits. */
  readonly account: string;
  /** AWS region. */
  readonly region: string;
  /** Days the logs are kept. */
  readonly retentionDays: number;
}

/**
 * The one way to a shell on the bastion that is logged as it goes, in and out: a Session document of its own, since the
 * preferences of the account (SSM-SessionManagerRunShell) are not this project's to change. Whoever may start sessions
 * with this document, and not with that one, has logged shells only. What goes over the line is encrypted with a key as
 * well, end to end: TLS alone ends at Session Manager. Port forwards carry TLS and cannot be logged; CloudTrail has who
 * opened which.
 *
 * The key is not protected from being destroyed: it encrypts nothing but these shells and their logs, which go at the same
 * time.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-logging.html
 */
export class BastionShell extends Construct {
  /** Name of the Session document. */
  readonly documentName: string;
  /** ARN of the log group. */
  readonly logGroupArn: string;
  /** ARN of the key: the agent decrypts each session's data key with it. */
  readonly keyArn: string;

  constructor(scope: Construct, id: string, { name, account, region, retentionDays }: BastionShellProps) {
    super(scope, id);
    const logGroupName = `${name}-shell`;
    const key = new EncryptionKey(this, "encryption", {
      name,
      description: `Shell sessions on ${name}`,
      account,
      region,
      logGroupNames: [logGroupName],
      protect: false,
    });
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: logGroupName,
      retentionInDays: retentionDays,
      kmsKeyId: key.arn,
    });
    const document = new SsmDocument(this, "document", {
      name: logGroupName,
      documentType: "Session",
      documentFormat: "JSON",
      content: JSON.stringify({
        schemaVersion: "1.0",
        description: `A shell on ${name}, logged to ${logGroupName}`,
        sessionType: "Standard_Stream",
        inputs: {
          cloudWatchLogGroupName: logGroup.name,
          // A session is refused where the log group is not encrypted with a key.
          cloudWatchEncryptionEnabled: true,
          cloudWatchStreamingEnabled: true,
          s3BucketName: "",
          s3KeyPrefix: "",
          s3EncryptionEnabled: true,
          kmsKeyId: key.arn,
          runAsEnabled: false,
          runAsDefaultUser: "",
          // Minutes.
          idleSessionTimeout: "20",
          maxSessionDuration: "60",
        },
      }),
      tags: { Name: logGroupName },
    });
    this.documentName = document.name;
    this.logGroupArn = logGroup.arn;
    this.keyArn = key.arn;
  }
}
