import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { endpointService } from "../../model/aws/endpoints";
import type { PolicyStatement } from "../../model/aws/policy-document";
import { ServiceRole } from "../shared/service-role";
import { BastionShell } from "./bastion-shell";

/** Options for {@link Bastion}. */
export interface BastionProps {
  /** Name of the environment, which the names of instance, role and security group start with. */
  readonly environmentName: string;
  /** AWS account, 12 digits. */
  readonly account: string;
  /** AWS region. */
  readonly region: string;
  /** VPC of the database. */
  readonly vpcId: string;
  /** The VPC's IPv4 block. */
  readonly vpcCidr: string;
  /** A private subnet, with a route to Session Manager. */
  readonly subnetId: string;
  /** AWS services with an interface endpoint in the VPC, such as `ssm`. */
  readonly interfaceEndpoints: readonly string[];
  /** Security group of the database, which gets a rule that lets the bastion in. */
  readonly databaseSecurityGroupId: string;
  /** Port of the database. */
  readonly databasePort: number;
  /** Days the logs of shell sessions are kept. */
  readonly logsRetentionDays: number;
}

/**
 * The way to the private endpoints of database and Kubernetes for people outside the VPC: Session Manager forwards
 * ports through it (`npm run tunnel`). It has no address, no open port, no key pair, and no permission but to take
 * sessions and to encrypt and log shells. Who may open a session, and of which kind, is for IAM to say: docs/private-access.md.
 * A new image does not replace it, since that would cut open tunnels: `-replace` its instance to renew it. It keeps
 * nothing, so it may be replaced at any time.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html
 */
export class Bastion extends Construct {
  /** Id of the instance, the target of sessions. */
  readonly instanceId: string;
  /** Name of the Session document for shells that are logged. */
  readonly shellDocumentName: string;

  constructor(scope: Construct, id: string, props: BastionProps) {
    super(scope, id);
    const name = `${props.environmentName}-bastion`;
    const shell = new BastionShell(this, "shell", {
      name,
      account: props.account,
      region: props.region,
      retentionDays: props.logsRetentionDays,
    });
    const role = new ServiceRole(this, "managed", {
      name,
      description: `Session Manager reaches the bastion of ${props.environmentName}`,
      service: "ec2",
      region: props.region,
      statements: sessionStatements(shell),
    });
    const profile = new IamInstanceProfile(this, "profile", { name, role: role.name });
    const image = new DataAwsSsmParameter(this, "image", {
      name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    });
    const instance = new Instance(this, "instance", {
      // An image's id is no secret; `value` would show as one in every plan.
      ami: image.insecureValue,
      instanceType: "t4g.nano",
      subnetId: props.subnetId,
      associatePublicIpAddress: false,
      vpcSecurityGroupIds: [this.securityGroup(name, props).id],
      iamInstanceProfile: profile.name,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      // In GiB, as large as the image.
      rootBlockDevice: { encrypted: true, volumeType: "gp3", volumeSize: 8, tags: { Name: name } },
      ebsOptimized: true,
      tags: { Name: name },
      lifecycle: { ignoreChanges: ["ami"] },
      // An agent that starts without permission tries again only minutes later.
      dependsOn: [...role.policies],
    });
    this.instanceId = instance.id;
    this.shellDocumentName = shell.documentName;
  }

  /** Nothing comes in; out go database connections, and HTTPS to Session Manager and the Kubernetes endpoint. */
  private securityGroup(name: string, props: BastionProps): SecurityGroup {
    const securityGroup = new SecurityGroup(this, "security-group", {
      name,
      description: "Bastion: reached through Session Manager only",
      vpcId: props.vpcId,
      tags: { Name: name },
    });
    const database = { ipProtocol: "tcp", fromPort: props.databasePort, toPort: props.databasePort };
    new VpcSecurityGroupEgressRule(this, "to-database", {
      securityGroupId: securityGroup.id,
      description: "PostgreSQL to the database",
      referencedSecurityGroupId: props.databaseSecurityGroupId,
      ...database,
    });
    new VpcSecurityGroupIngressRule(this, "into-database", {
      securityGroupId: props.databaseSecurityGroupId,
      description: "PostgreSQL from the bastion",
      referencedSecurityGroupId: securityGroup.id,
      ...database,
    });
    new VpcSecurityGroupEgressRule(this, "https", {
      securityGroupId: securityGroup.id,
      description: "HTTPS to Session Manager and the private Kubernetes endpoint",
      cidrIpv4: httpsDestination(props.vpcCidr, props.interfaceEndpoints),
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    return securityGroup;
  }
}

/**
 * What the agent needs to take sessions, and to encrypt and log shells, and no more: the managed policy
 * AmazonSSMManagedInstanceCore also lets it read every parameter of the account and run commands sent to it.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
 */
function sessionStatements({ logGroupArn, keyArn }: BastionShell): PolicyStatement[] {
  return [
    {
      Sid: "TakeSessions",
      Effect: "Allow",
      Action: [
        "logs:DescribeLogGroups",
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      // The channels have no ARN; the instance's is not known before its role; log groups are looked up by prefix.
      Resource: "*",
    },
    {
      Sid: "LogShells",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      // The streams of exactly this group: one for each session, named by Session Manager.
      Resource: `${logGroupArn}:*`,
    },
    {
      Sid: "EncryptShells",
      Effect: "Allow",
      // Whoever starts a shell makes its data key; the agent only opens it.
      Action: "kms:Decrypt",
      Resource: keyArn,
    },
  ];
}

/** What Session Manager needs an interface endpoint for. */
const SESSION_MANAGER = ["ssm", "ssmmessages"];

/**
 * Where the bastion's HTTPS goes: the VPC, if Session Manager has its interface endpoints there; else anywhere through
 * NAT, since its public addresses are in no prefix list a rule could name.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
 */
export function httpsDestination(vpcCidr: string, interfaceEndpoints: readonly string[]): string {
  const services = interfaceEndpoints.map((name) => endpointService(name).service);
  return SESSION_MANAGER.every((service) => services.includes(service)) ? vpcCidr : "0.0.0.0/0";
}
