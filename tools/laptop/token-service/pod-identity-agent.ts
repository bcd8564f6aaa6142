import type { Hono } from "hono";
import { POD_IDENTITY } from "../../../model/aws/pod-identity";
import type { Account } from "./account";
import { type CredentialsAppOptions, credentialsApp, credentialsBody } from "./credentials-app";
import { callBy } from "./service-call";
import { accessDenied, StsError, validationError } from "./sts-error";
import type { WebIdentity, WebIdentityCheck } from "./web-identity";

/** Which role the pods of a ServiceAccount get: an association of EKS Pod Identity. */
export interface PodIdentityAssociation {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Name of the EKS cluster. */
  readonly cluster: string;
  readonly roleArn: string;
}

/** Options for {@link podIdentityAgent}. */
export interface PodIdentityAgentOptions extends Omit<CredentialsAppOptions, "name"> {
  readonly iam: Account;
  /** Checks tokens for the audience of Pod Identity. */
  readonly webIdentity: WebIdentityCheck;
  /** ARN of the EKS cluster whose pods ask. */
  readonly clusterArn: string;
  readonly associations: readonly PodIdentityAssociation[];
}

/**
 * The agent of EKS Pod Identity, and EKS behind it: a pod shows its ServiceAccount's token and gets the role of the
 * association, taken with tags that say whose pod it is.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
export function podIdentityAgent({
  iam,
  webIdentity,
  clusterArn,
  associations,
  ...rest
}: PodIdentityAgentOptions): Hono {
  const app = credentialsApp({ ...rest, name: "Pod Identity agent" });
  const cluster = clusterName(clusterArn);
  app.get("/v1/credentials", async (context) => {
    const token = context.req.header("authorization") ?? "";
    if (!/^[\w=-]+\.[\w=-]+\.[\w=-]+$/.test(token)) {
      throw validationError("The Authorization header must be the token of the pod's ServiceAccount.");
    }
    const pod = podOf(await webIdentity(token));
    const association = associations.find(
      (each) =>
        each.cluster === cluster &&
        each.namespace === pod.namespace &&
        each.serviceAccount === pod.serviceAccount,
    );
    if (!association) {
      const who = `${pod.namespace}/${pod.serviceAccount}`;
      throw accessDenied("No EKS Pod Identity association was found.", `no association for ${who}`);
    }
    const session = callBy(iam, podIdentityCall({ ...pod, clusterArn, roleArn: association.roleArn }));
    return context.json({ ...credentialsBody(session), AccountId: session.account });
  });
  return app;
}

/** A pod to EKS Pod Identity. */
export interface IdentifiedPod {
  /** ARN of the EKS cluster it runs on. */
  readonly clusterArn: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Its name and uid. @default not said */
  readonly pod?: WebIdentity["pod"];
  /** The role that it is to have. */
  readonly roleArn: string;
}

/** What EKS asks for a pod: tags that only EKS can set say which it is. */
export function podIdentityCall({ clusterArn, namespace, serviceAccount, pod, roleArn }: IdentifiedPod) {
  return {
    service: POD_IDENTITY,
    roleArn,
    sessionName: `eks-${clusterName(clusterArn)}-${pod?.name ?? serviceAccount}`.slice(0, 64),
    tags: {
      "eks-cluster-arn": clusterArn,
      "eks-cluster-name": clusterName(clusterArn),
      "kubernetes-namespace": namespace,
      "kubernetes-service-account": serviceAccount,
      ...(pod && { "kubernetes-pod-name": pod.name, "kubernetes-pod-uid": pod.uid }),
    },
  };
}

function clusterName(clusterArn: string): string {
  return clusterArn.slice(clusterArn.indexOf("/") + 1);
}

function podOf({ subject, pod }: WebIdentity): Pick<IdentifiedPod, "namespace" | "pod" | "serviceAccount"> {
  const [, namespace, serviceAccount] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(subject) ?? [];
  if (namespace === undefined || serviceAccount === undefined) {
    throw new StsError(400, "InvalidToken", "The token is not of a ServiceAccount.");
  }
  return { namespace, serviceAccount, pod };
}
