import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { AccessEntries } from "../constructs/eks/access-entries";
import { Addon } from "../constructs/eks/addon";
import { EksCluster } from "../constructs/eks/eks-cluster";
import { ExistingCluster } from "../constructs/eks/existing-cluster";
import { ExistingOidcProvider } from "../constructs/eks/existing-oidc-provider";
import { NodeGroups } from "../constructs/eks/node-groups";
import { OidcProvider } from "../constructs/eks/oidc-provider";
import type { OidcProvider as OidcProviderFacts } from "../model/access/iam";
import { precedesNodes } from "../model/aws/addons";
import { byToken, type RolesTakenBy } from "../model/aws/pod-identity";
import { installedAddons } from "../model/config/cluster/installed-addons";
import type { Environment, ExistingCluster as ExistingClusterConfig } from "../model/config/environment";
import { EnvironmentStack } from "./environment-stack";
import type { NetworkOutputs } from "./network-stack";

/** Options for {@link EksStack}. */
export interface EksStackProps {
  /** The environment whose cluster this is. */
  readonly environment: Environment;
  /** The network it is in. */
  readonly network: NetworkOutputs;
}

/** What the other stacks need of the EKS cluster. */
export interface EksOutputs {
  /** Name of the EKS cluster. */
  readonly name: string;
  /** URL of the Kubernetes API. */
  readonly kubernetesEndpoint: string;
  /** CA certificate of the Kubernetes API, base64. */
  readonly certificateAuthority: string;
  /** The OIDC provider that IAM trusts for ServiceAccounts. @default none is needed: roles are taken by Pod Identity */
  readonly oidcProvider?: OidcProviderFacts;
  /** The security group EKS creates, which nodes and so their pods carry. */
  readonly securityGroupId: string;
}

/** The EKS cluster of an environment, who administers it, its add-ons and its nodes; or one that exists. */
export class EksStack extends EnvironmentStack {
  readonly outputs: EksOutputs;

  constructor(scope: Construct, { environment, network }: EksStackProps) {
    super(scope, "eks", environment);
    const { existing, identity } = environment.cluster;
    this.outputs = existing ? this.adopt(existing, identity, network) : this.create(environment, network);
    const { oidcProvider } = this.outputs;
    this.publish("cluster-name", "Name of the EKS cluster", this.outputs.name);
    this.publish("kubernetes-endpoint", "URL of the Kubernetes API", this.outputs.kubernetesEndpoint);
    if (oidcProvider) {
      this.publish("oidc-provider-arn", "OIDC provider that IAM roles of services trust", oidcProvider.arn);
    }
    this.publish(
      "kubeconfig-command",
      "Command that gives kubectl access to the cluster",
      `aws eks update-kubeconfig --name ${existing?.name ?? environment.name} --region ${environment.region}`,
    );
  }

  private adopt(
    existing: ExistingClusterConfig,
    identity: RolesTakenBy,
    network: NetworkOutputs,
  ): EksOutputs {
    const { name, createOidcProvider } = existing;
    const cluster = new ExistingCluster(this, "existing", {
      ...existing,
      vpcId: this.named("vpc-id", network.vpcId),
    });
    const { issuerUrl } = cluster;
    if (createOidcProvider) return outputs(cluster, new OidcProvider(this, "oidc", { name, issuerUrl }));
    // Where nothing takes a role by it, there may be none.
    return byToken(identity)
      ? outputs(cluster, new ExistingOidcProvider(this, "oidc", { issuerUrl }))
      : outputs(cluster);
  }

  private create(environment: Environment, network: NetworkOutputs): EksOutputs {
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
    const addons = installedAddons(config);
    const install = (names: readonly string[], dependsOn: readonly ITerraformDependable[]) =>
      names.map((addon) => {
        // What comes by itself goes by itself, when roles are taken by tokens again. Pods that run need it until they are restarted.
        const preserve = !config.addons.includes(addon);
        const props = { ...common, name: addon, oidcProvider, preserve, dependsOn };
        return new Addon(this, `addon-${addon}`, props).resource;
      });
    const nodes = new NodeGroups(this, "nodes", {
      ...common,
      groups: config.nodeGroups,
      subnetIds,
      tags: { ...environment.tags, environment: name },
      dependsOn: install(addons.filter(precedesNodes), []),
    });
    install(
      addons.filter((addon) => !precedesNodes(addon)),
      nodes.resources,
    );
    return outputs(cluster, oidcProvider);
  }
}

function outputs(cluster: EksCluster | ExistingCluster, oidcProvider?: OidcProviderFacts): EksOutputs {
  return {
    name: cluster.name,
    kubernetesEndpoint: cluster.endpoint,
    certificateAuthority: cluster.certificateAuthority,
    ...(oidcProvider && { oidcProvider }),
    securityGroupId: cluster.securityGroupId,
  };
}
