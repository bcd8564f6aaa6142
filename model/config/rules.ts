import { quote, suggestion } from "../../lib/nearest";
import { precedesNodes } from "../aws/addons";
import { architectureProblem } from "../aws/architecture";
import { partitionOf, zonesOf } from "../aws/regions";
import { vpcCidrProblem } from "../aws/subnets";
import { accessProblems } from "./access-rules";
import { demoProblems } from "./demo-rules";
import {
  existingAdminProblems,
  existingIdentifierProblems,
  existingSubnetProblems,
  hasBastion,
} from "./existing-rules";
import type { Problem } from "./problem";
import type { EnvironmentFile } from "./schema";

/** Tags the stacks set themselves. IAM compares tag keys without regard to case, so ours must not come twice. */
const OWN_TAGS = ["environment", "managed-by", "name", "stack"];

/** A rule that involves more than one value, and the parts of the file it reads. */
interface Rule {
  readonly reads: readonly string[];
  readonly check: (file: EnvironmentFile) => Problem[];
}

const RULES: readonly Rule[] = [
  { reads: ["tags"], check: tagProblems },
  { reads: ["region", "network", "database.bastion"], check: networkProblems },
  { reads: ["network.existing"], check: existingSubnetProblems },
  { reads: ["database.existing"], check: existingIdentifierProblems },
  { reads: ["database.existing", "access"], check: existingAdminProblems },
  { reads: ["cluster"], check: clusterProblems },
  { reads: ["database.capacity"], check: capacityProblems },
  { reads: ["account", "region"], check: arnProblems },
  { reads: ["access.databases"], check: ({ name, access }) => accessProblems(name, access) },
  { reads: ["access", "demo"], check: demoProblems },
];

/**
 * Everything wrong between the values of a file.
 * @param unread paths the schema refused, joined by dots: rules that would read them are left out, since what they
 * said would only be a consequence
 */
export function ruleProblems(file: EnvironmentFile, unread: readonly string[] = []): Problem[] {
  const touches = (path: string, part: string) =>
    `${path}.`.startsWith(`${part}.`) || `${part}.`.startsWith(`${path}.`);
  return RULES.filter(
    ({ reads }) => !reads.some((part) => unread.some((path) => touches(path, part))),
  ).flatMap(({ check }) => check(file));
}

/** The zones of a file by name, sorted. */
export function zoneNames({ region, network }: EnvironmentFile): string[] {
  const chosen = network.availabilityZones;
  if (Array.isArray(chosen)) return [...chosen].sort();
  return zonesOf(region)
    .slice(0, chosen ?? 3)
    .sort();
}

function tagProblems({ tags }: EnvironmentFile): Problem[] {
  const seen = new Set(OWN_TAGS);
  return Object.keys(tags).flatMap((key) => {
    const lower = key.toLowerCase();
    const message = OWN_TAGS.includes(lower)
      ? `the tag ${quote(key)} is set by the project; choose another key`
      : `the tag ${quote(key)} differs from another only in case, which IAM refuses; remove one`;
    const taken = seen.has(lower);
    seen.add(lower);
    return taken ? [{ path: ["tags", key], onKey: true, message }] : [];
  });
}

function networkProblems(file: EnvironmentFile): Problem[] {
  const { region, network, database } = file;
  // The other keys are refused beside it, so what they say together is of no interest.
  if (network.existing) return [];
  const problems: Problem[] = [];
  const at = (key: string, message: string) => problems.push({ path: ["network", key], message });
  const chosen = network.availabilityZones;
  const known = zonesOf(region);
  if (Array.isArray(chosen)) {
    chosen.forEach((zone, index) => {
      const path = ["network", "availabilityZones", index];
      if (!/^[a-h]$/.test(zone.replace(region, ""))) {
        problems.push({
          path,
          message: `${quote(zone)} is not a zone of ${region}.${suggestion(zone, known)}`,
        });
      } else if (chosen.indexOf(zone) < index) {
        problems.push({ path, message: `the zone ${quote(zone)} is listed twice; remove one` });
      }
    });
  } else if (chosen !== undefined && chosen > known.length) {
    at(
      "availabilityZones",
      `${region} has ${known.length} zones that fit (${known.join(", ")}), got: ${chosen}`,
    );
  }
  if (problems.length === 0) {
    const problem = vpcCidrProblem(network.cidr, zoneNames(file));
    if (problem) at("cidr", problem);
  }
  // Their names in Terraform have no dots.
  const endpointNames = network.interfaceEndpoints.map((service) => service.replaceAll(".", "-"));
  network.interfaceEndpoints.forEach((service, index) => {
    if (endpointNames.indexOf(service.replaceAll(".", "-")) < index) {
      problems.push({
        path: ["network", "interfaceEndpoints", index],
        message: `${quote(service)} is listed twice; remove one`,
      });
    }
    if (service === "s3") {
      problems.push({
        path: ["network", "interfaceEndpoints", index],
        message: "S3 has a gateway endpoint already, for free; remove s3",
      });
    }
  });
  if (network.natGateways === "none") {
    const bastion = hasBastion(database);
    // Nodes join and pull images through these; the bastion answers Session Manager through the last two.
    const needed = ["ec2", "ecr.api", "ecr.dkr", "sts", ...(bastion ? ["ssm", "ssmmessages"] : [])];
    const missing = needed.filter((service) => !network.interfaceEndpoints.includes(service));
    if (missing.length > 0) {
      at(
        "natGateways",
        `without NAT, nodes${bastion ? " and the bastion" : ""} reach AWS through endpoints only; add ${missing.join(", ")} to interfaceEndpoints`,
      );
    }
  }
  return problems;
}

