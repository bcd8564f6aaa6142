import { DataAwsEksAddonVersion } from "@cdktf/provider-aws/lib/data-aws-eks-addon-version";
import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { OidcProvider } from "../../model/access/iam";
import { addonFacts } from "../../model/aws/addons";
import { IrsaRole } from "./irsa-role";

/** Options for {@link Addon}. */
export interface AddonProps {
  /** Name of the add-on in EKS, such as `vpc-cni`. */
  readonly name: string;
  /** Name of the environment, which the role's name starts with. */
  readonly environmentName: string;
  /** AWS region of the cluster. */
  readonly region: string;
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Kubernetes version of the cluster, for whose default version of the add-on AWS is asked. */
  readonly kubernetesVersion: string;
  /** The OIDC provider of the cluster. */
  readonly oidcProvider: OidcProvider;
  /** When Terraform no longer has the add-on, what it installed stays and runs on, and EKS forgets it. @default false */
  readonly preserve?: boolean;
  /** What must exist before: the nodes, for an add-on that EKS calls active only when its pods run. @default nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * An EKS add-on at the version AWS recommends for the cluster's. When AWS raises it, the next plan shows the update.
 * Created over whatever is there; an update keeps fields that somebody has changed in the cluster.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/updating-an-add-on.html
 */
export class Addon extends Construct {
  /** The add-on, for what must come after it. */
  readonly resource: ITerraformDependable;

  constructor(scope: Construct, id: string, props: AddonProps) {
    super(scope, id);
    const { name, environmentName, region, clusterName } = props;
    const { permissions, configuration } = addonFacts(name);
    const role =
      permissions &&
      new IrsaRole(this, "role", {
        name: `${environmentName}-eks-${name}`,
        description: `EKS add-on ${name} of ${environmentName}`,
        region,
        oidcProvider: props.oidcProvider,
        namespace: "kube-system",
        ...permissions,
      });
    const version = new DataAwsEksAddonVersion(this, "version", {
      addonName: name,
      kubernetesVersion: props.kubernetesVersion,
    });
    this.resource = new EksAddon(this, "addon", {
      clusterName,
      addonName: name,
      addonVersion: version.version,
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "PRESERVE",
      ...(configuration && { configurationValues: JSON.stringify(configuration) }),
      ...(role && { serviceAccountRoleArn: role.arn }),
      ...(props.preserve && { preserve: true }),
      dependsOn: [...(role ? [role.policy] : []), ...(props.dependsOn ?? [])],
    });
  }
}
