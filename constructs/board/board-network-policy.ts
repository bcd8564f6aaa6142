import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { BOARD_PORT } from "./board-deployment";
import { boardLabels } from "./labels";

/** Options for {@link BoardNetworkPolicy}. */
export interface BoardNetworkPolicyProps {
  /** Name of the policy, and of the board in labels. */
  readonly name: string;
  /** Namespace of its pods. */
  readonly namespace: string;
  /** IPv4 block the database is in. */
  readonly databaseCidr: string;
  /** Port of the database. */
  readonly databasePort: number;
  /** IPv4 block in which STS answers: the VPC's, where it has an interface endpoint; else 0.0.0.0/0. */
  readonly stsCidr: string;
}

/**
 * What the board's pods may talk to: visitors come in to one port, and out go DNS, the database and STS. Ingress names no
 * source, since the load balancer's traffic comes from nodes; who reaches the load balancer is the Service's to say.
 * vpc-cni enforces this where its `enableNetworkPolicy` is on, as it is on the clusters made here.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
export class BoardNetworkPolicy extends Construct {
  /** The policy, for pods that must not start without it. */
  readonly resource: ITerraformDependable;

  constructor(scope: Construct, id: string, props: BoardNetworkPolicyProps) {
    super(scope, id);
    const { name, namespace } = props;
    const tcp = (port: number) => ({ protocol: "TCP", port: String(port) });
    const to = (cidr: string) => [{ ipBlock: { cidr } }];
    this.resource = new NetworkPolicyV1(this, "policy", {
      metadata: { name, namespace, labels: boardLabels(name) },
      spec: {
        podSelector: { matchLabels: { "app.kubernetes.io/part-of": name } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ports: [tcp(BOARD_PORT.containerPort)] }],
        egress: [
          // Wherever it is answered: by pods of kube-system, by a cache on the node, or by the node itself.
          { ports: [{ protocol: "UDP", port: "53" }, tcp(53)] },
          { ports: [tcp(props.databasePort)], to: to(props.databaseCidr) },
          { ports: [tcp(443)], to: to(props.stsCidr) },
        ],
      },
    });
  }
}
