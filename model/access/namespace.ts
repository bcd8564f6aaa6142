import { endpointService } from "../aws/endpoints";
import { planSubnets } from "../aws/subnets";
import type { AccessConfig, Environment, NamespaceConfig } from "../config/environment";

/** A namespace that services are in, and what holds for every pod in it. */
export interface NamespacePlan extends NamespaceConfig {
  readonly name: string;
}

/** Every namespace of a file, sorted by name. */
export function namespacePlans({ namespaces }: AccessConfig): NamespacePlan[] {
  return Object.entries(namespaces)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { podSecurity, networkPolicy }]) => ({ name, podSecurity, networkPolicy }));
}

/** Where pods that log in to the database have to go. */
export interface PodEgress {
  /** IPv4 blocks the database is in. */
  readonly databaseCidrs: readonly string[];
  /** IPv4 block in which STS answers. */
  readonly stsCidr: string;
}

const ANYWHERE = "0.0.0.0/0";

/**
 * Where pods go for the database and for STS. Of a VPC that exists already the blocks are not known, and it may have an
 * endpoint for STS that is not in the file.
 */
export function podEgress({ network }: Environment): PodEgress {
  if (network.existing) return { databaseCidrs: [ANYWHERE], stsCidr: ANYWHERE };
  const { database } = planSubnets(network.cidr, network.zones);
  const endpoint = network.interfaceEndpoints.some((name) => endpointService(name).service === "sts");
  return {
    databaseCidrs: database.map(({ cidr }) => cidr),
    stsCidr: endpoint ? network.cidr : ANYWHERE,
  };
}
