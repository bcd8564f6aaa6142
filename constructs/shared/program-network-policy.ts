import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type AllowedEgress, egressRules, tcpPort } from "./pod-egress-rules";
import { programLabels } from "./program-labels";

/** Options for {@link ProgramNetworkPolicy}. */
export interface ProgramNetworkPolicyProps {
  /** Name of the policy, and of the program in labels. */
  readonly name: string;
  /** Namespace of its pods. */
  readonly namespace: string;
  /** Port that it serves on. @default none: nobody talks to it */
  readonly port?: number;
  /** Where they go. */
  readonly egress: AllowedEgress;
}

/**
 * What the pods of one of our programs may talk to: who visits comes in to one port, and out go DNS, the database and where
 * they find AWS. Ingress names no source, since a load balancer's traffic comes from nodes; who reaches the load balancer is
 * its Service's to say.
 * vpc-cni enforces this where its `enableNetworkPolicy` is on, as it is on the clusters made here.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
export class ProgramNetworkPolicy extends Construct {
  /** The policy, for pods that must not start without it. */
  readonly resource: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ProgramNetworkPolicyProps) {
    super(scope, id);
    const { name, namespace, port, egress } = props;
    this.resource = new NetworkPolicyV1(this, "policy", {
      metadata: { name, namespace, labels: programLabels(name) },
      spec: {
        podSelector: { matchLabels: { "app.kubernetes.io/part-of": name } },
        policyTypes: ["Ingress", "Egress"],
        ...(port !== undefined && { ingress: [{ ports: [tcpPort(port)] }] }),
        egress: egressRules(egress),
      },
    });
  }
}
