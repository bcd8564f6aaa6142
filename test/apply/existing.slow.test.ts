import { DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { DescribeDBClustersCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { testUnless } from "../helpers/skip";
import { startCloudControl } from "./helpers/cloud-control";
import { ExistingAccount } from "./helpers/existing-account";
import { type Moto, motoMissing, startMoto } from "./helpers/moto";
import { terraformMissing } from "./helpers/providers";
import { TerraformWorkspace } from "./helpers/terraform";

const missing = terraformMissing() ?? motoMissing();

/** Milliseconds; most of it is the AWS provider starting, again for each plan. */
const TIMEOUT = 600_000;

describe("what exists is adopted by real Terraform", () => {
  let moto: Moto;
  let cloudControl: Awaited<ReturnType<typeof startCloudControl>>;
  let account: ExistingAccount;
  let terraform: TerraformWorkspace;
  let ids: Awaited<ReturnType<typeof makeAccount>>;

  beforeAll(async () => {
    if (missing) return;
    moto = await startMoto();
    account = new ExistingAccount(moto);
    ids = await makeAccount(account);
    cloudControl = await startCloudControl(account.rds);
    terraform = new TerraformWorkspace({ ...moto.env, ...cloudControl.env });
  }, 120_000);
  afterAll(async () => {
    terraform?.remove();
    account?.close();
    await cloudControl?.stop();
    await moto?.stop();
  });

  /** An environment file with these existing parts. */
  const file = (parts: { network?: string; cluster?: string; database?: string } = {}): string => {
    const { home } = ids;
    return `name: brown
account: "123456789012"
region: eu-west-1
network:
  existing: { ${parts.network ?? network(home.vpcId, home.private, home.database)} }
cluster:
  existing: { ${parts.cluster ?? "name: platform"} }
database:
  existing: { ${parts.database ?? "cluster: shop"} }
access:
  databases: { shop: [orders] }
  namespaces: { shop: {} }
  services:
    orders-api: { namespace: shop, grants: { shop.orders: read-write } }
`;
  };
  /** Once for each stack: what it needs stays the same. */
  const initialised = new Set<string>();
  const init = async (stack: string): Promise<void> => {
    if (initialised.has(stack)) return;
    expect(await terraform.init(stack)).toMatchObject({ status: 0 });
    initialised.add(stack);
  };
  /** The plan of one stack of an environment file, which has to fail; what it says, on one line. */
  const failure = async (stack: string, yaml: string): Promise<string> => {
    terraform.synth(yaml);
    await init(stack);
    const { status, text } = await terraform.plan(stack);
    expect(status).toBe(1);
    return text.replace(/\s+/g, " ");
  };
  const applied = async (stack: string, added = 0) => {
    await init(stack);
    const { status, text } = await terraform.apply(stack);
    expect([status, text]).toEqual([0, expect.stringContaining(`${added} added, 0 changed, 0 destroyed`)]);
    return terraform.outputs(stack);
  };

  testUnless(
    missing,
    "VPC, EKS cluster and Aurora cluster: nothing is made, the outputs are what exists, and a second plan is empty",
    async () => {
      const { home } = ids;
      terraform.synth(file());
      expect(await applied("brown-network")).toMatchObject({
        "vpc-id": home.vpcId,
        "private-subnet-ids": home.private,
        "database-subnet-ids": home.database,
      });
      const [eks, database] = await Promise.all([applied("brown-eks"), applied("brown-database")]);
      expect(eks).toMatchObject({ "cluster-name": "platform", "oidc-provider-arn": ids.oidcProviderArn });
      expect(Object.values(eks)).toContain(ids.nodes);
      expect(database).toMatchObject({
        "writer-endpoint": ids.shop?.Endpoint,
        "reader-endpoint": ids.shop?.ReaderEndpoint,
        "database-resource-id": ids.shop?.DbClusterResourceId,
        "admin-secret-arn": ids.shop?.MasterUserSecret?.SecretArn,
      });
      expect(Object.values(database)).toContain(home.group);
      for (const stack of ["brown-network", "brown-eks", "brown-database"]) {
        expect(await terraform.plan(stack)).toMatchObject({ status: 0 });
      }
    },
    TIMEOUT,
  );

  testUnless(
    missing,
    "an RDS for PostgreSQL instance serves as the database, by its db- resource id",
    async () => {
      terraform.synth(file({ database: "instance: plain" }));
      expect(await applied("brown-database")).toMatchObject({
        "writer-endpoint": ids.plain?.Endpoint?.Address ?? expect.stringMatching(/^plain\./),
        "database-resource-id": expect.stringMatching(/^db-/),
        "admin-secret-arn": ids.plain?.MasterUserSecret?.SecretArn,
      });
    },
    TIMEOUT,
  );

  testUnless(
    missing,
    "a network that EKS and Aurora cannot use fails the plan, with what to do",
    async () => {
      const { home, other } = ids;
      await account.hostNames(home.vpcId, false);
      const unfit = await failure(
        "brown-network",
        file({ network: network(home.vpcId, home.oneZone, home.oneZone) }),
      );
      await account.hostNames(home.vpcId, true);
      for (const said of [
        `enable_dns_hostnames is off in ${home.vpcId}, and private endpoints need it. Turn it on: aws ec2 modify-vpc-attribute --vpc-id ${home.vpcId} --enable-dns-hostnames --region eu-west-1`,
        "The subnets under network.existing.privateSubnetIds are all in eu-west-1a, and EKS needs two zones or more.",
        "The subnets under network.existing.databaseSubnetIds are all in eu-west-1a, and RDS needs two zones or more.",
      ]) {
        expect(unfit).toContain(said);
      }
      const [stranger = ""] = other.subnetIds;
      expect(
        await failure(
          "brown-network",
          file({ network: network(home.vpcId, [...home.private, stranger], home.database) }),
        ),
      ).toContain(`The subnet ${stranger} is in ${other.vpcId}, not in ${home.vpcId}.`);
    },
    TIMEOUT,
  );

  testUnless(
    missing,
    "an OIDC provider that is missing, or does not trust pods' tokens, fails the plan; it is made when the file says so",
    async () => {
      await account.removeOidcProvider(ids.oidcProviderArn);
      expect(await failure("brown-eks", file())).toContain(
        "with data.aws_iam_openid_connect_provider.not-found-then-set-cluster-existing-createOidcProvider-true",
      );
      await account.oidcProvider(ids.issuer, "example.com");
      expect(await failure("brown-eks", file())).toContain(
        `does not trust tokens for sts.amazonaws.com, which pods present. Add it: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${ids.oidcProviderArn} --client-id sts.amazonaws.com`,
      );
      await account.removeOidcProvider(ids.oidcProviderArn);
      terraform.synth(file({ cluster: "name: platform, createOidcProvider: true" }));
      expect(await applied("brown-eks", 1)).toMatchObject({ "oidc-provider-arn": ids.oidcProviderArn });
    },
    TIMEOUT,
  );

  testUnless(
    missing,
    "a cluster in another VPC fails the plan",
    async () => {
      const { home, other } = ids;
      expect(await failure("brown-eks", file({ cluster: "name: elsewhere" }))).toContain(
        `The EKS cluster elsewhere is in ${other.vpcId}, and the environment's network is ${home.vpcId}.`,
      );
    },
    TIMEOUT,
  );

  testUnless(
    missing,
    "every fault of an Aurora cluster is named at once, with the command that mends it",
    async () => {
      const said = await failure("brown-database", file({ database: "cluster: bad" }));
      const modify = "aws rds modify-db-cluster --db-cluster-identifier bad --region eu-west-1";
      for (const message of [
        `IAM authentication is off on the cluster bad. Turn it on: ${modify} --enable-iam-database-authentication --apply-immediately`,
        "TLS is not forced on the cluster bad: its parameter group is AWS's default.aurora-postgresql14.",
        "The cluster bad runs aurora-postgresql 14.9, and PostgreSQL 15 is the oldest version supported.",
        "The cluster bad listens on port 5433, not 5432. Set database.existing.port: 5433",
        "The cluster bad has 2 security groups",
        `RDS does not manage the password of the cluster bad. Let it, which also changes the password: ${modify} --manage-master-user-password --apply-immediately.`,
        "The master user of the cluster bad is root, not postgres. Set database.existing.adminUser: root",
      ]) {
        expect(said).toContain(message);
      }
    },
    TIMEOUT,
  );

  testUnless(
    missing,
    "a database with a public address, in other subnets or in another VPC fails the plan",
    async () => {
      const { home, other } = ids;
      expect(await failure("brown-database", file({ database: "cluster: public" }))).toContain(
        "The database instance public-1 has a public address. Take it away: aws rds modify-db-instance --db-instance-identifier public-1 --no-publicly-accessible --apply-immediately --region eu-west-1",
      );
      expect(await failure("brown-database", file({ database: "cluster: other-subnets" }))).toContain(
        `The DB subnet group elsewhere of the cluster other-subnets has subnets that are no database subnets of the network: ${home.spare}.`,
      );
      expect(await failure("brown-database", file({ database: "cluster: other-vpc" }))).toContain(
        `The DB subnet group other of the cluster other-vpc is in ${other.vpcId}, and the environment's network is ${home.vpcId}.`,
      );
    },
    TIMEOUT,
  );

  testUnless(
    missing,
    "the faults of an instance are named too, IAM authentication through Cloud Control",
    async () => {
      const said = await failure("brown-database", file({ database: "instance: bad-instance" }));
      for (const message of [
        "The database instance bad-instance has a public address.",
        "The instance bad-instance runs postgres 14.9, and PostgreSQL 15 is the oldest version supported.",
        "The instance bad-instance listens on port 5433, not 5432.",
        "The instance bad-instance has 2 security groups",
        "RDS does not manage the password of the instance bad-instance.",
        "The master user of the instance bad-instance is root, not postgres.",
      ]) {
        expect(said).toContain(message);
      }
      expect(await failure("brown-database", file({ database: "instance: no-iam" }))).toContain(
        "IAM authentication is off on the instance no-iam. Turn it on: aws rds modify-db-instance --db-instance-identifier no-iam --region eu-west-1 --enable-iam-database-authentication --apply-immediately",
      );
      expect(await failure("brown-database", file({ database: "instance: shop-1" }))).toContain(
        "The instance shop-1 belongs to the cluster shop. Name that under database.existing.cluster in place of the instance.",
      );
      expect(await failure("brown-database", file({ database: "cluster: orders" }))).toContain(
        "The cluster orders runs aurora-mysql, not PostgreSQL.",
      );
    },
    TIMEOUT,
  );

  testUnless(
    missing,
    "a new cluster and a new database are planned into an existing network",
    async () => {
      const made = file()
        .replace(/^database:\n.*\n/m, "")
        .replace(/^cluster:\n.*$/m, "cluster: { addons: [] }");
      terraform.synth(made);
      // Without add-ons, whose versions moto does not know. Which outputs a network has depends on who asks for them.
      await applied("brown-network");
      for (const stack of ["brown-eks", "brown-database"]) {
        await init(stack);
        const { status, text } = await terraform.plan(stack);
        expect([status, text]).toEqual([2, expect.stringMatching(/Plan: \d\d to add, 0 to change/)]);
      }
    },
    TIMEOUT,
  );

  testUnless(
    missing,
    "destroying the stacks leaves what exists as it is",
    async () => {
      terraform.synth(file());
      for (const stack of ["brown-eks", "brown-database", "brown-network"]) {
        await init(stack);
        expect(await terraform.destroy(stack)).toMatchObject({ status: 0 });
      }
      const { DBClusters } = await account.rds.send(
        new DescribeDBClustersCommand({ DBClusterIdentifier: "shop" }),
      );
      const { Vpcs } = await account.ec2.send(new DescribeVpcsCommand({ VpcIds: [ids.home.vpcId] }));
      expect([DBClusters?.[0]?.Status, Vpcs?.[0]?.State]).toEqual(["available", "available"]);
    },
    TIMEOUT,
  );
});

/** A VPC with all that belongs there, another VPC, and databases with faults. */
async function makeAccount(account: ExistingAccount) {
  const vpc = await account.vpc("10.9.0.0/16", "ababa");
  const other = await account.vpc("10.8.0.0/16", "ab");
  const [a = "", b = "", c = "", d = "", e = ""] = vpc.subnetIds;
  const group = await account.securityGroup(vpc.vpcId, "database");
  const nodes = await account.securityGroup(vpc.vpcId, "nodes");
  const issuer = await account.eksCluster("platform", vpc.vpcId, [a, b], nodes);
  await account.eksCluster("elsewhere", other.vpcId, other.subnetIds, nodes);
  await account.subnetGroup("home", [c, d]);
  await account.subnetGroup("elsewhere", [c, d, e]);
  await account.subnetGroup("other", other.subnetIds);
  const good = { DBSubnetGroupName: "home", VpcSecurityGroupIds: [group] };
  const bad = {
    EngineVersion: "14.9",
    MasterUsername: "root",
    ManageMasterUserPassword: false,
    MasterUserPassword: "correct-horse",
    EnableIAMDatabaseAuthentication: false,
    Port: 5433,
    VpcSecurityGroupIds: [group, nodes],
  };
  await account.auroraCluster("bad", {
    ...bad,
    DBSubnetGroupName: "home",
    DBClusterParameterGroupName: "default.aurora-postgresql14",
  });
  await account.auroraCluster(
    "orders",
    { ...good, Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.0" },
    { Engine: "aurora-mysql" },
  );
  await account.auroraCluster("public", good, { PubliclyAccessible: true });
  await account.auroraCluster("other-subnets", { ...good, DBSubnetGroupName: "elsewhere" });
  await account.auroraCluster("other-vpc", { ...good, DBSubnetGroupName: "other" });
  await account.instance("bad-instance", { ...bad, DBSubnetGroupName: "home", PubliclyAccessible: true });
  await account.instance("no-iam", { ...good, EnableIAMDatabaseAuthentication: false });
  return {
    home: { vpcId: vpc.vpcId, private: [a, b], database: [c, d], oneZone: [a, e], spare: e, group },
    other,
    nodes,
    issuer,
    oidcProviderArn: await account.oidcProvider(issuer, "sts.amazonaws.com"),
    shop: await account.auroraCluster("shop", good),
    plain: await account.instance("plain", good),
  };
}

function network(vpcId: string, privateIds: readonly string[], databaseIds: readonly string[]): string {
  return `vpcId: ${vpcId}, privateSubnetIds: [${privateIds}], databaseSubnetIds: [${databaseIds}]`;
}
