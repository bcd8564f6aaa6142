import { describe, expect, test } from "@jest/globals";
import { addresses, stackOf, synthApp } from "../helpers/app";
import { MINIMAL, parse } from "../helpers/environment";
import { NETWORK } from "./existing-mixes";
import { withDatabase } from "./proxied";

// biome-ignore lint/suspicious/noExplicitAny: a resource of whatever shape
type Anything = any;

const synth = (text: string) => {
  const stacks = synthApp(parse(text));
  return { stacks, access: stackOf(stacks, "test-access"), database: stackOf(stacks, "test-database") };
};
const all = (stack: Anything, type: string): Anything[] => Object.values(stack.resource?.[type] ?? {});

const [PROXY, PROXY_READERS] = ["${local.proxy-endpoint}", "${local.proxy-reader-endpoint}"];
const [WRITER, READERS] = ["${local.writer-endpoint}", "${local.reader-endpoint}"];

/** PGHOST, PGHOST_READER and PGPORT of each service: of those on EKS by ConfigMap, of others by SSM parameters. */
function connections(access: Anything): Record<string, unknown[]> {
  const maps = all(access, "kubernetes_config_map_v1")
    .filter(({ data }) => data.PGHOST !== undefined)
    .map(({ metadata, data }) => [metadata.name, [data.PGHOST, data.PGHOST_READER, data.PGPORT]]);
  const parameters = new Map(
    all(access, "aws_ssm_parameter").map(({ name, insecure_value }) => [name, insecure_value]),
  );
  const of = (name: string) => parameters.get(`/test/database/invoices/${name}`);
  return Object.fromEntries([...maps, ["invoices", ["PGHOST", "PGHOST_READER", "PGPORT"].map(of)]]);
}

/** What each IAM role may connect to, as `<resource id>/<database user>`. */
function mayConnect(access: Anything): Record<string, string[]> {
  const roles = new Map(
    Object.entries<Anything>(access.resource.aws_iam_role).map(([id, { name }]) => [
      `\${aws_iam_role.${id}.name}`,
      name,
    ]),
  );
  return Object.fromEntries(
    all(access, "aws_iam_role_policy")
      .filter(({ name }) => name === "connect")
      .map(({ role, policy }) => [
        roles.get(role) ?? role,
        JSON.parse(policy)
          .Statement.flatMap(({ Resource }: Anything) => [Resource].flat())
          .map((arn: string) => arn.replace(/^.*:dbuser:/, "")),
      ]),
  );
}

const [CLUSTER_ID, PROXY_ID] = ["${local.database-resource-id}", "${local.proxy-resource-id}"];

describe("with a proxy that does not lead to the readers", () => {
  const { access, database } = synth(withDatabase("{ proxy: {} }"));

  test("services connect through it; readers are reached as before; owners and who says so connect as before", () => {
    expect(connections(access)).toEqual({
      "orders-api-database": [PROXY, READERS, "5432"],
      "orders-migrations-database": [WRITER, READERS, "5432"],
      "reporting-database": [READERS, undefined, "5432"],
      "queue-database": [WRITER, READERS, "5432"],
      invoices: [PROXY, READERS, "5432"],
    });
  });

  test("an IAM role may connect to what its identity connects to, and the proxy's as exactly those who go through it", () => {
    expect(mayConnect(access)).toEqual({
      "test-db-orders-api": [`${PROXY_ID}/orders_api`, `${CLUSTER_ID}/orders_api`],
      "test-db-orders-migrations": [`${CLUSTER_ID}/orders_migrations`],
      "test-db-reporting": [`${CLUSTER_ID}/reporting`],
      "test-db-queue": [`${CLUSTER_ID}/queue`],
      "test-db-invoices": [`${PROXY_ID}/invoices`, `${CLUSTER_ID}/invoices`],
      "test-db-on-call": [`${CLUSTER_ID}/on_call`],
      "test-database-proxy": [`${CLUSTER_ID}/invoices`, `${CLUSTER_ID}/orders_api`],
    });
  });

  test("the proxy has no endpoint for readers", () => {
    expect(all(database, "aws_db_proxy_endpoint")).toEqual([]);
    expect(Object.keys(database.output ?? {})).not.toContain("proxy-reader-endpoint");
  });

  test("it waits for the instances of the cluster", () => {
    const [target] = all(database, "aws_db_proxy_target");
    expect(target.db_cluster_identifier).toBe("test");
    expect(target.depends_on).toEqual([
      expect.stringMatching(/^aws_rds_cluster_instance\..*instance-1/),
      expect.stringMatching(/^aws_rds_cluster_instance\..*instance-2/),
    ]);
  });

  test("no resource of the access stack names a secret of a database user", () => {
    expect(JSON.stringify(all(access, "aws_iam_role_policy"))).not.toContain("secretsmanager");
  });
});

