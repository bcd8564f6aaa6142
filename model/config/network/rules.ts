import { quote, suggestion } from "../../../lib/nearest";
import { addonFacts } from "../../aws/addons";
import { overlappedServices } from "../../aws/blocks";
import { endpointService, endpointServiceName } from "../../aws/endpoints";
import { METRICS_ENDPOINT } from "../../aws/metrics";
import { AGENT_ENDPOINT, byAssociation, byToken } from "../../aws/pod-identity";
import { zonesOf } from "../../aws/regions";
import { vpcCidrProblem } from "../../aws/subnets";
import { hasBastion } from "../database/bastion";
import type { Problem } from "../problem";
import { type Rule, whenMade } from "../rule";
import type { EnvironmentFile } from "../schema";
import { verifyJob } from "../verify/scheduled-job";
import { zoneNames } from "./zone-names";

/** Rules between the values of `network` and others. */
export const networkRules: readonly Rule[] = [
  ...whenMade("network", [
    { reads: ["region", "network.availabilityZones"], check: zoneProblems },
    { reads: ["region", "network.availabilityZones", "network.cidr"], check: cidrProblems },
    { reads: ["region", "network.interfaceEndpoints"], check: endpointProblems },
    {
      reads: [
        "network.natGateways",
        "network.interfaceEndpoints",
        "cluster.addons",
        "cluster.identity",
        "database.bastion",
        "database.existing",
        "verify",
      ],
      check: natProblems,
    },
  ]),
  { reads: ["network.existing"], check: existingSubnetProblems },
];

function zoneProblems({ region, network }: EnvironmentFile): Problem[] {
  const path = ["network", "availabilityZones"];
  const chosen = network.availabilityZones;
  const known = zonesOf(region);
  if (Array.isArray(chosen)) {
    return chosen.flatMap((zone, index) => {
      if (/^[a-h]$/.test(zone.replace(region, ""))) return [];
      const message = `${quote(zone)} is not a zone of ${region}.${suggestion(zone, known)}`;
      return [{ path: [...path, index], message }];
    });
  }
  if (chosen === undefined || chosen <= known.length) return [];
  const message = `${region} has ${known.length} zones that fit (${known.join(", ")}), got: ${chosen}`;
  return [{ path, message }];
}

function cidrProblems(file: EnvironmentFile): Problem[] {
  if (zoneProblems(file).length > 0) return [];
  const message = vpcCidrProblem(file.network.cidr, zoneNames(file));
  if (message) return [{ path: ["network", "cidr"], message }];
  const services = overlappedServices(file.network.cidr);
  if (services === undefined) return [];
  const warning = `${file.network.cidr} overlaps ${services}, which EKS clusters of other networks give their Services: their pods could never reach this network; choose another block if they are to`;
  return [{ path: ["network", "cidr"], message: warning, warning: "overlapping-networks" }];
}

function endpointProblems({ region, network: { interfaceEndpoints: names } }: EnvironmentFile): Problem[] {
  // In Terraform's addresses dots are hyphens, and so they must not tell two names apart.
  const services = names.map((name) => endpointService(name).service.replaceAll(".", "-"));
  return names.flatMap((name, index): Problem[] => {
    const path = ["network", "interfaceEndpoints", index];
    const full = endpointService(name);
    if (full.region !== undefined && full.region !== region) {
      const short = full.service === name ? "" : `; write ${full.service}`;
      const message = `${quote(name)} is of ${full.region}, and an endpoint in ${region} reaches services of that region${short}`;
      return [{ path, message }];
    }
    if (services.indexOf(full.service.replaceAll(".", "-")) < index) {
      return [{ path, message: `${quote(name)} is listed twice; remove one` }];
    }
    if (full.service === "s3") {
      return [{ path, message: "S3 has a gateway endpoint already, for free; remove s3" }];
    }
    if (full.service === name || endpointServiceName(full.service, region) !== name) return [];
    return [{ path, message: `write ${full.service}; full names are for services that have no short one` }];
  });
}

function natProblems(file: EnvironmentFile): Problem[] {
  const { network, cluster, database } = file;
  if (network.natGateways !== "none") return [];
  const bastion = hasBastion(database);
  // Add-ons that call AWS take their roles by tokens, however services do.
  const tokens = byToken(cluster.identity) || cluster.addons.some((addon) => addonFacts(addon).permissions);
  // Nodes join and pull images through the first three, pods get credentials through the next, the bastion answers
  // Session Manager through two more, and the job that verifies puts its metrics through the last.
  const needed = [
    ...["ec2", "ecr.api", "ecr.dkr"],
    ...(tokens ? ["sts"] : []),
    ...(byAssociation(cluster.identity) ? [AGENT_ENDPOINT] : []),
    ...(bastion ? ["ssm", "ssmmessages"] : []),
    ...(verifyJob(file) ? [METRICS_ENDPOINT] : []),
  ];
  const there = network.interfaceEndpoints.map((name) => endpointService(name).service);
  const missing = needed.filter((service) => !there.includes(service));
  if (missing.length === 0) return [];
  const message = `without NAT, nodes${bastion ? " and the bastion" : ""} reach AWS through endpoints only; add ${missing.join(", ")} to interfaceEndpoints`;
  return [{ path: ["network", "natGateways"], message }];
}

function existingSubnetProblems({ network: { existing } }: EnvironmentFile): Problem[] {
  if (!existing) return [];
  return existing.privateSubnetIds.flatMap((id, index) => {
    if (!existing.publicSubnetIds.includes(id)) return [];
    const message = `${quote(id)} is under publicSubnetIds too; a subnet is one or the other`;
    return [{ path: ["network", "existing", "privateSubnetIds", index], message }];
  });
}
