/** ServiceAccount of an add-on that calls AWS, in kube-system, and the policy it needs. */
export interface AddonPermissions {
  readonly serviceAccount: string;
  /** Name of the AWS-managed policy, with its path after `policy/`. */
  readonly managedPolicy: string;
}

/** What the project knows of an add-on. */
interface AddonFacts {
  /** Runs on every node and is complete with no nodes at all, so that it comes before them. */
  readonly everyNode?: boolean;
  readonly permissions?: AddonPermissions;
  readonly configuration?: Readonly<Record<string, unknown>>;
}

const ADDONS: Readonly<Record<string, AddonFacts>> = {
  "aws-ebs-csi-driver": {
    permissions: {
      serviceAccount: "ebs-csi-controller-sa",
      managedPolicy: "service-role/AmazonEBSCSIDriverPolicy",
    },
  },
  coredns: {},
  "eks-node-monitoring-agent": { everyNode: true },
  "eks-pod-identity-agent": { everyNode: true },
  "kube-proxy": { everyNode: true },
  "metrics-server": {},
  "vpc-cni": {
    everyNode: true,
    permissions: { serviceAccount: "aws-node", managedPolicy: "AmazonEKS_CNI_Policy" },
    // Otherwise a NetworkPolicy is accepted and enforces nothing. A string: the add-on's schema has no boolean here.
    configuration: { enableNetworkPolicy: "true" },
  },
};

/** Add-ons that the project knows, sorted; EKS has others, which may be named all the same. */
export const ADDON_NAMES: readonly string[] = Object.keys(ADDONS).sort();

/**
 * What is known of an add-on; nothing of those that need no AWS permissions and run as ordinary pods, such as coredns,
 * and of those the project does not know. The latter may need a role of their own, which they get elsewhere: pods do not
 * reach the node's.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
 */
export function addonFacts(name: string): AddonFacts {
  return (Object.hasOwn(ADDONS, name) && ADDONS[name]) || {};
}

/** Whether an add-on must be there before the first node: without its network no node becomes ready. */
export function precedesNodes(name: string): boolean {
  return addonFacts(name).everyNode ?? false;
}