describe("with a proxy that leads to the readers", () => {
  const { access, database } = synth(withDatabase("{ readers: 2, proxy: { readerEndpoint: true } }"));

  test("services reach both through it, and may connect to it alone", () => {
    expect(connections(access)).toMatchObject({
      "orders-api-database": [PROXY, PROXY_READERS, "5432"],
      "reporting-database": [PROXY_READERS, undefined, "5432"],
      "queue-database": [WRITER, READERS, "5432"],
      invoices: [PROXY, PROXY_READERS, "5432"],
    });
    expect(mayConnect(access)).toMatchObject({
      "test-db-orders-api": [`${PROXY_ID}/orders_api`],
      "test-db-reporting": [`${PROXY_ID}/reporting`],
      "test-db-invoices": [`${PROXY_ID}/invoices`],
      "test-database-proxy": [
        `${CLUSTER_ID}/invoices`,
        `${CLUSTER_ID}/orders_api`,
        `${CLUSTER_ID}/reporting`,
      ],
    });
  });

  test("its hosts and id are published", () => {
    expect(database.output).toMatchObject({
      "proxy-endpoint": { value: expect.stringMatching(/^\$\{aws_db_proxy\..*\.endpoint\}$/) },
      "proxy-reader-endpoint": {
        value: expect.stringMatching(/^\$\{aws_db_proxy_endpoint\..*\.endpoint\}$/),
      },
      "proxy-resource-id": { value: expect.any(String) },
    });
  });
});

describe("the proxy's security group", () => {
  const { access, database } = synth(withDatabase("{ proxy: {} }"));
  const groups = Object.entries<Anything>(database.resource?.aws_security_group ?? {});
  const [id] = groups.find(([, { name }]) => name === "test-database-proxy") ?? [];
  const rules = (stack: Anything, type: string) => all(stack, `aws_vpc_security_group_${type}_rule`);

  test("is reached from the EKS cluster and by clients outside of it, on PostgreSQL's port alone", () => {
    const own = Object.entries<Anything>(database.output ?? {}).find(
      ([, { value }]) => value === `\${aws_security_group.${id}.id}`,
    );
    const into = rules(access, "ingress").filter(({ security_group_id }) =>
      security_group_id.endsWith(`outputs.${own?.[0]}}`),
    );
    expect(into.map(({ description }) => description).sort()).toEqual([
      "PostgreSQL from clients outside of the EKS cluster",
      "PostgreSQL from the EKS cluster",
    ]);
    for (const rule of into) {
      expect(rule).toMatchObject({ ip_protocol: "tcp", from_port: 5432, to_port: 5432 });
      expect(rule).not.toHaveProperty("cidr_ipv4");
    }
    expect(
      rules(access, "egress")
        .map(({ description }) => description)
        .sort(),
    ).toEqual(["PostgreSQL to the database", "PostgreSQL to the proxy"]);
  });

  test("lets the proxy reach the database, and nothing else", () => {
    const out = rules(database, "egress").filter(
      ({ security_group_id }) => security_group_id === `\${aws_security_group.${id}.id}`,
    );
    expect(out).toHaveLength(1);
    expect(out[0]).toHaveProperty("referenced_security_group_id");
  });
});

