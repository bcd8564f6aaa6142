import { nearest, quote } from "../../../lib/nearest";
import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { servicesOnEks } from "./place";

/** What keeps a namespace from being one of the file's. */
export function namespaceProblems({ access }: EnvironmentFile): Problem[] {
  return Object.entries(access.namespaces).flatMap(([name, namespace]): Problem[] => {
    const path = ["access", "namespaces", name];
    if (belongsToKubernetes(name)) return [{ path, onKey: true, message: ofKubernetes(name) }];
    if (namespace.existing) return existingProblems(path, namespace);
    if (!name.startsWith("amazon-")) return [];
    const message = `the namespace ${quote(name)} is named like those that add-ons of EKS make for themselves, such as amazon-cloudwatch; name one of your own`;
    return [{ path, onKey: true, message, warning: "namespace-of-aws" }];
  });
}

/** What would be said of pods in it would never hold: it is somebody else's to say. */
function existingProblems(
  path: readonly string[],
  namespace: EnvironmentFile["access"]["namespaces"][string],
): Problem[] {
  return (["podSecurity", "networkPolicy"] as const)
    .filter((key) => namespace[key] !== undefined)
    .map((key) => ({
      path: [...path, key],
      onKey: true,
      message: `${key} is for namespaces that are made here, and this one is existing: whoever makes it says what holds for its pods; take ${key} out`,
    }));
}

/**
 * A namespace is gone when its declaration is, and never because a service has left it: so every service is in one that is
 * declared.
 */
export function undeclaredNamespaceProblems({ access }: EnvironmentFile): Problem[] {
  const declared = Object.keys(access.namespaces);
  return servicesOnEks(access.services).flatMap(({ key: service, place: { namespace } }): Problem[] => {
    if (declared.includes(namespace)) return [];
    // YAML takes some of these for a number, a boolean or null.
    const key =
      /^[a-z]/.test(namespace) && !/^(true|false|null)$/.test(namespace) ? namespace : quote(namespace);
    const near = nearest(namespace, declared);
    const message = belongsToKubernetes(namespace)
      ? ofKubernetes(namespace)
      : `the namespace ${quote(namespace)} is not declared under access.namespaces; add ${key}: {} there, or ${key}: { existing: true } if it is not ours to make${near === undefined ? "" : `. Did you mean ${quote(near)}?`}`;
    return [{ path: ["access", "services", service, "namespace"], message }];
  });
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/ */
function belongsToKubernetes(name: string): boolean {
  return name === "default" || name.startsWith("kube-");
}

function ofKubernetes(name: string): string {
  return `the namespace ${quote(name)} belongs to Kubernetes; name one of your own`;
}
