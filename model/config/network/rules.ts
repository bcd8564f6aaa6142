import { quote, suggestion } from "../../../lib/nearest";
import { zonesOf } from "../../aws/regions";
import { vpcCidrProblem } from "../../aws/subnets";
import { hasBastion } from "../database/bastion";
import type { Problem } from "../problem";
import { type Rule, whenMade } from "../rule";
import type { EnvironmentFile } from "../schema";
import { zoneNames } from "./zone-names";

/** Rules between the values of `network` and others. */
export const networkRules: readonly Rule[] = [
  ...whenMade("network", [
    { reads: ["region", "network.availabilityZones"], check: zoneProblems },
    { reads: ["region", "network.availabilityZones", "network.cidr"], check: cidrProblems },
    { reads: ["network.interfaceEndpoints"], check: endpointProblems },
    {
      reads: ["network.natGateways", "network.interfaceEndpoints", "database.bastion", "database.existing"],
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
  return message ? [{ path: ["network", "cidr"], message }] : [];
}

function endpointProblems({ network: { interfaceEndpoints: services } }: EnvironmentFile): Problem[] {
  // Their names in Terraform have no dots.
  const names = services.map((service) => service.replaceAll(".", "-"));
  return services.flatMap((service, index) => {
    const path = ["network", "interfaceEndpoints", index];
    if (names.indexOf(service.replaceAll(".", "-")) < index) {
      return [{ path, message: `${quote(service)} is listed twice; remove one` }];
    }
    const message = "S3 has a gateway endpoint already, for free; remove s3";
    return service === "s3" ? [{ path, message }] : [];
  });
}

function natProblems({ network, database }: EnvironmentFile): Problem[] {
  if (network.natGateways !== "none") return [];
  const bastion = hasBastion(database);
  // Nodes join and pull images through these; the bastion answers Session Manager through the last two.
  const needed = ["ec2", "ecr.api", "ecr.dkr", "sts", ...(bastion ? ["ssm", "ssmmessages"] : [])];
  const missing = needed.filter((service) => !network.interfaceEndpoints.includes(service));
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
