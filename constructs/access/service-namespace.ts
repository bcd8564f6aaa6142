import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { Construct } from "constructs";
import { CA_CONFIG_MAP, CA_FILE } from "../../model/access/connection";
import type { NamespacePlan } from "../../model/access/namespace";
import { type AllowedEgress, egressRules } from "../shared/pod-egress-rules";

/** Options for {@link ServiceNamespace}. */
export interface ServiceNamespaceProps {
  /** Its name, and what holds for its pods. */
  readonly plan: NamespacePlan;
  /** Where its pods may go, unless the plan lets them go anywhere. */
  readonly egress: AllowedEgress;
  /** CA certificates of RDS in the region, PEM. */
  readonly caBundle: string;
  /** Refuse to destroy the namespace: everything in it goes with it, volumes included. @default true */
  readonly protect?: boolean;
}

/**
 * A namespace, with the certificates its pods verify the database against. Kubernetes holds its pods to a Pod Security
 * Standard, in the version of the cluster: a pinned one would fall behind without a word.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export class ServiceNamespace extends Construct {
  /** Name of the namespace, once it exists. */
  readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    { plan, egress, caBundle, protect = true }: ServiceNamespaceProps,
  ) {
    super(scope, id);
    const namespace = new NamespaceV1(this, "namespace", {
      metadata: {
        name: plan.name,
        // "warn" and "audit" speak of Deployments and Jobs, too, whose pods "enforce" would refuse later.
        labels: Object.fromEntries(
          ["enforce", "warn", "audit"].map((mode) => [
            `pod-security.kubernetes.io/${mode}`,
            plan.podSecurity,
          ]),
        ),
      },
      lifecycle: { preventDestroy: protect },
    });
    this.name = namespace.metadata.name;
    new ConfigMapV1(this, "ca", {
      metadata: { name: CA_CONFIG_MAP, namespace: this.name },
      data: { [CA_FILE]: caBundle },
    });
    if (plan.networkPolicy === "none") return;
    new NetworkPolicyV1(this, "network-policy", {
      metadata: { name: plan.networkPolicy, namespace: this.name },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        egress: egressRules(egress),
      },
    });
  }
}
