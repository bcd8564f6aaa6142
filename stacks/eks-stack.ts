import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../config/environment";
import { AccessEntries } from "../constructs/eks/access-entries";
import { Addon } from "../constructs/eks/addon";
import { precedesNodes } from "../constructs/eks/addon-catalog";
import { EksCluster } from "../constructs/eks/eks-cluster";
import { NodeGroups } from "../constructs/eks/node-groups";
import { OidcProvider } from "../constructs/eks/oidc-provider";
import { EnvironmentStack } from "./environment-stack";
import type { NetworkOutputs } from "./network-stack";

/** Options for {@link EksStack}. */
export interface EksStackProps {
  /** The environment whose cluster this is. */
  readonly environment: Environment;
  /** The network it is in. */
  readonly network: NetworkOutputs;
}

/** What the other stacks need of the cluster. */
export interface ClusterOutputs {
  /** Name of the cluster. */
  readonly name: string;
  /** URL of the Kubernetes API. */
  readonly endpoint: string;
  /** CA certificate of the Kubernetes API, base64. */
  readonly certificateAuthority: string;
  /** ARN of the OIDC provider that IAM trusts for ServiceAccounts. */
  readonly oidcProviderArn: string;
  /** Host and path of its issuer, without https://. */
  readonly oidcIssuer: string;
  /** The security group EKS creates, which nodes and so their pods carry. */
  readonly securityGroupId: string;
}

/** The EKS cluster of an environment, who administers it, its add-ons and its nodes. */
export class EksStack extends EnvironmentStack {
  readonly outputs: ClusterOutputs;

  constructor(scope: Construct, { environment, network }: EksStackProps) {
    super(scope, "eks", environment);
    const { name, account, region, cluster: config } = environment;
    const subnetIds = network.privateSubnetIds;

    const cluster = new EksCluster(this, "eks", {
      ...config,
      environmentName: name,
      account,
      region,
      vpcId: network.vpcId,
      vpcCidr: network.vpcCidr,
      subnetIds,
      protect: environment.database.deletionProtection,
    });
    const oidcProvider = new OidcProvider(this, "oidc", { name, issuerUrl: cluster.issuerUrl });
    new AccessEntries(this, "administrators", {
      clusterName: cluster.name,
      account,
      region,
      administrators: config.administrators,
    });

    const common = {
      environmentName: name,
      region,
      clusterName: cluster.name,
      kubernetesVersion: config.version,
    };
    const install = (names: readonly string[], dependsOn: readonly ITerraformDependable[]) =>
      names.map(
        (addon) =>
          new Addon(this, `addon-${addon}`, { ...common, name: addon, oidcProvider, dependsOn }).resource,
      );
    const nodes = new NodeGroups(this, "nodes", {
      ...common,
      groups: config.nodeGroups,
      subnetIds,
      tags: { ...environment.tags, environment: name },
      dependsOn: install(config.addons.filter(precedesNodes), []),
    });
    install(
      config.addons.filter((addon) => !precedesNodes(addon)),
      nodes.resources,
    );

    this.outputs = {
      name: cluster.name,
      endpoint: cluster.endpoint,
      certificateAuthority: cluster.certificateAuthority,
      oidcProviderArn: oidcProvider.arn,
      oidcIssuer: oidcProvider.issuer,
      securityGroupId: cluster.securityGroupId,
    };
    this.publish("cluster-name", "Name of the EKS cluster", cluster.name);
    this.publish("cluster-endpoint", "URL of the Kubernetes API", cluster.endpoint);
    this.publish("oidc-provider-arn", "OIDC provider that IAM roles of services trust", oidcProvider.arn);
    this.publish(
      "kubeconfig-command",
      "Command that gives kubectl access to the cluster",
      `aws eks update-kubeconfig --name ${name} --region ${region}`,
    );
  }
}
