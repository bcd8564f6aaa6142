import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { testUnless } from "../helpers/skip";
import { Deployed } from "./helpers/deployed";
import { KubernetesDeployment, writerOf } from "./helpers/kubernetes-deployment";
import { missing as missingTools, succeeded } from "./helpers/local-deployment";
import { providerMissing } from "./helpers/providers";

jest.setTimeout(600_000);
const missing = missingTools ?? providerMissing("hashicorp/kubernetes");

/** With the EKS cluster, a namespace of its own, and one that is everybody's. */
const dev = readFileSync(join(__dirname, "environment.yaml"), "utf8")
  .replace("deletionProtection: true", "deletionProtection: false")
  .replace("namespaces: { shop: {} }", "namespaces: { shop: {}, platform: { existing: true } }")
  .replace(
    "  people:\n",
    "    metrics:\n      namespace: platform\n      grants: { shop.orders: read-only }\n  people:\n",
  );
/** On that EKS cluster, with a database of its own: what can be called the same is. */
const blue = `name: blue
account: "123456789012"
region: eu-west-1
network:
  existing:
    vpcId: vpc-0123456789abcdef0
    privateSubnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    databaseSubnetIds: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
cluster:
  existing: { name: dev }
database:
  readers: 0
  deletionProtection: false
access:
  databases:
    shop: [orders]
  namespaces: { blue-shop: {}, platform: { existing: true } }
  services:
    orders-api:
      namespace: blue-shop
      grants: { shop.orders: read-write }
    blue-metrics:
      namespace: platform
      grants: { shop.orders: read-only }
`;

/** The Kubernetes objects of each, by path. */
const OBJECTS = {
  dev: [
    "platform/configmaps/dev-rds-ca",
    "platform/configmaps/metrics-database",
    "platform/serviceaccounts/metrics",
    "shop",
    "shop/configmaps/orders-api-database",
    "shop/configmaps/orders-migrations-database",
    "shop/configmaps/rds-ca",
    "shop/networkpolicies/default-deny",
    "shop/serviceaccounts/orders-api",
    "shop/serviceaccounts/orders-migrations",
  ],
  blue: [
    "blue-shop",
    "blue-shop/configmaps/orders-api-database",
    "blue-shop/configmaps/rds-ca",
    "blue-shop/networkpolicies/default-deny",
    "blue-shop/serviceaccounts/orders-api",
    "platform/configmaps/blue-metrics-database",
    "platform/configmaps/blue-rds-ca",
    "platform/serviceaccounts/blue-metrics",
  ],
};
/** The IAM roles of each. */
const ROLES = {
  dev: ["metrics", "on-call", "orders-api", "orders-migrations"].map((key) => `dev-db-${key}`),
  blue: ["blue-metrics", "orders-api"].map((key) => `blue-db-${key}`),
};

// Each test goes on where the one before it ended.
describe("two environments on one EKS cluster, each with a database of its own", () => {
  let local: KubernetesDeployment;
  let deployed: Deployed;
  beforeAll(async () => {
    if (missing) return;
    local = await KubernetesDeployment.start(["dev", "blue"]);
    deployed = new Deployed(local.moto.url);
    local.api.makeNamespace("platform");
    local.synth(dev, blue);
    for (const stack of ["dev-access", "blue-access"]) succeeded(await local.terraform.init(stack));
  });
  afterAll(async () => {
    deployed?.close();
    await local?.stop();
  });

  const databaseRoles = async () =>
    Object.fromEntries(Object.entries(await deployed.roles()).filter(([name]) => name.includes("-db-")));
  /** Everything there is, down to the versions of Kubernetes' objects, which any write changes. */
  const everything = async () => ({
    objects: Object.fromEntries(local.api.stored()),
    roles: await databaseRoles(),
  });
  /** Of all that, what is there when only one of them is; platform is nobody's of them. */
  const only = (environment: "dev" | "blue", { objects, roles }: Awaited<ReturnType<typeof everything>>) => ({
    objects: chosen(objects, ["platform", ...OBJECTS[environment]]),
    roles: chosen(roles, ROLES[environment]),
  });

  testUnless(
    missing,
    "are applied one after the other: nothing collides, and second plans of both are empty",
    async () => {
      await local.apply("dev");
      const before = await everything();
      expect(names(before)).toEqual(names({ objects: ["platform", ...OBJECTS.dev], roles: ROLES.dev }));
      await local.apply("blue");
      const after = await everything();
      expect(names(after)).toEqual(
        names({
          objects: ["platform", ...OBJECTS.dev, ...OBJECTS.blue],
          roles: [...ROLES.dev, ...ROLES.blue],
        }),
      );
      expect(only("dev", after)).toEqual(before);
      expect([await local.changes("dev"), await local.changes("blue")]).toEqual([{}, {}]);
    },
  );

  testUnless(missing, "give each service its own database and role, wherever it runs", () => {
    const given = (
      [
        ["shop", "orders-api"],
        ["platform", "metrics"],
        ["blue-shop", "orders-api"],
        ["platform", "blue-metrics"],
      ] as const
    ).map(([namespace, service]) => [
      local.api.stored().get(`${namespace}/configmaps/${service}-database`)?.data,
      local.api.stored().get(`${namespace}/serviceaccounts/${service}`)?.metadata.annotations,
    ]);
    const expected = ["dev-db-orders-api", "dev-db-metrics", "blue-db-orders-api", "blue-db-blue-metrics"];
    expect(given).toEqual(
      expected.map((role) => [
        expect.objectContaining({ PGHOST: writerOf(role.split("-db-")[0] ?? "").host }),
        { "eks.amazonaws.com/role-arn": `arn:aws:iam::123456789012:role/${role}` },
      ]),
    );
  });

  testUnless(missing, "lose nothing when the other is destroyed, whichever that is", async () => {
    const before = await everything();
    succeeded(await local.terraform.destroy("blue-access"));
    expect(await everything()).toEqual(only("dev", before));
    expect(await local.changes("dev")).toEqual({});

    await local.apply("blue");
    const again = await everything();
    succeeded(await local.terraform.destroy("dev-access"));
    expect(await everything()).toEqual(only("blue", again));
    expect(await local.changes("blue")).toEqual({});
  });
});

function chosen<Value>(all: Readonly<Record<string, Value>>, keys: readonly string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)));
}

/** Names alone, sorted. */
function names({ objects, roles }: { readonly objects: object; readonly roles: object }): string[][] {
  return [objects, roles].map((all) => (Array.isArray(all) ? [...all] : Object.keys(all)).sort());
}
