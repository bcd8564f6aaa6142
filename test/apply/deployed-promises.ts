import { expect } from "@jest/globals";
import { connectPolicy, trustPolicy } from "../../model/access/iam";
import { accessPlan } from "../../model/access/plan";
import { planSubnets } from "../../model/aws/subnets";
import { parse } from "../helpers/environment";
import { testUnless } from "../helpers/skip";
import { type LocalDeployment, missing } from "./helpers/local-deployment";

/**
 * Deploys an environment stack after stack, and asks the AWS SDK what there is then.
 * @param deployment what the tests deploy to, once they run
 * @param yaml the environment file
 */
export function deployedPromises(deployment: () => LocalDeployment, yaml: string): void {
  testUnless(
    missing,
    "the network has the planned subnets, and no way out of those of the database",
    async () => {
      await deployment().deploy("dev-network");
      const [vpc, ...others] = await deployment().deployed.vpcs();
      expect([vpc?.cidr, others]).toEqual(["10.40.0.0/16", []]);
      const plan = planSubnets("10.40.0.0/16", ["eu-west-1a", "eu-west-1b"]);
      const routes = {
        public: ["0.0.0.0/0 via igw", "10.40.0.0/16 via local", "S3 via vpce"],
        private: ["0.0.0.0/0 via nat", "10.40.0.0/16 via local", "S3 via vpce"],
        database: ["10.40.0.0/16 via local"],
      };
      const expected = (["public", "private", "database"] as const).flatMap((tier) =>
        plan[tier].map(({ zone, cidr }) => [
          `dev-${tier}-${zone}`,
          { id: expect.any(String), cidr, zone, givesPublicAddresses: false, routes: routes[tier] },
        ]),
      );
      const subnets = await deployment().deployed.subnets(vpc?.id ?? "");
      expect(subnets).toEqual(Object.fromEntries(expected));
      expect(await deployment().deployed.natGateways()).toEqual([
        { subnet: subnets["dev-public-eu-west-1a"]?.id },
      ]);
      expect(await deployment().deployed.flowLogs()).toEqual([{ recorded: vpc?.id, traffic: "ALL" }]);
    },
  );

  testUnless(
    missing,
    "cluster and database are deployed at the same time, each from the network's state",
    async () => {
      await Promise.all([deployment().deploy("dev-eks"), deployment().deploy("dev-database")]);
    },
  );

  testUnless(
    missing,
    "the cluster is private and encrypted, and IAM trusts its issuer for one audience",
    async () => {
      const { "private-subnet-ids": subnetIds } = await deployment().terraform.outputs("dev-network");
      const [found, ...others] = await deployment().deployed.clusters();
      expect(others).toEqual([]);
      expect(found?.cluster).toMatchObject({
        name: "dev",
        version: "1.36",
        resourcesVpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true },
        encryptionConfig: [
          { resources: ["secrets"], provider: { keyArn: expect.stringMatching(/^arn:aws:kms:/) } },
        ],
      });
      expect(found?.cluster?.resourcesVpcConfig?.subnetIds?.sort()).toEqual([...strings(subnetIds)].sort());
      expect(found?.nodeGroups).toMatchObject([{ minSize: 2, maxSize: 4 }]);
      const issuer = found?.cluster?.identity?.oidc?.issuer?.replace("https://", "");
      expect(await deployment().deployed.oidcProviders()).toEqual([
        {
          arn: `arn:aws:iam::123456789012:oidc-provider/${issuer}`,
          issuer,
          audiences: ["sts.amazonaws.com"],
        },
      ]);
    },
  );

  testUnless(
    missing,
    "the database is private and encrypted, takes IAM logins, and RDS keeps its admin's password",
    async () => {
      const { "database-subnet-ids": subnetIds } = await deployment().terraform.outputs("dev-network");
      const outputs = await deployment().terraform.outputs("dev-database");
      const { clusters, instances, subnets } = await deployment().deployed.databases();
      expect(clusters).toMatchObject([
        {
          DBClusterIdentifier: "dev",
          EngineVersion: "17.10",
          IAMDatabaseAuthenticationEnabled: true,
          StorageEncrypted: true,
          DeletionProtection: true,
          Endpoint: outputs["writer-endpoint"],
          DbClusterResourceId: outputs["database-resource-id"],
          MasterUserSecret: { SecretArn: outputs["admin-secret-arn"], SecretStatus: "active" },
          EnabledCloudwatchLogsExports: ["postgresql", "iam-db-auth-error"],
        },
      ]);
      expect(instances).toMatchObject([{ DBInstanceIdentifier: "dev-1", PubliclyAccessible: false }]);
      expect(subnets.sort()).toEqual([...strings(subnetIds)].sort());
      expect(await deployment().deployed.instances()).toMatchObject([
        { id: outputs["bastion-instance-id"], publicAddress: undefined, metadataTokens: "required" },
      ]);
    },
  );

  testUnless(
    missing,
    "each identity's IAM role has exactly the policy and the trust of the access plan, with the real ids",
    async () => {
      await deployment().deploy("dev-access");
      const cluster = await deployment().deployed.databaseCluster();
      const [provider] = await deployment().deployed.oidcProviders();
      const trusted = { arn: provider?.arn ?? "", issuer: provider?.issuer ?? "" };
      const plan = accessPlan(parse(yaml));
      const expected = plan.identities.map((identity) => [
        identity.iamRole,
        {
          trust: trustPolicy(plan, identity, trusted),
          policies: { connect: connectPolicy(plan, identity, cluster.DbClusterResourceId ?? "") },
          attached: [],
        },
      ]);
      const roles = Object.entries(await deployment().deployed.roles());
      const ours = roles.filter(([name]) => name.startsWith("dev-db-"));
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(expected));
    },
  );

  testUnless(
    missing,
    "the database lets in the cluster's security group and the bastion, nobody else",
    async () => {
      const [cluster] = await deployment().deployed.clusters();
      const [group] = (await deployment().deployed.databaseCluster()).VpcSecurityGroups ?? [];
      const from = cluster?.cluster?.resourcesVpcConfig?.clusterSecurityGroupId;
      const rules = await deployment().deployed.securityGroupRules(group?.VpcSecurityGroupId ?? "");
      expect(rules).toHaveLength(2);
      expect(rules).toContain(`in tcp 5432 ${from}`);
    },
  );
}

/** A list of texts among a stack's outputs. */
function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
