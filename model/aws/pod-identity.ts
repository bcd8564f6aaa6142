import type { PolicyStatement } from "./policy-document";

/**
 * How pods take the IAM roles of services: by the token of their ServiceAccount (IRSA), by an association that EKS keeps
 * (Pod Identity), or by either while an environment changes over.
 */
export const ROLES_TAKEN_BY = ["irsa", "both", "pod-identity"] as const;

/** One of {@link ROLES_TAKEN_BY}. */
export type RolesTakenBy = (typeof ROLES_TAKEN_BY)[number];

/** Whether some pods take roles by the token of their ServiceAccount, from STS and by the cluster's OIDC provider. */
export function byToken(identity: RolesTakenBy = "irsa"): boolean {
  return identity !== "pod-identity";
}

/** Whether some pods take roles by Pod Identity, from the agent on their node. */
export function byAssociation(identity: RolesTakenBy = "irsa"): boolean {
  return identity !== "irsa";
}

/**
 * What takes roles by Pod Identity, in every partition, and the audience of the tokens by which pods ask the agent.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
 */
export const POD_IDENTITY = "pods.eks.amazonaws.com";

/** Add-on that gives pods their credentials by Pod Identity. EKS Auto Mode has it built in. */
export const POD_IDENTITY_AGENT = "eks-pod-identity-agent";

/**
 * Where the agent answers pods, on their own node. Of clusters with IPv6 it is `[fd00:ec2::23]`; those made here have IPv4.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html#pod-id-considerations
 */
export const AGENT_ADDRESS = { cidr: "169.254.170.23/32", port: 80 } as const;

/** AWS service through which the agent gets credentials, by the name that interface endpoints have. */
export const AGENT_ENDPOINT = "eks-auth";

/** Whose pods take a role by Pod Identity. */
export interface PodsOf {
  /** ARN of the EKS cluster. */
  readonly eksClusterArn: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * Trusts the pods of one ServiceAccount by Pod Identity. EKS takes the role in their place, and tags the session with whose
 * pods they are. Without these conditions whoever may make associations could bind any ServiceAccount of any EKS cluster to
 * the role; one that turns the tags off gets none. `aws:SourceArn`, which the guide does not name here, could only say once
 * more what the cluster's ARN says.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
export function podIdentityTrust({ eksClusterArn, namespace, serviceAccount }: PodsOf): PolicyStatement {
  return {
    Effect: "Allow",
    Principal: { Service: POD_IDENTITY },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: {
      StringEquals: {
        "aws:RequestTag/eks-cluster-arn": eksClusterArn,
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": serviceAccount,
      },
    },
  };
}
