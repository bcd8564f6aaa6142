import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type AllowedEgress, egressRules, tcpPort } from "../shared/pod-egress-rules";
import { BOARD_PORT } from "./board-deployment";
import { boardLabels } from "./labels";

/** Options for {@link BoardNetworkPolicy}. */
export interface BoardNetworkPolicyProps {
  /** Name of the policy, and of the board in labels. */
  readonly name: string;
  /** Namespace of its pods. */
  readonly namespace: string;
  /** Where they go. */
  readonly egress: AllowedEgress;
}

/**
 * What the board's pods may talk to: visitors come in to one port, and out go DNS, the database and where credentials come
 * from. Ingress names no source, since the load balancer's traffic comes from nodes; who reaches the load balancer is the
 * Service's to say.
 * vpc-cni enforces this where its `enableNetworkPolicy` is on, as it is on the clusters made here.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
export class BoardNetworkPolicy extends Construct {
  /** The policy, for pods that must not start without it. */
  readonly resource: ITerraformDependable;

  constructor(scope: Construct, id: string, props: BoardNetworkPolicyProps) {
    super(scope, id);
    const { name, namespace, egress } = props;
    this.resource = new NetworkPolicyV1(this, "policy", {
      metadata: { name, namespace, labels: boardLabels(name) },
      spec: {
        podSelector: { matchLabels: { "app.kubernetes.io/part-of": name } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ports: [tcpPort(BOARD_PORT.containerPort)] }],
        egress: egressRules(egress),
      },
    });
  }
}
