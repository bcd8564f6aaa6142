import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import {
  CreateDBClusterCommand,
  type CreateDBClusterCommandInput,
  CreateDBInstanceCommand,
  type CreateDBInstanceCommandInput,
  CreateDBSubnetGroupCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import type { Moto } from "./moto";

const REGION = "eu-west-1";

/** What a platform team has before it meets this project, made in a local AWS account. */
export class ExistingAccount {
  readonly ec2: EC2Client;
  readonly rds: RDSClient;
  private readonly iam: IAMClient;

  constructor(private readonly moto: Moto) {
    const config = {
      endpoint: moto.url,
      region: REGION,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    };
    this.ec2 = new EC2Client(config);
    this.rds = new RDSClient(config);
    this.iam = new IAMClient(config);
  }

  /** A VPC with a subnet in each of these zones (letters); its id and theirs. */
  async vpc(cidr: string, zones: string): Promise<{ vpcId: string; subnetIds: string[] }> {
    const { Vpc } = await this.ec2.send(new CreateVpcCommand({ CidrBlock: cidr }));
    const vpcId = known(Vpc?.VpcId);
    await this.hostNames(vpcId, true);
    const subnetIds: string[] = [];
    for (const [index, letter] of [...zones].entries()) {
      const { Subnet } = await this.ec2.send(
        new CreateSubnetCommand({
          VpcId: vpcId,
          CidrBlock: cidr.replace(/\d+\.0\/16$/, `${index}.0/24`),
          AvailabilityZone: `${REGION}${letter}`,
        }),
      );
      subnetIds.push(known(Subnet?.SubnetId));
    }
    return { vpcId, subnetIds };
  }

  /** Turns the DNS host names of a VPC on or off. */
  async hostNames(vpcId: string, on: boolean): Promise<void> {
    await this.ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsHostnames: { Value: on } }));
  }

  async securityGroup(vpcId: string, name: string): Promise<string> {
    const { GroupId } = await this.ec2.send(
      new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: name, Description: name }),
    );
    return known(GroupId);
  }

  /** An EKS cluster; the URL of its issuer, which all clusters of moto share. Posted by hand: moto keeps what EKS would add, and the SDK would leave it out. */
  async eksCluster(
    name: string,
    vpcId: string,
    subnetIds: string[],
    securityGroupId: string,
  ): Promise<string> {
    const response = await fetch(`${this.moto.url}/clusters`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/eks/aws4_request`,
      },
      body: JSON.stringify({
        name,
        roleArn: "arn:aws:iam::123456789012:role/eks",
        resourcesVpcConfig: { vpcId, subnetIds, clusterSecurityGroupId: securityGroupId },
      }),
    });
    const { cluster }: { cluster: { identity: { oidc: { issuer: string } } } } = JSON.parse(
      await response.text(),
    );
    return cluster.identity.oidc.issuer;
  }

  /** The OIDC provider of an issuer; its ARN. */
  async oidcProvider(url: string, audience: string): Promise<string> {
    const { OpenIDConnectProviderArn } = await this.iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: url,
        ClientIDList: [audience],
        ThumbprintList: ["0".repeat(40)],
      }),
    );
    return known(OpenIDConnectProviderArn);
  }

  async removeOidcProvider(arn: string): Promise<void> {
    await this.iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
  }

  async subnetGroup(name: string, subnetIds: string[]): Promise<void> {
    await this.rds.send(
      new CreateDBSubnetGroupCommand({
        DBSubnetGroupName: name,
        DBSubnetGroupDescription: name,
        SubnetIds: subnetIds,
      }),
    );
  }

  /** An Aurora PostgreSQL cluster of one instance, which is as it should be but for what is said. */
  async auroraCluster(
    name: string,
    different: Partial<CreateDBClusterCommandInput>,
    instance: Partial<CreateDBInstanceCommandInput> = {},
  ) {
    const { DBCluster } = await this.rds.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier: name,
        Engine: "aurora-postgresql",
        EngineVersion: "17.10",
        MasterUsername: "postgres",
        ManageMasterUserPassword: true,
        EnableIAMDatabaseAuthentication: true,
        ...different,
      }),
    );
    await this.rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: `${name}-1`,
        DBClusterIdentifier: name,
        Engine: "aurora-postgresql",
        DBInstanceClass: "db.r8g.large",
        ...instance,
      }),
    );
    return DBCluster;
  }

  /** An RDS for PostgreSQL instance, which is as it should be but for what is said. */
  async instance(name: string, different: Partial<CreateDBInstanceCommandInput>) {
    const { DBInstance } = await this.rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: name,
        Engine: "postgres",
        EngineVersion: "16.4",
        DBInstanceClass: "db.m7g.large",
        AllocatedStorage: 20,
        MasterUsername: "postgres",
        ManageMasterUserPassword: true,
        EnableIAMDatabaseAuthentication: true,
        PubliclyAccessible: false,
        ...different,
      }),
    );
    return DBInstance;
  }

  close(): void {
    for (const client of [this.ec2, this.rds, this.iam]) client.destroy();
  }
}

function known(id: string | undefined): string {
  if (id === undefined) throw new Error("moto gave no id");
  return id;
}
