import { describe, expect, test } from "@jest/globals";
import { EksCluster, type EksClusterProps } from "../../../constructs/eks/eks-cluster";
import { only, resources, synthConstruct } from "../../helpers/construct";

const synth = (props: Partial<EksClusterProps> = {}) =>
  synthConstruct((stack) => {
    new EksCluster(stack, "eks", {
      environmentName: "dev",
      account: "123456789012",
      region: "eu-west-1",
      version: "1.36",
      extendedSupport: true,
      vpcId: "vpc-1",
      vpcCidr: "10.40.0.0/16",
      subnetIds: ["subnet-1", "subnet-2"],
      publicAccessCidrs: [],
      logsRetentionDays: 90,
      ...props,
    });
  });
const json = synth();
const cluster = only(json, "aws_eks_cluster");
const addressOf = (type: string) => `${type}.${Object.keys(resources(json, type))[0]}`;

describe("an EKS cluster", () => {
  test("is reached from inside the VPC only, unless blocks are listed", () => {
    expect(cluster.vpc_config).toEqual({
      subnet_ids: ["subnet-1", "subnet-2"],
      security_group_ids: [`\${${addressOf("aws_security_group")}.id}`],
      endpoint_private_access: true,
      endpoint_public_access: false,
    });
  });

  test("is reached from listed blocks and still from inside", () => {
    const open = only(synth({ publicAccessCidrs: ["198.51.100.0/24"] }), "aws_eks_cluster");
    expect(open.vpc_config).toMatchObject({
      endpoint_private_access: true,
      endpoint_public_access: true,
      public_access_cidrs: ["198.51.100.0/24"],
    });
  });

  test("lets the VPC reach the API on 443 and opens nothing else", () => {
    expect(only(json, "aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: "10.40.0.0/16",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
    });
    expect(resources(json, "aws_vpc_security_group_egress_rule")).toEqual({});
    expect(only(json, "aws_security_group")).not.toHaveProperty("egress");
    expect(only(json, "aws_security_group")).not.toHaveProperty("ingress");
  });

  test("admits whoever has an access entry, and its creator no sooner", () => {
    expect(cluster.access_config).toEqual({
      authentication_mode: "API",
      bootstrap_cluster_creator_admin_permissions: false,
    });
  });

  test.each([
    [true, "EXTENDED"],
    [false, "STANDARD"],
  ])(
    "says what AWS does when standard support ends (extendedSupport: %s)",
    (extendedSupport, supportType) => {
      expect(only(synth({ extendedSupport }), "aws_eks_cluster").upgrade_policy).toEqual({
        support_type: supportType,
      });
    },
  );

  test("starts without add-ons that nobody manages", () => {
    expect(cluster.bootstrap_self_managed_addons).toBe(false);
  });

  test("encrypts what Kubernetes stores with a key of its own", () => {
    expect(cluster.encryption_config).toEqual({
      provider: { key_arn: `\${${addressOf("aws_kms_key")}.arn}` },
      resources: ["secrets"],
    });
    expect(only(json, "aws_kms_alias").name).toBe("alias/dev-eks");
  });

  test("sends every control-plane log to an encrypted group that is there before it", () => {
    expect(cluster.enabled_cluster_log_types).toEqual([
      "api",
      "audit",
      "authenticator",
      "controllerManager",
      "scheduler",
    ]);
    expect(only(json, "aws_cloudwatch_log_group")).toEqual({
      name: "/aws/eks/dev/cluster",
      retention_in_days: 90,
      kms_key_id: `\${${addressOf("aws_kms_key")}.arn}`,
    });
    expect(only(json, "aws_kms_key").policy).toContain(
      "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/eks/dev/cluster",
    );
    expect(cluster.depends_on).toContain(addressOf("aws_cloudwatch_log_group"));
  });

  test("has its role's policy as long as it lives", () => {
    expect(only(json, "aws_iam_role_policy_attachment").policy_arn).toBe(
      "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
    );
    expect(cluster.depends_on).toContain(addressOf("aws_iam_role_policy_attachment"));
  });

  test.each([
    ["eu-west-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ])("is the only one that takes its role in %s", (region, partition) => {
    const [statement] = JSON.parse(
      String(only(synth({ region }), "aws_iam_role").assume_role_policy),
    ).Statement;
    expect(statement.Principal).toEqual({ Service: "eks.amazonaws.com" });
    expect(statement.Condition).toEqual({
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnEquals: { "aws:SourceArn": `arn:${partition}:eks:${region}:123456789012:cluster/dev` },
    });
  });

  test.each([
    [undefined, true],
    [false, false],
  ])("is destroyed, key and all, only on purpose (protect: %s)", (protect, prevented) => {
    const made = synth({ protect });
    expect(only(made, "aws_eks_cluster").lifecycle).toMatchObject({ prevent_destroy: prevented });
    expect(only(made, "aws_kms_key").lifecycle).toEqual({ prevent_destroy: prevented });
  });

  test("is not replaced for what EKS does not tell after an import", () => {
    expect(cluster.lifecycle).toMatchObject({
      ignore_changes: ["access_config", "bootstrap_self_managed_addons"],
    });
  });
});