function clusterProblems({ cluster }: EnvironmentFile): Problem[] {
  if (cluster.existing) return [];
  const problems: Problem[] = [];
  for (const [name, group] of Object.entries(cluster.nodeGroups)) {
    const path = ["cluster", "nodeGroups", name];
    const mixed = architectureProblem(group.instanceTypes);
    if (mixed) problems.push({ path: [...path, "instanceTypes"], message: mixed });
    if (group.minSize > group.maxSize) {
      problems.push({
        path: [...path, "minSize"],
        message: `minSize ${group.minSize} is more than maxSize ${group.maxSize}; lower it or raise maxSize`,
      });
    }
  }
  const needsNodes = cluster.addons.find((addon) => !precedesNodes(addon));
  if (needsNodes && Object.values(cluster.nodeGroups).every(({ minSize }) => minSize === 0)) {
    problems.push({
      path: ["cluster", "nodeGroups"],
      message: `${needsNodes} needs a node to run on, or its deployment never ends; give one group a minSize`,
    });
  }
  cluster.addons.forEach((addon, index) => {
    if (cluster.addons.indexOf(addon) < index) {
      problems.push({
        path: ["cluster", "addons", index],
        message: `${quote(addon)} is listed twice; remove one`,
      });
    }
  });
  cluster.administrators?.forEach((principal, index, all) => {
    if (all.indexOf(principal) < index) {
      problems.push({
        path: ["cluster", "administrators", index],
        message: `${quote(principal)} is listed twice; remove one`,
      });
    }
  });
  cluster.publicAccessCidrs.forEach((cidr, index) => {
    if (cidr === "0.0.0.0/0") {
      problems.push({
        path: ["cluster", "publicAccessCidrs", index],
        message: "0.0.0.0/0 opens the Kubernetes API to the whole internet; list the blocks you work from",
      });
    }
  });
  return problems;
}

function capacityProblems(file: EnvironmentFile): Problem[] {
  const { capacity, existing } = file.database;
  if (existing || !("minAcu" in capacity) || capacity.minAcu <= capacity.maxAcu) return [];
  return [
    {
      path: ["database", "capacity", "minAcu"],
      message: `minAcu ${capacity.minAcu} is more than maxAcu ${capacity.maxAcu}; lower it or raise maxAcu`,
    },
  ];
}

/** ARNs must be of the partition, and where AWS demands it of the region or account, that the file names. */
function arnProblems(file: EnvironmentFile): Problem[] {
  const partition = partitionOf(file.region);
  const arns: { path: PropertyKey[]; arn: string; region?: string; account?: boolean }[] = [];
  const list = (path: PropertyKey[], values: readonly string[] = []) =>
    values.forEach((arn, index) => {
      arns.push({ path: [...path, index], arn });
    });
  list(["cluster", "administrators"], file.cluster.administrators);
  for (const [key, person] of Object.entries(file.access.people)) {
    list(["access", "people", key, "principals"], person.principals);
  }
  const { alarmTopicArn } = file.database;
  if (alarmTopicArn) {
    arns.push({ path: ["database", "alarmTopicArn"], arn: alarmTopicArn, region: "where its alarms are" });
  }
  const adminSecretArn = file.database.existing?.adminSecretArn;
  if (adminSecretArn) {
    const path = ["database", "existing", "adminSecretArn"];
    arns.push({ path, arn: adminSecretArn, region: "where the database is" });
  }
  const { permissionsBoundary } = file.access;
  if (permissionsBoundary) {
    arns.push({ path: ["access", "permissionsBoundary"], arn: permissionsBoundary, account: true });
  }
  return arns.flatMap(({ path, arn, region, account }) => {
    const [, arnPartition, , arnRegion, arnAccount] = arn.split(":");
    const wrong = (what: string, is: string | undefined, must: string) => ({
      path,
      message: `the ARN's ${what} is ${is}, but must be ${must}: got ${quote(arn)}`,
    });
    if (arnPartition !== partition) return [wrong("partition", arnPartition, partition)];
    if (region && arnRegion !== file.region) return [wrong("region", arnRegion, `${file.region}, ${region}`)];
    if (account && arnAccount !== file.account) return [wrong("account", arnAccount, file.account)];
    return [];
  });
}
