import { describe, expect, test } from "@jest/globals";
import { addresses, stackOf, synthApp, texts } from "../helpers/app";
import { only, resources, type TerraformJson } from "../helpers/construct";
import { parse, testFile } from "../helpers/environment";

const dev = testFile("dev");
const synth = (text: string) => synthApp(parse(text));
const demo = (text: string) => stackOf(synth(text), "dev-demo");
const resourcesRead = (stack: TerraformJson) => stack.data?.aws_caller_identity ?? {};
const without = (key: string, text: string) => text.replace(new RegExp(`^${key}:\\n( .*\\n|\\n)*`, "m"), "");

describe("the demo stack", () => {
  const stacks = synth(dev);
  const stack = stackOf(stacks, "dev-demo");

  test("is there only when the environment file asks for it", () => {
    expect([...stacks.keys()]).toEqual(["dev-network", "dev-eks", "dev-database", "dev-access", "dev-demo"]);
    expect([...synth(without("demo", dev)).keys()]).toEqual([...stacks.keys()].slice(0, 4));
  });

  test("is nothing that another stack depends on, but for what it reads", () => {
    const others = synth(without("demo", dev));
    for (const [id, other] of others) {
      expect(addresses(other)).toEqual(addresses(stackOf(stacks, id)));
      const { output: _, "//": __, ...rest } = other;
      const { output: ___, "//": ____, ...before } = stackOf(stacks, id);
      expect(rest).toEqual(before);
    }
  });

  test("holds Kubernetes objects in one namespace, and nothing in AWS, whose account it checks all the same", () => {
    expect(Object.keys(resourcesRead(stack))).toEqual(["deployer"]);
    expect(addresses(stack).map((address) => address.replace(/\..*/, ""))).toEqual([
      "kubernetes_deployment_v1",
      "kubernetes_job_v1",
      "kubernetes_network_policy_v1",
      "kubernetes_pod_disruption_budget_v1",
      "kubernetes_service_v1",
    ]);
    const namespaces = texts(stack.resource).filter(({ path }) => path.endsWith("/metadata/namespace"));
    expect(namespaces).toHaveLength(5);
    for (const { text } of namespaces) expect(text).toMatch(/^\$\{local\.(web|migration)-namespace\}$/);
  });

  test("runs as two services, by names that come from the access stack's state and not from a guess", () => {
    expect(stack.locals).toMatchObject(
      Object.fromEntries(
        ["web", "migration"].flatMap((role) =>
          ["namespace", "service-account", "config-map"].map((name) => [
            `${role}-${name}`,
            expect.stringMatching(
              /^\$\{data\.terraform_remote_state\.cross-stack-reference-input-dev-access\./,
            ),
          ]),
        ),
      ),
    );
    const pods = (type: string, role: string) =>
      expect(only(stack, type)).toMatchObject({
        spec: {
          template: {
            spec: {
              service_account_name: `\${local.${role}-service-account}`,
              container: [{ env_from: [{ config_map_ref: { name: `\${local.${role}-config-map}` } }] }],
            },
          },
        },
      });
    pods("kubernetes_deployment_v1", "web");
    pods("kubernetes_job_v1", "migration");
    const locals = JSON.stringify(stack.locals);
    expect(locals).toMatch(/"web-service-account":"[^"]*_service-account-message-board_/);
    expect(locals).toMatch(/"migration-service-account":"[^"]*_service-account-message-board-migrations_/);
  });

  test("starts the web pods after the migration, and neither before its network policy", () => {
    const [policy] = Object.keys(resources(stack, "kubernetes_network_policy_v1"));
    const [job] = Object.keys(resources(stack, "kubernetes_job_v1"));
    expect(only(stack, "kubernetes_job_v1").depends_on).toEqual([`kubernetes_network_policy_v1.${policy}`]);
    expect(only(stack, "kubernetes_deployment_v1").depends_on).toEqual([
      `kubernetes_network_policy_v1.${policy}`,
      `kubernetes_job_v1.${job}`,
    ]);
  });

  test("tells where the board is", () => {
    expect(Object.keys(stack.output ?? {})).toEqual(["port-forward-command", "url"]);
    expect(stack.output?.url).toEqual({
      description: "Address of the message board; it answers the VPC",
      value: expect.stringMatching(/^http:\/\/\$\{kubernetes_service_v1\.[\w.[\]]+\.hostname\}$/),
    });
  });
});

