import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { Construct } from "constructs";
import { CA_FILE } from "../../model/access/connection";
import { certificatesConfigMap, type NamespacePlan } from "../../model/access/namespace";
import { forget } from "../shared/forget";
import { type AllowedEgress, egressRules } from "../shared/pod-egress-rules";

/** Options for {@link ServiceNamespace}. */
export interface ServiceNamespaceProps {
  /** Name of the environment. */
  readonly environment: string;
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
 * A namespace that services are in, ours or somebody else's, with the certificates its pods verify the database against. Kubernetes holds its pods to a Pod Security
 * Standard, in the version of the cluster: a pinned one would fall behind without a word.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export class ServiceNamespace extends Construct {
  /** Name of the namespace, once it exists. */
  readonly name: string;
  /** Name of the ConfigMap with the certificates. */
  readonly certificates: string;

  constructor(
    scope: Construct,
    id: string,
    { environment, plan, egress, caBundle, protect = true }: ServiceNamespaceProps,
  ) {
    super(scope, id);
    this.certificates = certificatesConfigMap(environment, plan);
    const putCertificates = (place: string) =>
      new ConfigMapV1(this, place, {
        metadata: { name: this.certificates, namespace: this.name },
        data: { [CA_FILE]: caBundle },
      });
    if (plan.existing) {
      // Of one that was ours before nothing is destroyed: it is somebody else's now, with the certificates its pods mount.
      forget(this, "kubernetes_namespace_v1", "namespace");
      forget(this, "kubernetes_network_policy_v1", "network-policy");
      forget(this, "kubernetes_config_map_v1", "ca");
      this.name = plan.name;
      putCertificates("environment-ca");
      return;
    }
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
    putCertificates("ca");
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
