import { describe, expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import { EksStack } from "../../../stacks/eks-stack";
import { only, resources, type TerraformJson } from "../../helpers/construct";
import { MINIMAL, parse } from "../../helpers/environment";

const network = {
  vpcId: "vpc-1",
  vpcCidr: "10.0.0.0/16",
  publicSubnetIds: [],
  privateSubnetIds: ["subnet-1", "subnet-2"],
  databaseSubnetIds: [],
};
const synth = (yaml = ""): TerraformJson => {
  const stack = new EksStack(Testing.app(), { environment: parse(MINIMAL + yaml), network });
  return JSON.parse(Testing.synth(stack, true));
};
const addons = (json: TerraformJson) =>
  new Map(
    Object.entries(resources(json, "aws_eks_addon")).map(([name, addon]) => [
      String(addon.addon_name),
      { address: `aws_eks_addon.${name}`, dependsOn: addon.depends_on },
    ]),
  );

describe("the EKS stack", () => {
  test("installs the network before the nodes, and what runs on nodes after them", () => {
    const json = synth("cluster: { addons: [coredns, kube-proxy, metrics-server, vpc-cni] }\n");
    const installed = addons(json);
    const [[name, group] = ["", {}]] = Object.entries(resources(json, "aws_eks_node_group"));
    for (const early of ["kube-proxy", "vpc-cni"]) {
      expect(group.depends_on).toContain(installed.get(early)?.address);
    }
    for (const late of ["coredns", "metrics-server"]) {
      expect(installed.get(late)?.dependsOn).toContain(`aws_eks_node_group.${name}`);
      expect(group.depends_on).not.toContain(installed.get(late)?.address);
    }
  });

  test.each(["both", "pod-identity"])(
    "installs the agent of Pod Identity before the nodes where pods take roles by it (%s), and it outlives the add-on",
    (identity) => {
      const json = synth(`cluster: { identity: ${identity} }\n`);
      const agent = addons(json).get("eks-pod-identity-agent");
      const [group] = Object.values(resources(json, "aws_eks_node_group"));
      expect(group?.depends_on).toContain(agent?.address);
      const others = Object.values(resources(synth(), "aws_eks_addon"));
      const all = Object.values(resources(json, "aws_eks_addon"));
      expect(all.filter(({ preserve }) => preserve).map((each) => each.addon_name)).toEqual([
        "eks-pod-identity-agent",
      ]);
      expect(all.filter(({ preserve }) => !preserve)).toEqual(others);
    },
  );

  test("an agent that is listed is an add-on like the others, at the same address", () => {
    const listed = synth(
      "cluster: { addons: [coredns, eks-pod-identity-agent, kube-proxy, vpc-cni], identity: pod-identity }\n",
    );
    expect(addons(listed)).toEqual(addons(synth("cluster: { identity: pod-identity }\n")));
    expect(Object.values(resources(listed, "aws_eks_addon")).filter(({ preserve }) => preserve)).toEqual([]);
  });

  test("makes no add-on, access entry or role for either when both are managed elsewhere", () => {
    const json = synth("cluster: { addons: [], administrators: [] }\n");
    expect(resources(json, "aws_eks_addon")).toEqual({});
    expect(resources(json, "aws_eks_access_entry")).toEqual({});
    expect(resources(json, "aws_eks_access_policy_association")).toEqual({});
    expect(json.data).toBeUndefined();
    expect(Object.values(resources(json, "aws_iam_role")).map((role) => role.name)).toEqual([
      "test-eks-cluster",
      "test-eks-node",
    ]);
  });

  test("makes no role for a network add-on that is not listed", () => {
    const roles = Object.values(resources(synth("cluster: { addons: [coredns] }\n"), "aws_iam_role"));
    expect(roles.map((role) => role.name)).not.toContain("test-eks-vpc-cni");
  });

  test("keeps the addresses of add-ons whatever others are listed", () => {
    const all = addons(synth());
    expect(addons(synth("cluster: { addons: [vpc-cni] }\n")).get("vpc-cni")?.address).toBe(
      all.get("vpc-cni")?.address,
    );
  });

  test.each([true, false])("is destroyed when the environment is unprotected only (%s)", (protection) => {
    const json = synth(`database: { deletionProtection: ${protection} }\n`);
    for (const type of ["aws_eks_cluster", "aws_kms_key"]) {
      expect(only(json, type).lifecycle).toMatchObject({ prevent_destroy: protection });
    }
  });

  test("tells people how to reach the cluster", () => {
    expect(synth().output?.["kubeconfig-command"]?.value).toBe(
      "aws eks update-kubeconfig --name test --region eu-west-1",
    );
  });
});
