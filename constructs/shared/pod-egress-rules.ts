import type { NetworkPolicyV1SpecEgress } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { PodEgress } from "../../model/access/namespace";

/** Where pods may go: what the model says, and the ports of the database, which its stack knows. */
export interface AllowedEgress extends PodEgress {
  /** Port of the database, and of the proxy where that is another. */
  readonly databasePorts: readonly number[];
}

/** A TCP port of a NetworkPolicy. */
export function tcpPort(port: number) {
  return { protocol: "TCP", port: String(port) };
}

/** What lets pods log in to the database: DNS, the database itself, and where they get their credentials. */
export function egressRules({ databaseCidrs, databasePorts, credentials }: AllowedEgress) {
  const to = (cidr: string) => ({ ipBlock: { cidr } });
  return [
    // Wherever it is answered: by pods of kube-system, by a cache on the node, or by the node itself.
    { ports: [{ protocol: "UDP", port: "53" }, tcpPort(53)] },
    { ports: databasePorts.map(tcpPort), to: databaseCidrs.map(to) },
    ...credentials.map(({ cidr, port }) => ({ ports: [tcpPort(port)], to: [to(cidr)] })),
  ] satisfies NetworkPolicyV1SpecEgress[];
}
