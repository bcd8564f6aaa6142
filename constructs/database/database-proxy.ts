import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbProxy } from "@cdktf/provider-aws/lib/db-proxy";
import { DbProxyDefaultTargetGroup } from "@cdktf/provider-aws/lib/db-proxy-default-target-group";
import { DbProxyEndpoint } from "@cdktf/provider-aws/lib/db-proxy-endpoint";
import { DbProxyTarget } from "@cdktf/provider-aws/lib/db-proxy-target";
import { Fn, type ITerraformDependable, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { proxyRoleName } from "../../model/aws/names";
import type { ProxyConfig } from "../../model/config/environment";
import { seconds } from "../../model/postgresql/durations";
import { EncryptionKey } from "../shared/encryption-key";
import { ServiceRole } from "../shared/service-role";
import { metricAlarm } from "./metric-alarm";
import { PROXY_ALARMS } from "./proxy-alarm-rules";
import { ProxySecurityGroup } from "./proxy-security-group";

/** The database behind a proxy. */
export interface ProxyTarget {
  /** What it is in RDS: a cluster, or an instance of none. */
  readonly kind: "cluster" | "instance";
  /** Its RDS identifier. */
  readonly identifier: string;
  /** Its security group. */
  readonly securityGroupId: string;
  /** Port it listens on. */
  readonly port: number;
  /** What has to be there before the proxy looks for it: a cluster is refused that has no instances. @default nothing */
  readonly instances?: readonly ITerraformDependable[];
}

/** Options for {@link DatabaseProxy}. */
export interface DatabaseProxyProps {
  /** Name of the environment: the proxy's name, and what the names of its parts start with. */
  readonly environmentName: string;
  /** AWS account, 12 digits. */
  readonly account: string;
  /** AWS region. */
  readonly region: string;
  /** VPC of the database. */
  readonly vpcId: string;
  /** Subnets that it has addresses in, in at least two zones. It needs no route out of the VPC. */
  readonly subnetIds: readonly string[];
  /** The database. */
  readonly target: ProxyTarget;
  /** What the file says of the proxy. */
  readonly config: ProxyConfig;
  /** Days its logs are kept. */
  readonly logsRetentionDays: number;
  /** SNS topic that its alarms notify. @default they only show in CloudWatch */
  readonly alarmTopicArn?: string;
}

/**
 * A pool of connections in front of the database, with IAM from end to end: clients send it a token for its own endpoint, and
 * it logs in to the database by a token of its own, as the same database user. No user has a secret, so it has no `auth`.
 *
 * What its role may connect as is in the access stack, with the database users: until that is deployed, it connects as nobody.
 *
 * Its role trusts RDS without a condition on the account: AWS documents none for it, and one on a key that RDS does not send
 * would refuse every login. Nobody outside of the account can pass the role to a proxy of theirs (`iam:PassRole`).
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-iam-setup.html
 */
export class DatabaseProxy extends Construct {
  /** Host name that leads to the writer, whichever instance that is. */
  readonly writerEndpoint: string;
  /** Host name that leads to the readers. @default it has none */
  readonly readerEndpoint?: string;
  /** Region-unique, immutable id (`prx-ABC…`), which IAM policies name. */
  readonly resourceId: string;
  /** The proxy's security group, to which whoever connects adds a rule. */
  readonly securityGroupId: string;
  /** ARNs of its alarms. */
  readonly alarmArns: readonly string[];
  /** Name of its log group. */
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: DatabaseProxyProps) {
    super(scope, id);
    const { environmentName, config, target, vpcId } = props;
    const name = `${environmentName}-database-proxy`;
    const role = new ServiceRole(this, "credentials", {
      name: proxyRoleName(environmentName),
      description: `The proxy of ${environmentName} connects to the database as the identities that go through it`,
      service: "rds",
      region: props.region,
    });
    const securityGroup = new ProxySecurityGroup(this, "network", {
      name,
      vpcId,
      databaseSecurityGroupId: target.securityGroupId,
      databasePort: target.port,
    });
    const logGroup = this.logGroup(name, props);
    const proxy = new DbProxy(this, "pool", {
      name: environmentName,
      engineFamily: "POSTGRESQL",
      defaultAuthScheme: "IAM_AUTH",
      requireTls: true,
      // Would write statements into the log, with what is in them.
      debugLogging: false,
      idleClientTimeout: seconds(config.idleClientTimeout),
      roleArn: role.arn,
      vpcSubnetIds: [...props.subnetIds],
      vpcSecurityGroupIds: [securityGroup.id],
      tags: { Name: environmentName },
      // RDS would create it itself, unencrypted and kept for ever.
      dependsOn: [logGroup],
    });
    const targetGroup = new DbProxyDefaultTargetGroup(this, "target-group", {
      dbProxyName: proxy.name,
      connectionPoolConfig: {
        maxConnectionsPercent: config.connectionsPercent,
        // RDS's own default. The provider's is 50 whatever the above, and RDS refuses more than that.
        maxIdleConnectionsPercent: Math.floor(config.connectionsPercent / 2),
        connectionBorrowTimeout: seconds(config.borrowTimeout),
      },
    });
    const registered = new DbProxyTarget(this, "target", {
      dbProxyName: proxy.name,
      targetGroupName: targetGroup.name,
      ...(target.kind === "cluster"
        ? { dbClusterIdentifier: target.identifier }
        : { dbInstanceIdentifier: target.identifier }),
      ...(target.instances && { dependsOn: [...target.instances] }),
    });
    if (config.readerEndpoint) {
      const readers = new DbProxyEndpoint(this, "readers", {
        dbProxyName: proxy.name,
        dbProxyEndpointName: `${environmentName}-readers`,
        targetRole: "READ_ONLY",
        vpcSubnetIds: [...props.subnetIds],
        vpcSecurityGroupIds: [securityGroup.id],
        tags: { Name: `${environmentName}-readers` },
        // RDS refuses it until it sees readers behind the proxy.
        dependsOn: [registered],
      });
      this.readerEndpoint = readers.endpoint;
    }
    this.alarmArns = PROXY_ALARMS.map((rule) => {
      const dimensions = { ProxyName: environmentName };
      return metricAlarm(this, rule.id, { name, rule, dimensions, topicArn: props.alarmTopicArn });
    });
    this.logGroupName = logGroup.name;
    this.writerEndpoint = proxy.endpoint;
    // The last part of arn:aws:rds:<region>:<account>:db-proxy:prx-ABC…; the provider has it nowhere else.
    this.resourceId = new TerraformLocal(
      this,
      "resource-id",
      Fn.element(Fn.split(":", proxy.arn), 6),
    ).asString;
    this.securityGroupId = securityGroup.id;
  }

  /** Encrypted with a key of its own, which goes with it. RDS decides the log group's name. */
  private logGroup(name: string, props: DatabaseProxyProps): CloudwatchLogGroup {
    const { environmentName, account, region } = props;
    const logGroupName = `/aws/rds/proxy/${environmentName}`;
    const key = new EncryptionKey(this, "encryption", {
      name,
      description: `Logs of the database proxy of ${environmentName}`,
      account,
      region,
      logGroupNames: [logGroupName],
      protect: false,
    });
    return new CloudwatchLogGroup(this, "log-group", {
      name: logGroupName,
      retentionInDays: props.logsRetentionDays,
      kmsKeyId: key.arn,
    });
  }
}
