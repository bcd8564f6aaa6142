import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Construct } from "constructs";
import { CA_CONFIG_MAP, CA_FILE } from "../../model/access/connection";

/** Options for {@link ServiceNamespace}. */
export interface ServiceNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;
  /** CA certificates of RDS in the region, PEM. */
  readonly caBundle: string;
  /** Refuse to destroy the namespace: everything in it goes with it, volumes included. @default true */
  readonly protect?: boolean;
}

/** A namespace, with the certificates its pods verify the database against. */
export class ServiceNamespace extends Construct {
  /** Name of the namespace, once it exists. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: ServiceNamespaceProps) {
    super(scope, id);
    const namespace = new NamespaceV1(this, "namespace", {
      metadata: { name: props.name },
      lifecycle: { preventDestroy: props.protect ?? true },
    });
    this.name = namespace.metadata.name;
    new ConfigMapV1(this, "ca", {
      metadata: { name: CA_CONFIG_MAP, namespace: this.name },
      data: { [CA_FILE]: props.caBundle },
    });
  }
}
