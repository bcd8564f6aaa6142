import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { createAuthority } from "../../lib/certificates";
import { CA_FILE, connectionVariables } from "../../model/access/connection";
import { CA_CONFIG_MAP } from "../../model/access/namespace";
import { accessPlan } from "../../model/access/plan";
import { declared, parse } from "../helpers/environment";
import { testUnless } from "../helpers/skip";
import { base64, KubernetesDeployment, TOKEN, writerOf } from "./helpers/kubernetes-deployment";
import { missing as missingTools, succeeded } from "./helpers/local-deployment";
import { providerMissing } from "./helpers/providers";
import { filesWith } from "./helpers/written-down";

jest.setTimeout(300_000);
const missing = missingTools ?? providerMissing("hashicorp/kubernetes");
const STACK = "dev-access";
const yaml = readFileSync(join(__dirname, "environment.yaml"), "utf8").replace(
  "deletionProtection: true",
  "deletionProtection: false",
);
const WITH_INVOICES = declared(
  yaml.replace(
    "  people:\n",
    "    invoices:\n      namespace: finance\n      grants: { shop.billing: read-write }\n  people:\n",
  ),
);

const RENAMED = yaml.replace("    orders-api:\n", "    order-service:\n      serviceAccount: orders-api\n");

/** The database's subnets in the two zones of the file. */
const DATABASE_CIDRS = ["10.40.24.0/21", "10.40.56.0/21"];

/** Labels by which Kubernetes holds pods to a standard. */
const podSecurity = (level: string) =>
  Object.fromEntries(
    ["enforce", "warn", "audit"].map((mode) => [`pod-security.kubernetes.io/${mode}`, level]),
  );

/** A list without a rule is the same as none: the provider sends one in place of rules that it takes out. */
const rules = (spec: unknown) =>
  typeof spec === "object" && spec !== null
    ? Object.fromEntries(Object.entries(spec).filter(([, value]) => String(value) !== ""))
    : spec;

/** Where pods may go: DNS, the subnets of the database, STS. */
const EGRESS = [
  {
    ports: [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  },
  {
    ports: [{ protocol: "TCP", port: 5432 }],
    to: DATABASE_CIDRS.map((cidr) => ({ ipBlock: { cidr } })),
  },
  { ports: [{ protocol: "TCP", port: 443 }], to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] },
];

/** What the API must hold of an environment file, by path. */
function expected(text: string): Record<string, object> {
  const environment = parse(text);
  const plan = accessPlan(environment);
  return Object.fromEntries(
    plan.identities.flatMap((identity): [string, object][] => {
      if (identity.kind !== "service") return [];
      const { namespace, serviceAccount, configMap } = identity;
      const role = `arn:aws:iam::123456789012:role/${identity.iamRole}`;
      return [
        [
          namespace,
          { labels: { "kubernetes.io/metadata.name": namespace, ...podSecurity("restricted") }, spec: {} },
        ],
        [
          `${namespace}/networkpolicies/default-deny`,
          { spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], egress: EGRESS } },
        ],
        [
          `${namespace}/configmaps/${CA_CONFIG_MAP}`,
          { data: { [CA_FILE]: environment.database.caBundle }, immutable: false },
        ],
        [
          `${namespace}/configmaps/${configMap}`,
          { data: connectionVariables(plan, identity, { writer: writerOf("dev") }), immutable: false },
        ],
        [
          `${namespace}/serviceaccounts/${serviceAccount}`,
          { annotations: { "eks.amazonaws.com/role-arn": role }, automountServiceAccountToken: false },
        ],
      ];
    }),
  );
}

