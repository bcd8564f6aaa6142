import { describe, expect, test } from "@jest/globals";
import type { NodeGroupConfig } from "../../../constructs/eks/node-group";
import { NodeGroups } from "../../../constructs/eks/node-groups";
import { only, resources, synthConstruct } from "../../helpers/construct";

const general = { instanceTypes: ["m7g.large", "m6g.large"], minSize: 3, maxSize: 12, diskGiB: 80 };
const synth = (groups: Readonly<Record<string, NodeGroupConfig>> = { general }) =>
  synthConstruct((stack) => {
    new NodeGroups(stack, "nodes", {
      environmentName: "dev",
      region: "eu-west-1",
      clusterName: "dev",
      kubernetesVersion: "1.36",
      subnetIds: ["subnet-1", "subnet-2"],
      tags: { team: "platform", Name: "never this" },
      groups,
      dependsOn: [],
    });
  });
const json = synth();
const group = only(json, "aws_eks_node_group");
const template = only(json, "aws_launch_template");

describe("nodes", () => {
  test("keep their credentials from pods", () => {
    expect(template.metadata_options).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
    });
  });

  test("have an encrypted disk of the size asked for", () => {
    expect(template.block_device_mappings).toEqual([
      {
        device_name: "/dev/xvda",
        ebs: { volume_type: "gp3", volume_size: 80, encrypted: "true", delete_on_termination: "true" },
      },
    ]);
  });

  test("carry the environment's tags and their own name, and so do their disks", () => {
    const tags = { team: "platform", Name: "dev-general" };
    expect(template.tag_specifications).toEqual([
      { resource_type: "instance", tags },
      { resource_type: "volume", tags },
    ]);
  });

  test("run the cluster's version on the image of their architecture", () => {
    expect(group).toMatchObject({
      cluster_name: "dev",
      version: "1.36",
      ami_type: "AL2023_ARM_64_STANDARD",
      instance_types: ["m7g.large", "m6g.large"],
      subnet_ids: ["subnet-1", "subnet-2"],
    });
  });

  test("follow changes of their launch template", () => {
    const [name] = Object.keys(resources(json, "aws_launch_template"));
    expect(group.launch_template).toEqual({
      id: `\${aws_launch_template.${name}.id}`,
      version: `\${aws_launch_template.${name}.latest_version}`,
    });
  });

  test("are as many as an autoscaler wants after the start", () => {
    expect(group.scaling_config).toEqual({ min_size: 3, max_size: 12, desired_size: 3 });
    expect(group.lifecycle).toMatchObject({ ignore_changes: ["scaling_config[0].desired_size"] });
  });

  test("are never all gone at once: a third at a time, or a new group first", () => {
    expect(group.update_config).toEqual({ max_unavailable_percentage: 33 });
    expect(group.lifecycle).toMatchObject({ create_before_destroy: true });
    expect(group).not.toHaveProperty("node_group_name");
    expect(group.node_group_name_prefix).toBe("dev-general-");
  });

  test("are selected by a label that outlives the group", () => {
    expect(group.labels).toEqual({ "node-group": "general" });
  });

  test("get a name that AWS takes, however long theirs is", () => {
    const { node_group_name_prefix } = only(synth({ ["x".repeat(40)]: general }), "aws_eks_node_group");
    expect(String(node_group_name_prefix)).toHaveLength(37);
  });

  test("join the cluster and pull images, and cannot change the network", () => {
    const attached = Object.values(resources(json, "aws_iam_role_policy_attachment"));
    expect(attached.map((attachment) => attachment.policy_arn).sort()).toEqual([
      "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
      "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
    ]);
    expect(resources(json, "aws_iam_role_policy")).toEqual({});
    expect(group.depends_on).toEqual(
      expect.arrayContaining(
        Object.keys(resources(json, "aws_iam_role_policy_attachment")).map(
          (name) => `aws_iam_role_policy_attachment.${name}`,
        ),
      ),
    );
  });

  test("share one role, and a group may have any name", () => {
    const two = synth({ role: general, groups: { ...general, instanceTypes: ["m7i.large"] } });
    expect(Object.keys(resources(two, "aws_eks_node_group"))).toHaveLength(2);
    const [role] = Object.keys(resources(two, "aws_iam_role"));
    for (const each of Object.values(resources(two, "aws_eks_node_group"))) {
      expect(each.node_role_arn).toBe(`\${aws_iam_role.${role}.arn}`);
    }
    expect(only(two, "aws_iam_role").name).toBe("dev-eks-node");
  });

  test("refuse to mix architectures in one group", () => {
    expect(() => synth({ general: { ...general, instanceTypes: ["m7g.large", "m7i.large"] } })).toThrow(
      "make two groups",
    );
  });
});