describe("before a database that exists already", () => {
  test("the proxy has PostgreSQL's own port, whatever the database's, and pods may reach both", () => {
    const { access, database } = synth(
      withDatabase("{ existing: { instance: shop, port: 6543 }, proxy: {} }", NETWORK).replace(
        / {4}reporting:\n(.*\n){3}/,
        "",
      ),
    );
    const [target] = all(database, "aws_db_proxy_target");
    expect(target).toMatchObject({ db_instance_identifier: "shop" });
    expect(target).not.toHaveProperty("depends_on");
    expect(connections(access)).toEqual({
      "orders-api-database": [PROXY, undefined, "5432"],
      "orders-migrations-database": [WRITER, undefined, "6543"],
      "queue-database": [WRITER, undefined, "6543"],
      invoices: [PROXY, undefined, "5432"],
    });
    const [policy] = all(access, "kubernetes_network_policy_v1");
    expect(policy.spec.egress[1].ports).toEqual([
      { protocol: "TCP", port: "6543" },
      { protocol: "TCP", port: "5432" },
    ]);
    expect(
      all(access, "aws_vpc_security_group_egress_rule")
        .map(({ to_port }) => to_port)
        .sort(),
    ).toEqual([5432, 6543]);
    expect(all(database, "aws_vpc_security_group_egress_rule").map(({ to_port }) => to_port)).toEqual([6543]);
  });

  test("readers on another port than the proxy's are not told of, and not allowed", () => {
    const { access } = synth(withDatabase("{ existing: { cluster: shop, port: 6543 }, proxy: {} }", NETWORK));
    expect(connections(access)["orders-api-database"]).toEqual([PROXY, undefined, "5432"]);
    expect(mayConnect(access)["test-db-orders-api"]).toEqual([`${PROXY_ID}/orders_api`]);
  });
});

describe("without a proxy", () => {
  test("nothing of it is there, and the provider may be as old as before", () => {
    const { stacks, access } = synth(withDatabase("{ readers: 1 }").replace("      proxy: false\n", ""));
    for (const stack of stacks.values()) {
      const json: Anything = stack;
      // kube-proxy is an add-on of EKS.
      expect(addresses(stack).join().replaceAll("kube-proxy", "")).not.toContain("proxy");
      expect(json.terraform.required_providers.aws.version).toBe(">= 5.100.0, < 7.0.0");
    }
    expect(JSON.stringify(access)).not.toContain("proxy");
  });
});

test("every stack of an environment with a proxy asks for the provider that has proxies with IAM, and no other environment's", () => {
  const other = MINIMAL.replace("name: test", "name: other");
  const apart = `${other}network: { cidr: 10.99.0.0/16 }\n`;
  const stacks = synthApp(parse(withDatabase("{ proxy: {} }")), parse(apart));
  for (const [id, stack] of stacks) {
    const json: Anything = stack;
    const oldest = id.startsWith("test-") ? "6.15.0" : "5.100.0";
    expect([id, json.terraform.required_providers.aws]).toEqual([
      id,
      { source: "hashicorp/aws", version: `>= ${oldest}, < 7.0.0` },
    ]);
  }
});

test("a proxy through which nobody goes may connect as nobody", () => {
  const nobody = MINIMAL.replace("namespace: shop\n", "namespace: shop\n      proxy: false\n");
  const { access, database } = synth(`${nobody}database: { proxy: {} }\n`);
  expect(Object.keys(database.resource ?? {})).toContain("aws_db_proxy");
  expect(all(access, "aws_iam_role_policy").map(({ role }) => role)).not.toContain("test-database-proxy");
});
