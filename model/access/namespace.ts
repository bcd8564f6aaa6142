import { endpointService } from "../aws/endpoints";
import { AGENT_ADDRESS, byAssociation, byToken } from "../aws/pod-identity";
import { planSubnets } from "../aws/subnets";
import type { AccessConfig, Environment } from "../config/environment";

/** A namespace that the access stack makes, and what holds for every pod in it. */
export interface OwnNamespace {
  readonly name: string;
  readonly existing?: undefined;
  readonly podSecurity: "restricted" | "baseline" | "privileged";
  readonly networkPolicy: "default-deny" | "none";
}

/** A namespace that is somebody else's: only what services need is put into it. */
export interface ExistingNamespace {
  readonly name: string;
  readonly existing: true;
}

/** A namespace that services are in, or may be. */
export type NamespacePlan = OwnNamespace | ExistingNamespace;

/** Every namespace of a file, sorted by name. */
export function namespacePlans({ namespaces }: AccessConfig): NamespacePlan[] {
  return Object.entries(namespaces)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { existing, podSecurity = "restricted", networkPolicy = "default-deny" }]) =>
      existing ? { name, existing } : { name, podSecurity, networkPolicy },
    );
}

/** Name of the ConfigMap with the CA certificates in a namespace. One that is not ours other environments may use as well. */
export function certificatesConfigMap(environment: string, { existing }: NamespacePlan): string {
  return existing ? `${environment}-${CA_CONFIG_MAP}` : CA_CONFIG_MAP;
}

/** Name of that ConfigMap in a namespace of our own, and how it ends in others. */
export const CA_CONFIG_MAP = "rds-ca";

/** Where pods that log in to the database have to go. */
export interface PodEgress {
  /** IPv4 blocks the database is in. */
  readonly databaseCidrs: readonly string[];
  /** IPv4 blocks in which they get credentials, and what else of AWS they call, each with its port. */
  readonly credentials: readonly { readonly cidr: string; readonly port: number }[];
}

const ANYWHERE = "0.0.0.0/0";

/**
 * Where pods go for the database and for their credentials: to STS with the token of their ServiceAccount, to the agent on
 * their node by Pod Identity. Of a VPC that exists already the blocks are not known, and it may have an endpoint for STS
 * that is not in the file.
 * @param further services of AWS that they call besides, as interface endpoints are called. @default none
 */
export function podEgress(environment: Environment, further: readonly string[] = []): PodEgress {
  const {
    network,
    cluster: { identity },
  } = environment;
  const services = [...(byToken(identity) ? ["sts"] : []), ...further];
  const found = services.map((service) => addressesOf(environment, service));
  const https = found.filter(({ cidr }, index) => found.findIndex((each) => each.cidr === cidr) === index);
  return {
    databaseCidrs: network.existing
      ? [ANYWHERE]
      : planSubnets(network.cidr, network.zones).database.map(({ cidr }) => cidr),
    credentials: [...https, ...(byAssociation(identity) ? [AGENT_ADDRESS] : [])],
  };
}

/** Where a service of AWS answers the pods of an environment: its interface endpoint in the VPC, or it could be anywhere. */
function addressesOf({ network }: Environment, service: string): PodEgress["credentials"][number] {
  const within = network.interfaceEndpoints.some((name) => endpointService(name).service === service);
  return { cidr: !network.existing && within ? network.cidr : ANYWHERE, port: 443 };
}
