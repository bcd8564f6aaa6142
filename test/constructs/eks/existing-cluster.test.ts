import { expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { ExistingCluster } from "../../../constructs/eks/existing-cluster";
import { ExistingOidcProvider } from "../../../constructs/eks/existing-oidc-provider";
import { synthConstruct } from "../../helpers/construct";

function synth(securityGroupId?: string) {
  const json = synthConstruct((stack) => {
    const cluster = new ExistingCluster(stack, "existing", {
      name: "platform",
      vpcId: "vpc-0000000a",
      ...(securityGroupId && { securityGroupId }),
    });
    new TerraformOutput(stack, "nodes", { value: cluster.securityGroupId, staticId: true });
  });
  return { json, nodes: json.output?.nodes?.value };
}

test("a cluster is read, and the group that EKS created is that of its nodes", () => {
  const { json, nodes } = synth();
  expect(json.resource).toBeUndefined();
  expect(nodes).toMatch(/^\$\{data\.aws_eks_cluster\.\w+\.vpc_config\[0\]\.cluster_security_group_id\}$/);
});

test("nodes may carry another group, which must be in the same VPC", () => {
  const { json, nodes } = synth("sg-0000000a");
  expect(nodes).toMatch(/^\$\{data\.aws_security_group\.existing_node-security-group_/);
  const [group] = Object.values(json.data?.aws_security_group ?? {});
  expect(group).toMatchObject({
    id: "sg-0000000a",
    lifecycle: { postcondition: [{ condition: '${self.vpc_id == "vpc-0000000a"}' }] },
  });
});

test("a cluster in another VPC, or one that is going, fails the plan", () => {
  const [cluster] = Object.values(synth().json.data?.aws_eks_cluster ?? {});
  expect(cluster).toMatchObject({
    lifecycle: {
      postcondition: [
        { condition: '${self.status == "ACTIVE" || self.status == "UPDATING"}' },
        { condition: '${self.vpc_config[0].vpc_id == "vpc-0000000a"}' },
      ],
    },
  });
});

test("where no OIDC provider is found, the address in Terraform's message says what to set", () => {
  const json = synthConstruct((stack) => {
    new ExistingOidcProvider(stack, "oidc", { issuerUrl: "https://oidc.example.com/id/1" });
  });
  expect(json.data?.aws_iam_openid_connect_provider).toMatchObject({
    "not-found-then-set-cluster-existing-createOidcProvider-true": {
      url: "https://oidc.example.com/id/1",
      lifecycle: { postcondition: [{ condition: '${contains(self.client_id_list, "sts.amazonaws.com")}' }] },
    },
  });
});
