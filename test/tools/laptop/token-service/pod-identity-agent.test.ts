import { fromHttp } from "@aws-sdk/credential-providers";
import { describe, expect, test } from "@jest/globals";
import { podIdentityCall } from "../../../../tools/laptop/token-service/pod-identity-agent";
import { assumeWithToken, CLUSTER_ARN, send, useAws } from "./support";
import { arnOf, connects, podTrust, roleOf, WORKLOAD_ROLES } from "./workload-roles";

const AUDIENCE = "pods.eks.amazonaws.com";
const association = (serviceAccount: string, role: string, cluster = "dev", namespace = "shop") => ({
  namespace,
  serviceAccount,
  cluster,
  roleArn: arnOf(role),
});
const aws = useAws({
  roles: [
    ...WORKLOAD_ROLES,
    roleOf("third", podTrust({ "kubernetes-namespace": "third" })),
    roleOf("untagged", {
      ...podTrust({ "kubernetes-service-account": "untagged" }),
      Action: "sts:AssumeRole",
    }),
  ],
  associations: [
    association("pod", "pod"),
    // Whoever may make associations gives another ServiceAccount the role, in each way there is.
    association("thief", "pod"),
    association("pod", "pod", "dev", "other"),
    association("elsewhere", "pod", "staging"),
    association("gone", "none"),
    association("untagged", "untagged"),
    association("pod", "third", "dev", "third"),
  ],
});

const podToken = (serviceAccount = "pod", namespace = "shop", audience = AUDIENCE) =>
  aws.issuer.serviceAccountToken(namespace, serviceAccount, { audience });

async function ask(authorization: string | undefined, headers: Readonly<Record<string, string>> = {}) {
  const { status, body } = await send(aws.podIdentityUrl, {
    headers: { ...headers, ...(authorization !== undefined && { authorization }) },
  });
  return { status, ...JSON.parse(body) };
}

const DENIED = { status: 403, Code: "AccessDenied" };

test("a pod gets the role of its association, tagged with whose pod it is", async () => {
  const provider = fromHttp({
    awsContainerCredentialsFullUri: aws.podIdentityUrl,
    awsContainerAuthorizationToken: await podToken(),
  });
  const [{ accessKeyId, secretAccessKey, sessionToken, expiration }, second] = await Promise.all([
    provider(),
    provider(),
  ]);
  expect(second.accessKeyId).not.toBe(accessKeyId);
  expect(aws.iam.session(accessKeyId)).toMatchObject({
    secretAccessKey,
    sessionToken,
    expiration,
    roleArn: arnOf("pod"),
    arn: "arn:aws:sts::123456789012:assumed-role/pod/eks-dev-pod-0",
    context: {
      "aws:PrincipalTag/eks-cluster-arn": CLUSTER_ARN,
      "aws:PrincipalTag/eks-cluster-name": "dev",
      "aws:PrincipalTag/kubernetes-namespace": "shop",
      "aws:PrincipalTag/kubernetes-service-account": "pod",
      "aws:PrincipalTag/kubernetes-pod-name": "pod-0",
      "aws:PrincipalTag/kubernetes-pod-uid": expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
  });
  expect(connects(aws, accessKeyId, "pod")).toBe(true);
  expect(connects(aws, accessKeyId, "task")).toBe(false);
});

test("ServiceAccounts of one name in several namespaces have each their own", async () => {
  for (const [namespace, role] of [
    ["shop", "pod"],
    ["third", "third"],
  ] as const) {
    const { AccessKeyId } = await ask(await podToken("pod", namespace));
    expect(aws.iam.session(AccessKeyId)?.roleArn).toBe(arnOf(role));
  }
});

describe("an association alone gives nobody a role: its trust names the pod", () => {
  test.each([
    ["of another ServiceAccount", "thief", "shop"],
    ["of another namespace", "pod", "other"],
    ["of a role that does not let its sessions be tagged", "untagged", "shop"],
    ["of a role that is none", "gone", "shop"],
  ])("%s", async (_, serviceAccount, namespace) => {
    expect(await ask(await podToken(serviceAccount, namespace))).toMatchObject(DENIED);
  });

  test("of another EKS cluster, whatever its pods are called", () => {
    for (const clusterArn of [
      CLUSTER_ARN.replace(/dev$/, "staging"),
      CLUSTER_ARN.replace("123456789012", "210987654321"),
    ]) {
      const call = podIdentityCall({
        clusterArn,
        namespace: "shop",
        serviceAccount: "pod",
        roleArn: arnOf("pod"),
      });
      expect(() => aws.callBy(call)).toThrow("is not authorized to perform: sts:AssumeRole");
      expect(aws.callBy({ ...call, tags: { ...call.tags, "eks-cluster-arn": CLUSTER_ARN } })).toMatchObject({
        roleArn: arnOf("pod"),
      });
    }
  });

  test("without one, or with one of another EKS cluster, a pod gets nothing", async () => {
    expect(await ask(await podToken("nobody"))).toMatchObject(DENIED);
    expect(await ask(await podToken("elsewhere"))).toMatchObject(DENIED);
    expect(aws.lines).toContain("Pod Identity agent: AccessDenied: no association for shop/elsewhere");
  });
});

test("a token of one way in is none of the other", async () => {
  expect(await ask(await podToken("pod", "shop", "sts.amazonaws.com"))).toMatchObject({
    status: 400,
    Code: "InvalidIdentityToken",
  });
  expect(await assumeWithToken(aws, await podToken("orders-api"))).toMatchObject({
    status: 400,
    code: "InvalidIdentityToken",
  });
});

test("what is no token of a ServiceAccount is refused", async () => {
  const whole = await podToken();
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: aws.issuer.url, aud: [AUDIENCE], iat: now, exp: now + 60 };
  for (const token of [
    undefined,
    "",
    "a.b.c",
    `Bearer ${whole}`,
    `${whole}x`,
    whole.slice(0, -5),
    `${whole}.x`,
    await aws.issuer.serviceAccountToken("shop", "pod", { audience: AUDIENCE, lifetimeSeconds: 0 }),
    await aws.issuer.sign({ ...claims, sub: "pod" }),
    await aws.issuer.sign({ ...claims, sub: "system:serviceaccount:shop:pod:x" }),
    await aws.issuer.sign({ ...claims, sub: "system:serviceaccount::pod" }),
  ]) {
    expect(await ask(token)).toMatchObject({ status: 400 });
  }
  // Whose token says nothing of a pod gets no tags of one.
  const unbound = await ask(await aws.issuer.sign({ ...claims, sub: "system:serviceaccount:shop:pod" }));
  expect(Object.keys(aws.iam.session(unbound.AccessKeyId) ?? {})).toContain("context");
  expect(JSON.stringify(aws.iam.session(unbound.AccessKeyId))).not.toContain("kubernetes-pod-");
  expect(await ask(whole)).toMatchObject({ status: 200, AccountId: "123456789012" });
});

test("a request that was passed on is refused", async () => {
  const whole = await podToken();
  for (const header of ["x-forwarded-for", "via", "forwarded", "origin"]) {
    expect(await ask(whole, { [header]: "x" })).toMatchObject(DENIED);
  }
});