test("the board answers to its load balancer's and its Service's names, and to those that the file says", () => {
  const hosts = (text: string) =>
    texts(only(demo(text), "kubernetes_deployment_v1"))
      .filter(({ path }) => path.endsWith("/env/0/value"))
      .map(({ text: value }) => value.split(","));
  const own = [
    expect.stringMatching(/^\$\{kubernetes_service_v1\.[\w.[\]]+\.hostname\}$/),
    ...["", ".ns", ".ns.svc", ".ns.svc.cluster.local"].map((end) =>
      expect.stringMatching(
        new RegExp(
          `\\.name\\}${end.replace(".ns", "\\.\\$\\{local\\.web-namespace\\}").replaceAll(".svc", "\\.svc")}$`,
        ),
      ),
    ),
  ];
  expect(hosts(dev)).toEqual([own]);
  expect(hosts(dev.replace("demo:\n", "demo:\n  hostNames: [board.example.com]\n"))).toEqual([
    [...own, "board.example.com"],
  ]);
});

describe("the demo's network policy", () => {
  const egress = (text: string) =>
    texts(only(demo(text), "kubernetes_network_policy_v1"))
      .filter(({ path }) => path.endsWith("ip_block/cidr"))
      .map(({ text: cidr }) => cidr);

  test("reaches STS anywhere, or in the VPC where it has an endpoint", () => {
    const endpoints = (list: string) =>
      dev.replace("  natGateways:", `  interfaceEndpoints: [${list}]\n  natGateways:`);
    // Of two zones, the database's subnets.
    const database = ["10.40.24.0/21", "10.40.56.0/21"];
    expect(egress(dev)).toEqual([...database, "0.0.0.0/0"]);
    expect(egress(endpoints("logs"))).toEqual([...database, "0.0.0.0/0"]);
    expect(egress(endpoints("sts"))).toEqual([...database, "10.40.0.0/16"]);
  });

  test("does not guess where the database is in a VPC that exists already", () => {
    const existing = `network: { existing: { vpcId: vpc-0123456789abcdef0, privateSubnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], databaseSubnetIds: [subnet-0123456789abcdef2, subnet-0123456789abcdef3] } }\n`;
    expect(egress(`${existing}${without("network", dev)}`)).toEqual(["0.0.0.0/0", "0.0.0.0/0"]);
  });
});

test("another image changes the pods and the Job, and nothing else", () => {
  const flat = (text: string) => new Map(texts(demo(text)).map(({ path, text: value }) => [path, value]));
  const before = flat(dev);
  const changed = [...flat(dev.replace("message-board:1.0.0", "message-board:1.0.1"))]
    .filter(([path, value]) => before.get(path) !== value)
    .map(([path]) => path.replace(/_[0-9A-F]{8}/, ""));
  expect(changed.sort()).toEqual([
    "resource/kubernetes_deployment_v1/web_deployment/spec/template/spec/container/0/image",
    "resource/kubernetes_job_v1/migration_job/metadata/name",
    "resource/kubernetes_job_v1/migration_job/spec/template/spec/container/0/image",
  ]);
});

test("the order of blocks and keys changes no byte", () => {
  const at = (keys: string) => `${without("demo", dev)}\ndemo: { ${keys} }\n`;
  const image = "image: x:1";
  const services = "service: message-board, migrations: message-board-migrations";
  const one = `${image}, ${services}, publicAccessCidrs: [203.0.113.0/24]`;
  const other = `publicAccessCidrs: [203.0.113.0/24], ${services}, ${image}`;
  const bytes = (text: string) => JSON.stringify(demo(text));
  expect(bytes(at(one))).toBe(bytes(at(other)));
});
