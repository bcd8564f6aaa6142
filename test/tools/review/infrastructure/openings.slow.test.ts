import { describe, expect, test } from "@jest/globals";
import { changed, changedBack, type Json, kinds, lines, resource, take } from "./stacks";

/** Types of which each resource lets somebody do or reach something: where one is, what it is to have one more, and one less. */
const OPENINGS: readonly (readonly [
  stack: string,
  type: string,
  path: string,
  more: string,
  less: string,
])[] = [
  ["dev-eks", "aws_vpc_security_group_ingress_rule", "eks/api/https", "reach-widened", "reach-narrowed"],
  ["dev-database", "aws_vpc_security_group_egress_rule", "bastion/https", "reach-widened", "reach-narrowed"],
  ["dev-network", "aws_route", "public/internet-route", "reach-widened", "reach-narrowed"],
  [
    "dev-network",
    "aws_route_table_association",
    "database/eu-west-1a/association",
    "reach-widened",
    "reach-widened",
  ],
  ["dev-network", "aws_internet_gateway", "vpc/internet-gateway", "reach-widened", "reach-narrowed"],
  ["dev-network", "aws_vpc_endpoint", "endpoints/s3", "reach-widened", "reach-narrowed"],
  [
    "dev-eks",
    "aws_eks_access_entry",
    "administrators/role-PlatformAdmin/entry",
    "policy-widened",
    "policy-narrowed",
  ],
  [
    "dev-eks",
    "aws_eks_access_policy_association",
    "administrators/role-PlatformAdmin/policy",
    "policy-widened",
    "policy-narrowed",
  ],
  [
    "dev-eks",
    "aws_iam_role_policy_attachment",
    "eks/role/AmazonEKSClusterPolicy",
    "policy-widened",
    "policy-narrowed",
  ],
  ["dev-eks", "aws_iam_openid_connect_provider", "oidc/provider", "policy-widened", "policy-narrowed"],
  ["dev-eks", "aws_iam_role", "eks/role/role", "policy-widened", "policy-narrowed"],
  ["dev-database", "aws_iam_role_policy", "bastion/managed/policy", "policy-widened", "policy-narrowed"],
  ["dev-database", "aws_instance", "bastion/instance", "policy-widened", "policy-narrowed"],
  ["dev-database", "aws_ssm_document", "bastion/shell/document", "policy-widened", "policy-narrowed"],
  ["everywhere-database", "aws_db_proxy", "proxy/pool", "policy-widened", "policy-narrowed"],
  ["dev-eks", "aws_eks_node_group", "nodes/group-general/group", "policy-widened", "policy-narrowed"],
  ["dev-eks", "aws_eks_addon", "addon-coredns/addon", "policy-widened", "policy-narrowed"],
  ["dev-demo", "kubernetes_deployment_v1", "web/deployment", "policy-widened", "policy-narrowed"],
  ["dev-demo", "kubernetes_job_v1", "migration/job", "policy-widened", "policy-narrowed"],
  ["everywhere-verify", "kubernetes_cron_job_v1", "job/cron-job", "policy-widened", "policy-narrowed"],
  ["dev-demo", "kubernetes_network_policy_v1", "traffic/policy", "reach-widened", "reach-widened"],
  ["dev-access", "postgresql_role", "people-on-call/login", "policy-widened", "policy-narrowed"],
  ["dev-access", "postgresql_grant", "database-shop/public-on-schema", "policy-widened", "policy-narrowed"],
  [
    "dev-access",
    "postgresql_default_privileges",
    "database-shop/public-on-function-default",
    "policy-widened",
    "policy-narrowed",
  ],
];

describe.each(OPENINGS)("%s: %s", (stack, type, path, more, less) => {
  const remove = (json: Json) => take(json, type, path);

  test(`is ${more} when it is new, and ${less} when it is gone`, () => {
    expect(kinds(changedBack(stack, remove))).toContain(more);
    expect(kinds(changed(stack, remove))).toContain(less);
  });
});

const rule = (stack: Json) => resource(stack, "aws_vpc_security_group_ingress_rule", "eks/api/https");

