import { CA_FILE } from "../../../model/access/connection";
import { CA_CONFIG_MAP } from "../../../model/access/namespace";
import type { Finding } from "../finding";
import type { StackJson } from "../sides/side";
import { at, type Block, isBlock } from "./resource-keys";
import { stackResources } from "./stack-resources";

/**
 * What the resources of an access stack have in common and the plan does not know. One that has another is no longer as
 * planned; that all have another than before is told here.
 */
export interface SharedFacts {
  /** Where pods may go, by NetworkPolicy. */
  readonly egress?: unknown;
  /** Certificates that pods verify the database by, and whatever else logs in. */
  readonly certificates?: unknown;
  /** Port of the database, as ConfigMaps have it, or SSM parameters. */
  readonly port?: unknown;
  /** Host of the readers, which services that connect to the writer have as well. */
  readonly readers?: unknown;
  /** Host of the proxy. */
  readonly proxy?: unknown;
  /** Host of the proxy before the readers, which services that go through the proxy to the writer have as well. */
  readonly proxyReaders?: unknown;
}

/** Reads them where they stand first. */
export function sharedFacts(stack: StackJson): SharedFacts {
  const blocks = stackResources(stack);
  const first = (type: string, path: string, isOne: (block: unknown) => boolean) =>
    at(blocks.find((each) => each.type === type && isOne(each.block))?.block, path);
  const isCa = (block: unknown) => String(at(block, "metadata.name")).endsWith(CA_CONFIG_MAP);
  const parameter = (name: string) =>
    first("aws_ssm_parameter", "insecure_value", (block) => String(at(block, "name")).endsWith(`/${name}`));
  const certificates = parameter(CA_FILE);
  return {
    egress: first("kubernetes_network_policy_v1", "spec.egress", () => true),
    certificates:
      first("kubernetes_config_map_v1", "data", isCa) ??
      (certificates === undefined ? undefined : { [CA_FILE]: certificates }),
    readers: at(stack, "locals.reader-endpoint"),
    proxy: at(stack, "locals.proxy-endpoint"),
    proxyReaders: at(stack, "locals.proxy-reader-endpoint"),
    port: portOf(blocks),
  };
}

/** The port of the database itself: the first of a ConfigMap or of SSM parameters that do not name the proxy, whose port the plan knows. */
function portOf(blocks: ReturnType<typeof stackResources>): unknown {
  const connections = blocks.flatMap(({ type, block }) =>
    type === "kubernetes_config_map_v1" ? [at(block, "data")] : [],
  );
  const parameters = new Map(
    blocks.flatMap(({ type, block }) =>
      type === "aws_ssm_parameter" ? [[String(at(block, "name")), at(block, "insecure_value")] as const] : [],
    ),
  );
  const below = [...parameters].flatMap(([name, PGPORT]) =>
    name.endsWith("/PGPORT") ? [{ PGPORT, PGHOST: parameters.get(name.replace(/PGPORT$/, "PGHOST")) }] : [],
  );
  const direct = [...connections, ...below].find(
    (each) => at(each, "PGPORT") !== undefined && !String(at(each, "PGHOST")).startsWith("${local.proxy-"),
  );
  return at(direct, "PGPORT");
}

/** What changes in them. Where one side has none of a kind, namespaces or services come or go, which the plans tell. */
export function compareSharedFacts(id: string, before: SharedFacts, after: SharedFacts): Finding[] {
  const changed = (name: keyof SharedFacts) =>
    before[name] !== undefined &&
    after[name] !== undefined &&
    JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  const content = (name: keyof SharedFacts) => [before[name], after[name]];
  return [
    ...(changed("egress") ? [egressFinding(id, before.egress, after.egress)] : []),
    ...(changed("certificates")
      ? [
          {
            kind: "encryption-weakened" as const,
            subject: id,
            text: `${id}: pods of every namespace verify the database by other certificates`,
            content: content("certificates"),
          },
        ]
      : []),
    ...(changed("port")
      ? [
          {
            kind: "connection-changed" as const,
            subject: id,
            text: `${id}: every service connects to port ${String(after.port)}, not ${String(before.port)}`,
            content: content("port"),
          },
        ]
      : []),
    ...readerFindings(id, before, after, "readers", "port", "connects to the writer"),
    ...readerFindings(id, before, after, "proxyReaders", "proxy", "goes through the proxy to the writer"),
  ];
}

/** Where there were none before, or are none any more: a service that connects to them is in the plans, too. */
function readerFindings(
  id: string,
  before: SharedFacts,
  after: SharedFacts,
  readers: "readers" | "proxyReaders",
  others: "port" | "proxy",
  which: string,
): Finding[] {
  const [was, is] = [before, after].map((facts) => facts[readers] !== undefined);
  if (was === is || before[others] === undefined || after[others] === undefined) return [];
  const text = `${id}: every service that ${which} ${is ? "is told the readers' host as well, PGHOST_READER" : "is no longer told of readers, PGHOST_READER"}`;
  return [{ kind: "connection-changed", subject: id, text }];
}

function egressFinding(id: string, before: unknown, after: unknown): Finding {
  const [was, is] = [destinations(before), destinations(after)];
  const gained = is.filter((each) => !was.includes(each));
  const lost = was.filter((each) => !is.includes(each));
  const says = [
    ...(gained.length > 0 ? [`may newly reach ${gained.join(", ")}`] : []),
    ...(lost.length > 0 ? [`may no longer reach ${lost.join(", ")}`] : []),
  ];
  return {
    kind: gained.length === 0 && lost.length > 0 ? "reach-narrowed" : "reach-widened",
    subject: id,
    text: `${id}: pods of every namespace with a NetworkPolicy ${says.join(", and ") || "are let out by other rules"}`,
    content: [before, after],
  };
}

/** Each place and port that rules let pods go to; what is not understood of a rule is all of it. */
function destinations(rules: unknown): string[] {
  if (!Array.isArray(rules)) return [JSON.stringify(rules)];
  return rules.flatMap((rule: unknown) => {
    const { ports = [{}], to = [{}], ...more }: Block = isBlock(rule) ? rule : { rule };
    if (!Array.isArray(ports) || !Array.isArray(to) || Object.keys(more).length > 0)
      return [JSON.stringify(rule)];
    return to.flatMap((place) => ports.map((port) => `${placeText(place)} at ${portText(port)}`));
  });
}

function placeText(place: unknown): string {
  const cidr = at(place, "ip_block.cidr");
  if (isBlock(place) && Object.keys(place).length === 0) return "anything";
  return JSON.stringify(place) === JSON.stringify({ ip_block: { cidr } })
    ? String(cidr)
    : JSON.stringify(place);
}

function portText(port: unknown): string {
  if (!isBlock(port)) return JSON.stringify(port);
  const { port: number, protocol, ...more } = port;
  if (Object.keys(more).length > 0) return JSON.stringify(port);
  return number === undefined ? "any port" : `${String(number)}/${String(protocol ?? "TCP")}`;
}
