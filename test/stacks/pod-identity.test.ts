import { describe, expect, test } from "@jest/globals";
import { accessPlan } from "../../model/access/plan";
import { accessReport } from "../../model/access/report";
import { differences } from "../../tools/review/infrastructure/differences";
import { fateOf } from "../../tools/review/infrastructure/types/fate";
import { stackOf, synthApp } from "../helpers/app";
import { type Block, only, resources, type TerraformJson } from "../helpers/construct";
import { MINIMAL, parse, testFile } from "../helpers/environment";
import { CLUSTER, mixYaml, NETWORK, OTHER_CLUSTER } from "./existing-mixes";

type Identity = "irsa" | "both" | "pod-identity";

const FILE = testFile("company");
const files = new Map<Identity, ReadonlyMap<string, TerraformJson>>();

/** The stacks of company.yaml with pods that take roles in one way. */
function stacks(identity: Identity): ReadonlyMap<string, TerraformJson> {
  const made =
    files.get(identity) ?? synthApp(parse(`${FILE}cluster: { identity: ${identity} }\n`, "company.yaml"));
  files.set(identity, made);
  return made;
}

/** Every resource and data source of some stacks by `stack address`. */
function blocks(all: ReadonlyMap<string, TerraformJson>): Map<string, { type: string; body: Block }> {
  return new Map(
    [...all].flatMap(([id, { resource = {}, data = {} }]) =>
      [resource, data].flatMap((section, index) =>
        Object.entries(section).flatMap(([type, byName]) =>
          Object.entries(byName).map(([name, { "//": _, ...body }]) => {
            const address = `${index === 0 ? "" : "data."}${type}.${name.replace(/_[0-9A-F]{8}$/, "")}`;
            return [`${id} ${address}`, { type, body }] as const;
          }),
        ),
      ),
    ),
  );
}

/** What Terraform does on the way from one to the other: each resource that comes or goes, and what changes of others. */
function step(from: Identity, to: Identity) {
  const [before, after] = [blocks(stacks(from)), blocks(stacks(to))];
  const only = (these: typeof before, those: typeof before) =>
    [...these.keys()].filter((address) => !those.has(address)).sort();
  const changed = [...before].flatMap(([address, { type, body }]) => {
    const now = after.get(address);
    return now === undefined
      ? []
      : differences(body, now.body).map(({ path, after: is }) => ({
          address,
          // Of a block, the attribute in it.
          path: path.slice(0, 2).join("."),
          fate: path[0] === "depends_on" ? "in place" : fateOf(type, path, is === undefined),
        }));
  });
  return { created: only(after, before), destroyed: only(before, after), changed };
}

const SERVICES = ["orders-api", "orders-migrations", "orders-views-migrations", "reporting"];
const ASSOCIATIONS = [
  "company-access aws_eks_pod_identity_association.namespace-analytics_association-reporting-jobs",
  ...SERVICES.slice(0, 3).map(
    (key) => `company-access aws_eks_pod_identity_association.namespace-shop_association-${key}`,
  ),
];
const AGENT = [
  "company-eks aws_eks_addon.addon-eks-pod-identity-agent_addon",
  "company-eks data.aws_eks_addon_version.addon-eks-pod-identity-agent_version",
];
const TRUST = SERVICES.map((key) => `company-access aws_iam_role.service-${key}_role assume_role_policy`);
const ANNOTATIONS = SERVICES.slice(0, 3).map(
  (key) =>
    `company-access kubernetes_service_account_v1.namespace-shop_service-account-${key} metadata.annotations`,
);
const EGRESS = ["company-access kubernetes_network_policy_v1.namespace-shop_network-policy spec.egress"];
const NODES = ["company-eks aws_eks_node_group.nodes_group-general_group depends_on"];

describe("going over from IRSA to Pod Identity and back", () => {
  test.each<[Identity, Identity, { created: string[]; destroyed: string[]; changed: string[] }]>([
    [
      "irsa",
      "both",
      { created: [...ASSOCIATIONS, ...AGENT], destroyed: [], changed: [...TRUST, ...EGRESS, ...NODES] },
    ],
    ["both", "pod-identity", { created: [], destroyed: [], changed: [...TRUST, ...ANNOTATIONS, ...EGRESS] }],
    ["pod-identity", "both", { created: [], destroyed: [], changed: [...TRUST, ...ANNOTATIONS, ...EGRESS] }],
    [
      "both",
      "irsa",
      { created: [], destroyed: [...ASSOCIATIONS, ...AGENT], changed: [...TRUST, ...EGRESS, ...NODES] },
    ],
  ])(
    "%s to %s makes and removes associations and the agent alone, and changes in place what it changes",
    (from, to, expected) => {
      const { created, destroyed, changed } = step(from, to);
      expect(created).toEqual([...expected.created].sort());
      expect(destroyed).toEqual([...expected.destroyed].sort());
      const places = changed.map(({ address, path }) => `${address} ${path}`);
      expect([...new Set(places)].sort()).toEqual([...expected.changed].sort());
      expect(changed.filter(({ fate }) => fate !== "in place")).toEqual([]);
    },
  );
});