test.each<[string, (rule: Json) => void, string]>([
  ["from more addresses", (each) => Object.assign(each, { cidr_ipv4: "10.0.0.0/8" }), "reach-widened"],
  [
    "from some of the addresses",
    (each) => Object.assign(each, { cidr_ipv4: "10.40.1.0/24" }),
    "reach-narrowed",
  ],
  ["from other addresses", (each) => Object.assign(each, { cidr_ipv4: "10.41.0.0/16" }), "reach-widened"],
  ["on more ports", (each) => Object.assign(each, { to_port: 444 }), "reach-widened"],
  ["from a lower port on", (each) => Object.assign(each, { from_port: 1 }), "reach-widened"],
  ["on other ports", (each) => Object.assign(each, { from_port: 22, to_port: 22 }), "reach-widened"],
  ["on all ports", (each) => Object.assign(each, { from_port: -1, to_port: -1 }), "reach-widened"],
  ["of another protocol", (each) => Object.assign(each, { ip_protocol: "-1" }), "reach-widened"],
  ["with another text", (each) => Object.assign(each, { description: "other" }), "resource-changed"],
  [
    "from a group instead of addresses",
    (each) => {
      delete each.cidr_ipv4;
      each.referenced_security_group_id = "sg-1";
    },
    "reach-widened",
  ],
  ["from what is no block", (each) => Object.assign(each, { cidr_ipv4: "${local.block}" }), "reach-widened"],
])("a rule that lets in %s", (_, change, kind) => {
  expect(kinds(changed("dev-eks", (stack) => change(rule(stack))))).toEqual([kind]);
});

test("a rule with fewer ports is narrower", () => {
  const wide = (stack: Json) => Object.assign(rule(stack), { from_port: 400, to_port: 500 });
  expect(kinds(changedBack("dev-eks", wide))).toEqual(["reach-narrowed"]);
});

test("a rule says from where to where", () => {
  const { findings } = changed("dev-eks", (stack) => Object.assign(rule(stack), { cidr_ipv4: "0.0.0.0/0" }));
  expect(lines(findings)).toEqual([
    "reach-widened dev-eks eks/api/https (aws_vpc_security_group_ingress_rule): lets in: cidr_ipv4 10.40.0.0/16 → 0.0.0.0/0 (of security_group_id ${aws_security_group.eks_api_group.id}, ip_protocol tcp, from_port 443, to_port 443)",
  ]);
  expect(findings[0]?.details).toBeUndefined();
});

describe("a NetworkPolicy", () => {
  const spec = (stack: Json) => resource(stack, "kubernetes_network_policy_v1", "traffic/policy").spec;

  test("is narrower when a whole rule is gone, and else not", () => {
    expect(kinds(changed("dev-demo", (stack) => spec(stack).egress.pop()))).toEqual(["reach-narrowed"]);
    expect(kinds(changedBack("dev-demo", (stack) => spec(stack).egress.pop()))).toEqual(["reach-widened"]);
    // Without any peer a rule is for all of them.
    expect(kinds(changed("dev-demo", (stack) => delete spec(stack).egress[1].to))).toEqual(["reach-widened"]);
    expect(kinds(changed("dev-demo", (stack) => spec(stack).policy_types.pop()))).toEqual(["reach-widened"]);
    expect(
      kinds(
        changed("dev-demo", (stack) => {
          spec(stack).egress.pop();
          spec(stack).pod_selector = { match_labels: { app: "none" } };
        }),
      ),
    ).toEqual(["reach-widened"]);
  });
});

test("what is not safe about a new resource is told from the start", () => {
  const { findings } = changed("dev-network", (stack) => {
    const subnet = resource(stack, "aws_subnet", "public/eu-west-1a/subnet");
    stack.resource.aws_subnet.extra = {
      ...subnet,
      cidr_block: "10.40.250.0/24",
      map_public_ip_on_launch: true,
    };
    stack.resource.aws_security_group = {
      open: {
        name: "open",
        vpc_id: "vpc-1",
        ingress: [{ cidr_blocks: ["0.0.0.0/0"] }],
        revoke_rules_on_delete: true,
      },
      closed: { name: "closed", vpc_id: "vpc-1" },
    };
    stack.resource.aws_launch_template = {
      loose: { name: "loose", metadata_options: { http_tokens: "required", http_put_response_hop_limit: 3 } },
    };
  });
  expect(lines(findings)).toEqual([
    "reach-widened dev-network aws_subnet.extra: map_public_ip_on_launch true: what starts in it has a public address",
    'reach-widened dev-network aws_security_group.open: ingress {"cidr_blocks":["0.0.0.0/0"]}: others reach it',
    "resource-added dev-network aws_security_group.closed: is new",
    "reach-widened dev-network aws_launch_template.loose: metadata_options.http_put_response_hop_limit 3: pods read the node's credentials",
    "encryption-weakened dev-network aws_launch_template.loose: block_device_mappings.ebs.encrypted (none): disks are as they are",
  ]);
});