// One access stack's Kubernetes part and the IAM roles it names, deployed, changed and destroyed: each test goes on where
// the one before it ended. Of the producers' stacks there are only outputs; apply.test.ts deploys these.
describe("the access stack, applied to a Kubernetes API through the tunnel's proxy", () => {
  let local: KubernetesDeployment;
  beforeAll(async () => {
    if (missing) return;
    local = await KubernetesDeployment.start(["dev"]);
    local.synth(yaml);
    succeeded(await local.terraform.init(STACK));
  });
  afterAll(() => local?.stop());

  const changes = () => local.changes("dev");
  const apply = (text: string) => {
    local.synth(text);
    return local.apply("dev");
  };
  /** Everything in the API by path, as {@link expected} has it. */
  const stored = () =>
    Object.fromEntries(
      [...local.api.stored()].map(
        ([path, { data, immutable, automountServiceAccountToken, metadata, spec }]) => {
          const { labels, annotations } = metadata;
          return [
            path,
            { labels, annotations, data, immutable, automountServiceAccountToken, spec: rules(spec) },
          ];
        },
      ),
    );

  testUnless(missing, "an API with a certificate of another authority is refused", async () => {
    const { certificate } = await createAuthority();
    local.writeOutputs("dev", { certificate_authority0data: base64(certificate) });
    const { status, text } = await local.terraform.apply(STACK);
    expect([status, text]).toEqual([1, expect.stringContaining("certificate signed by unknown authority")]);
    expect(stored()).toEqual({});
  });

  testUnless(missing, "the API takes no other token than what `aws eks get-token` gives", async () => {
    local.synth(yaml);
    local.answerToken("k8s-aws-v1.of-somebody-else");
    const { status, text } = await local.terraform.apply(STACK);
    expect([status, text]).toEqual([1, expect.stringContaining("Unauthorized")]);
    expect(stored()).toEqual({});
    local.answerToken(TOKEN);
  });

  testUnless(
    missing,
    "namespaces, ServiceAccounts and ConfigMaps are what the access plan says, and a second plan is empty",
    async () => {
      await apply(yaml);
      expect(stored()).toEqual(expected(yaml));
      expect(await changes()).toEqual({});
    },
  );

  testUnless(missing, "the token for the API is in no state, plan or other file", () => {
    expect(filesWith(local.terraform.folder, TOKEN)).toEqual([]);
    expect(filesWith(local.terraform.folder, "orders-api-database")).toContain(`terraform.${STACK}.tfstate`);
  });

  testUnless(
    missing,
    "a label, role or variable that somebody changed by hand shows in the plan, and is put back",
    async () => {
      local.api.edit("shop", [
        { op: "add", path: "/metadata/labels/team", value: "somebody's" },
        { op: "replace", path: "/metadata/labels/pod-security.kubernetes.io~1enforce", value: "privileged" },
      ]);
      local.api.edit("shop/networkpolicies/default-deny", [
        { op: "add", path: "/spec/egress", value: [{}] },
        { op: "add", path: "/spec/ingress", value: [{}] },
      ]);
      local.api.edit("shop/serviceaccounts/orders-api", [
        { op: "replace", path: "/metadata/annotations/eks.amazonaws.com~1role-arn", value: "another" },
        { op: "replace", path: "/automountServiceAccountToken", value: true },
      ]);
      local.api.edit("shop/configmaps/orders-api-database", [
        { op: "replace", path: "/data/PGSSLMODE", value: "require" },
        { op: "add", path: "/data/PGPASSWORD", value: "secret" },
      ]);
      expect(await apply(yaml)).toEqual({
        "kubernetes_config_map_v1.namespace-shop_config-map-orders-api-database": {
          action: "update",
          attributes: ["data"],
        },
        "kubernetes_namespace_v1.namespace-shop_namespace": { action: "update", attributes: ["metadata"] },
        "kubernetes_network_policy_v1.namespace-shop_network-policy": {
          action: "update",
          attributes: ["spec"],
        },
        "kubernetes_service_account_v1.namespace-shop_service-account-orders-api": {
          action: "update",
          attributes: ["automount_service_account_token", "metadata"],
        },
      });
      expect(stored()).toEqual(expected(yaml));
    },
  );

  testUnless(missing, "what somebody deleted by hand is made again, and nothing else", async () => {
    local.api.delete("shop/configmaps/rds-ca");
    expect(await apply(yaml)).toEqual({
      "kubernetes_config_map_v1.namespace-shop_ca": { action: "create", attributes: [] },
    });
    expect(stored()).toEqual(expected(yaml));
  });

  testUnless(
    missing,
    "what a file allows a namespace's pods changes its labels and its policy only",
    async () => {
      const open = yaml.replace(" shop: {}", " shop: { podSecurity: baseline, networkPolicy: none }");
      expect(await apply(open)).toEqual({
        "kubernetes_namespace_v1.namespace-shop_namespace": { action: "update", attributes: ["metadata"] },
        "kubernetes_network_policy_v1.namespace-shop_network-policy": { action: "delete", attributes: [] },
      });
      expect(stored()).toMatchObject({ shop: { labels: podSecurity("baseline") } });
      expect(stored()).not.toHaveProperty(["shop/networkpolicies/default-deny"]);
      await apply(yaml);
      expect(stored()).toEqual(expected(yaml));
    },
  );

  testUnless(missing, "a new service adds its own objects only, and takes them away again", async () => {
    const before = local.api.stored();
    const own = [
      "aws_iam_role.service-invoices_role",
      "aws_iam_role_policy.service-invoices_connect",
      "kubernetes_config_map_v1.namespace-finance_ca",
      "kubernetes_config_map_v1.namespace-finance_config-map-invoices-database",
      "kubernetes_namespace_v1.namespace-finance_namespace",
      "kubernetes_network_policy_v1.namespace-finance_network-policy",
      "kubernetes_service_account_v1.namespace-finance_service-account-invoices",
      'terraform_data.protected["namespace finance"]',
    ];
    const all = (action: string) =>
      Object.fromEntries(own.map((address) => [address, { action, attributes: [] }]));
    expect(await apply(WITH_INVOICES)).toEqual(all("create"));
    expect(stored()).toEqual(expected(WITH_INVOICES));
    expect(await apply(yaml)).toEqual(all("delete"));
    // Down to their versions: nobody wrote to the other objects.
    expect(local.api.stored()).toEqual(before);
  });

  testUnless(
    missing,
    "a service that is renamed keeps its ServiceAccount, which is changed in place and is at no time missing",
    async () => {
      const path = "shop/serviceaccounts/orders-api";
      local.synth(RENAMED);
      const changed = await changes();
      expect(changed["kubernetes_service_account_v1.namespace-shop_service-account-orders-api"]).toEqual({
        action: "update",
        attributes: ["metadata"],
      });
      const uid = () => local.api.stored().get(path)?.metadata.uid;
      const before = uid();
      succeeded(await local.terraform.apply(STACK, "plan"));
      expect(stored()).toEqual(expected(RENAMED));
      expect(await changes()).toEqual({});
      // Had it been made anew, it would be another object under the same name.
      expect(uid()).toBe(before);
      await apply(yaml);
      expect(stored()).toEqual(expected(yaml));
    },
  );

  testUnless(
    missing,
    "a namespace that becomes somebody else's loses nothing of what is in it, with deletion protection on",
    async () => {
      const kept = yaml.replace("deletionProtection: false", "deletionProtection: true");
      await apply(kept);
      const before = local.api.stored();
      const theirs = kept.replace(" shop: {}", " shop: { existing: true }");
      const forgotten = { action: "forget", attributes: [] };
      expect(await apply(theirs)).toEqual({
        "kubernetes_config_map_v1.namespace-shop_ca": forgotten,
        "kubernetes_config_map_v1.namespace-shop_environment-ca": { action: "create", attributes: [] },
        "kubernetes_namespace_v1.namespace-shop_namespace": forgotten,
        "kubernetes_network_policy_v1.namespace-shop_network-policy": forgotten,
        'terraform_data.let-go["namespace shop"]': { action: "update", attributes: ["input", "output"] },
      });
      const { "shop/configmaps/dev-rds-ca": certificates, ...others } = Object.fromEntries(
        local.api.stored(),
      );
      expect(others).toEqual(Object.fromEntries(before));
      expect(certificates?.data).toEqual(before.get("shop/configmaps/rds-ca")?.data);
      expect(await changes()).toEqual({});
      // A ServiceAccount that a chart makes from now on is let go in the same way.
      const chart = "    orders-api:\n      serviceAccount: { existing: orders-api }\n";
      expect(await apply(theirs.replace("    orders-api:\n", chart))).toEqual({
        "kubernetes_service_account_v1.namespace-shop_service-account-orders-api": forgotten,
      });
      expect(local.api.stored().get("shop/serviceaccounts/orders-api")).toEqual(
        before.get("shop/serviceaccounts/orders-api"),
      );
    },
  );

  testUnless(missing, "destroying leaves what is somebody else's, and nothing of its own", async () => {
    await apply(
      yaml
        .replace(" shop: {}", " shop: { existing: true }")
        .replace("    orders-api:\n", "    orders-api:\n      serviceAccount: { existing: orders-api }\n"),
    );
    succeeded(await local.terraform.destroy(STACK));
    expect(Object.keys(stored()).sort()).toEqual([
      "shop",
      "shop/configmaps/rds-ca",
      "shop/networkpolicies/default-deny",
      "shop/serviceaccounts/orders-api",
    ]);
  });
});
