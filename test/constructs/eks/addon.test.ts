import { describe, expect, test } from "@jest/globals";
import { Addon } from "../../../constructs/eks/addon";
import { only, resources, synthConstruct } from "../../helpers/construct";

const issuer = "oidc.eks.eu-west-1.amazonaws.com/id/ABC";
const oidcProvider = { arn: `arn:aws:iam::123456789012:oidc-provider/${issuer}`, issuer };
const synth = (name: string, region = "eu-west-1") =>
  synthConstruct((stack) => {
    new Addon(stack, name, {
      name,
      environmentName: "dev",
      region,
      clusterName: "dev",
      kubernetesVersion: "1.36",
      oidcProvider,
    });
  });

describe("an add-on", () => {
  test("has the version AWS recommends for the cluster's", () => {
    const json = synth("coredns");
    const [name, version] = Object.entries(json.data?.aws_eks_addon_version ?? {})[0] ?? [];
    expect(version).toEqual({ addon_name: "coredns", kubernetes_version: "1.36" });
    expect(only(json, "aws_eks_addon")).toMatchObject({
      cluster_name: "dev",
      addon_name: "coredns",
      addon_version: `\${data.aws_eks_addon_version.${name}.version}`,
    });
  });

  test("takes over what is there, and later keeps what somebody changed", () => {
    expect(only(synth("coredns"), "aws_eks_addon")).toMatchObject({
      resolve_conflicts_on_create: "OVERWRITE",
      resolve_conflicts_on_update: "PRESERVE",
    });
  });

  test.each(["coredns", "metrics-server", "kube-proxy"])("%s gets no role", (name) => {
    const json = synth(name);
    expect(resources(json, "aws_iam_role")).toEqual({});
    expect(only(json, "aws_eks_addon")).not.toHaveProperty("service_account_role_arn");
  });

  test.each([
    ["vpc-cni", "aws-node", "AmazonEKS_CNI_Policy"],
    ["aws-ebs-csi-driver", "ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicy"],
  ])("%s gets a role that its ServiceAccount alone may take", (name, serviceAccount, policy) => {
    const json = synth(name, "cn-north-1");
    const role = only(json, "aws_iam_role");
    expect(role.name).toBe(`dev-eks-${name}`);
    expect(JSON.parse(String(role.assume_role_policy)).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Federated: oidcProvider.arn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${issuer}:aud`]: "sts.amazonaws.com",
            [`${issuer}:sub`]: `system:serviceaccount:kube-system:${serviceAccount}`,
          },
        },
      },
    ]);
    const attachments = resources(json, "aws_iam_role_policy_attachment");
    expect(only(json, "aws_iam_role_policy_attachment").policy_arn).toBe(
      `arn:aws-cn:iam::aws:policy/${policy}`,
    );
    expect(only(json, "aws_eks_addon")).toMatchObject({
      service_account_role_arn: `\${aws_iam_role.${Object.keys(resources(json, "aws_iam_role"))[0]}.arn}`,
      depends_on: [`aws_iam_role_policy_attachment.${Object.keys(attachments)[0]}`],
    });
  });

  test("vpc-cni enforces network policies", () => {
    const { configuration_values } = only(synth("vpc-cni"), "aws_eks_addon");
    expect(JSON.parse(String(configuration_values))).toEqual({ enableNetworkPolicy: "true" });
  });
});