describe("pods get out to where their credentials come from", () => {
  const STS = { ports: [{ protocol: "TCP", port: "443" }], to: [{ ip_block: { cidr: "0.0.0.0/0" } }] };
  const AGENT = {
    ports: [{ protocol: "TCP", port: "80" }],
    to: [{ ip_block: { cidr: "169.254.170.23/32" } }],
  };

  test.each<[Identity, unknown[]]>([
    ["irsa", [STS]],
    ["both", [STS, AGENT]],
    ["pod-identity", [AGENT]],
  ])("with %s, beside DNS and the database, and nowhere else", (identity, credentials) => {
    const policy = only(stackOf(stacks(identity), "company-access"), "kubernetes_network_policy_v1");
    expect(policy.spec).toMatchObject({ egress: [expect.anything(), expect.anything(), ...credentials] });
  });
});

test("access.md says by what pods take roles where that is not by IRSA alone", () => {
  const said = (identity: Identity) => {
    const environment = parse(`${FILE}cluster: { identity: ${identity} }\n`, "company.yaml");
    return /Pods of a ServiceAccount take[^.]*\./.exec(accessReport(accessPlan(environment), []))?.[0];
  };
  expect(said("irsa")).toBeUndefined();
  expect(said("both")).toBe(
    "Pods of a ServiceAccount take its IAM role by Pod Identity on the EKS cluster company, or by the token of their ServiceAccount (IRSA).",
  );
  expect(said("pod-identity")).toBe(
    "Pods of a ServiceAccount take its IAM role by Pod Identity on the EKS cluster company.",
  );
});

describe("on an EKS cluster that exists", () => {
  test.each([
    [CLUSTER, "both", { lookedUp: true, made: false, published: true, named: true }],
    [CLUSTER, "pod-identity", { lookedUp: false, made: false, published: false, named: false }],
    [OTHER_CLUSTER, "pod-identity", { lookedUp: false, made: true, published: true, named: false }],
  ] as const)(
    "%s with %s: an OIDC provider is there where a role is taken by it, and the agent is somebody else's",
    (cluster, identity, expected) => {
      const existing = cluster.replace(" }\n", `, identity: ${identity} }\n`);
      const all = synthApp(parse(mixYaml({ network: NETWORK, cluster: existing, database: "" })));
      const { data = {}, resource = {}, output = {} } = stackOf(all, "test-eks");
      const access = stackOf(all, "test-access");
      expect({
        lookedUp: "aws_iam_openid_connect_provider" in data,
        made: "aws_iam_openid_connect_provider" in resource,
        published: "oidc-provider-arn" in output,
        named: "oidc-provider-arn" in (access.locals ?? {}),
      }).toEqual(expected);
      expect(resource).not.toHaveProperty("aws_eks_addon");
      expect(only(access, "aws_eks_pod_identity_association")).toEqual({
        cluster_name: "platform",
        namespace: "shop",
        service_account: "orders-api",
        role_arn: expect.stringMatching(/^\$\{aws_iam_role\.service-orders-api_role\w*\.arn\}$/),
      });
    },
  );
});

describe("a ServiceAccount that is made elsewhere", () => {
  test.each<[Identity, boolean]>([
    ["irsa", true],
    ["both", true],
    ["pod-identity", false],
  ])("with %s needs an annotation: %s", (identity, needed) => {
    const environment = parse(`${FILE}cluster: { identity: ${identity} }\n`, "company.yaml");
    const report = accessReport(accessPlan(environment), []);
    expect("service-account-annotations" in (stackOf(stacks(identity), "company-access").output ?? {})).toBe(
      needed,
    );
    expect(report.includes("eks.amazonaws.com/role-arn")).toBe(needed);
  });
});

test("a service that is renamed keeps the association of its ServiceAccount, which is given the new role in place", () => {
  const file = `${MINIMAL}cluster: { identity: both }\n`;
  const renamed = file.replace("    orders-api:\n", "    order-service:\n      serviceAccount: orders-api\n");
  const [before, after] = [file, renamed].map((text) =>
    Object.entries(
      resources(stackOf(synthApp(parse(text)), "test-access"), "aws_eks_pod_identity_association"),
    ),
  );
  const [[address, body] = ["", {}]] = before ?? [];
  expect(after).toEqual([
    [address, { ...body, role_arn: expect.stringContaining("aws_iam_role.service-order-service_role") }],
  ]);
});
