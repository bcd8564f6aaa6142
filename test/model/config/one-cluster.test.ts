import { expect, test } from "@jest/globals";
import { problemsBetween } from "../../../model/config/between";
import { MINIMAL, parse } from "../../helpers/environment";

interface Parts {
  readonly namespace?: string;
  readonly service?: string;
  readonly serviceAccount?: string;
  readonly cluster?: string;
  readonly identity?: string;
  readonly database?: string;
}

/** An environment on the EKS cluster `platform`, with a database server of its own unless that is said. */
function on(name: string, parts: Parts = {}, block = name.length) {
  const { namespace = "{}", service = "orders-api", serviceAccount, cluster = "name: platform" } = parts;
  const text = MINIMAL.replace("name: test", `name: ${name}`)
    .replace("shop: {}", `shop: ${namespace}`)
    .replace("orders-api:", `${service}:`)
    .replace("shop: [billing, orders]", `${parts.database ? name : "shop"}: [billing, orders]`)
    .replace("shop.orders:", `${parts.database ? name : "shop"}.orders:`)
    .replace("grants:", serviceAccount ? `serviceAccount: ${serviceAccount}\n      grants:` : "grants:");
  const made =
    name === "platform"
      ? ""
      : `cluster: { existing: { ${cluster} }, identity: ${parts.identity ?? "irsa"} }\n`;
  const database = parts.database ? `database: { existing: { ${parts.database} } }\n` : "";
  return parse(`${text}${made}${database}network: { cidr: 10.${block}.0.0/16 }\n`);
}

/** What is wrong between two of them: where in the second, and what. */
function between(first: ReturnType<typeof on>, second: ReturnType<typeof on>): string[] {
  return problemsBetween([{ file: "first.yaml", environment: first }], second).map(
    ({ path, message }) =>
      `${path.join(".")}: ${message.replace(" would be that of blue (first.yaml) as well", " twice")}`,
  );
}
const THEIRS = { namespace: "{ existing: true }" };

test("two environments make no namespace of one name in one EKS cluster", () => {
  expect(between(on("blue"), on("green", { service: "other" }))).toEqual([
    'access.namespaces.shop: the namespace "shop" twice, in the same EKS cluster; rename one, or call it { existing: true } in the file that does not make it',
  ]);
});

test("one may make a namespace and another call it existing, and both may, with services of other names", () => {
  expect(between(on("blue"), on("green", { ...THEIRS, service: "other" }))).toEqual([]);
  expect(between(on("blue", THEIRS), on("green", { ...THEIRS, service: "other" }))).toEqual([]);
  expect(between(on("platform"), on("green", { ...THEIRS, service: "other" }))).toEqual([]);
});

test("in a namespace that they share, no ServiceAccount and no ConfigMap is that of two", () => {
  expect(between(on("blue", THEIRS), on("green", THEIRS))).toEqual([
    'access.services.orders-api: the ServiceAccount "shop/orders-api" twice, in the same EKS cluster; rename one',
  ]);
  expect(between(on("blue", THEIRS), on("green", { ...THEIRS, serviceAccount: "other" }))).toEqual([
    'access.services.orders-api: the ConfigMap "shop/orders-api-database" twice, in the same EKS cluster; rename one',
  ]);
  // Whoever makes it, it carries one IAM role.
  const shared = { ...THEIRS, service: "other", serviceAccount: "{ existing: orders-api }" };
  expect(between(on("blue", THEIRS), on("green", shared))).toEqual([
    'access.services.other: the ServiceAccount "shop/orders-api" twice, in the same EKS cluster; rename one',
  ]);
});

test("on EKS clusters of their own nothing of that is shared", () => {
  expect(between(on("blue"), on("green", { cluster: "name: other" }))).toEqual([]);
});

test("an EKS cluster's OIDC provider is made once", () => {
  const creates = { cluster: "name: platform, createOidcProvider: true" };
  const green = { ...THEIRS, service: "other" };
  expect(between(on("blue", { ...THEIRS, ...creates }), on("green", { ...green, ...creates }))).toEqual([
    'cluster.existing.createOidcProvider: the OIDC provider "platform" twice, in the same account; leave createOidcProvider out in one',
  ]);
  expect(between(on("blue", { ...THEIRS, ...creates }), on("green", green))).toEqual([]);
  const [made] = between(on("platform"), on("green", { ...green, ...creates }));
  expect(made).toMatch(/^cluster\.existing\.createOidcProvider: the OIDC provider "platform"/);
});

test("who makes an EKS cluster installs the agent for whoever takes roles there by Pod Identity", () => {
  const maker = (cluster = "") => parse(`${MINIMAL.replace("name: test", "name: platform")}${cluster}`);
  const guest = on("blue", { ...THEIRS, service: "other", identity: "both" });
  const said =
    "pods of blue take roles by Pod Identity on the EKS cluster of platform, which does not install the agent that gives them credentials; add eks-pod-identity-agent to cluster.addons of platform";
  expect(between(maker(), guest)).toEqual([`cluster.identity: ${said}`]);
  expect(between(guest, maker())).toEqual([`name: ${said}`]);
  const installs = ["cluster: { addons: [eks-pod-identity-agent, vpc-cni] }", "cluster: { identity: both }"];
  for (const cluster of installs) expect(between(maker(`${cluster}\n`), guest)).toEqual([]);
  // In another region it is another EKS cluster.
  expect(between({ ...maker(), region: "eu-central-1" }, guest)).toEqual([]);
});

test("the way from an EKS cluster to a database is opened once", () => {
  const database = "cluster: orders";
  const green = { ...THEIRS, service: "other" };
  expect(between(on("blue", { database }), on("green", { ...green, database }))).toEqual([
    'database.existing: the security group rule "from platform to orders" twice, in the same pair of security groups; name another of either\'s security groups in one file, as securityGroupId',
  ]);
  const apart = `${database}, securityGroupId: sg-0123456789abcdef0`;
  expect(between(on("blue", { database }), on("green", { ...green, database: apart }))).toEqual([]);
  expect(between(on("blue", { database }), on("green", { ...green, database: "cluster: other" }))).toEqual(
    [],
  );
  const nodes = { ...green, database, cluster: "name: platform, securityGroupId: sg-0123456789abcdef0" };
  expect(between(on("blue", { database }), on("green", nodes))).toEqual([]);
  const own = { ...green, database: "cluster: platform" };
  expect(between(on("platform"), on("green", own)).join()).toContain('"from platform to platform"');
});
