import { nearest, quote } from "../../../lib/nearest";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";

/** What keeps a namespace from being one of the file's. */
export function namespaceProblems({ access }: EnvironmentFile): Problem[] {
  return Object.keys(access.namespaces).flatMap((name): Problem[] => {
    const at = { path: ["access", "namespaces", name], onKey: true };
    if (belongsToKubernetes(name)) return [{ ...at, message: ofKubernetes(name) }];
    if (!name.startsWith("amazon-")) return [];
    const message = `the namespace ${quote(name)} is named like those that add-ons of EKS make for themselves, such as amazon-cloudwatch; name one of your own`;
    return [{ ...at, message, warning: "namespace-of-aws" }];
  });
}

/**
 * A namespace is gone when its declaration is, and never because a service has left it: so every service is in one that is
 * declared.
 */
export function undeclaredNamespaceProblems({ access }: EnvironmentFile): Problem[] {
  const declared = Object.keys(access.namespaces);
  return Object.entries(access.services).flatMap(([key, { namespace }]): Problem[] => {
    if (declared.includes(namespace)) return [];
    const near = nearest(namespace, declared);
    const message = belongsToKubernetes(namespace)
      ? ofKubernetes(namespace)
      : `the namespace ${quote(namespace)} is not declared under access.namespaces; add ${namespace}: {} there${near === undefined ? "" : `, or did you mean ${quote(near)}?`}`;
    return [{ path: ["access", "services", key, "namespace"], message }];
  });
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/ */
function belongsToKubernetes(name: string): boolean {
  return name === "default" || name.startsWith("kube-");
}

function ofKubernetes(name: string): string {
  return `the namespace ${quote(name)} belongs to Kubernetes; name one of your own`;
}
