import { z } from "zod";
import { dnsLabel } from "../fields";

const namespace = z
  .strictObject({
    existing: z
      .boolean()
      .default(false)
      .meta({
        description:
          "Whether the namespace is there already and stays somebody else's: only ServiceAccounts, ConfigMaps and certificates for services are put into it, and nothing here ever removes it. Excludes the other keys",
        examples: [true],
      }),
    podSecurity: z
      .enum(["restricted", "baseline", "privileged"])
      .optional()
      .meta({
        omitted: "restricted",
        description: "Pod Security Standard that Kubernetes holds every pod of the namespace to",
        enumDescriptions: [
          "no root, no privileges, no access to the node",
          "what is known to break out of a container is refused",
          "anything goes",
        ],
        examples: ["baseline"],
      }),
    networkPolicy: z
      .enum(["default-deny", "none"])
      .optional()
      .meta({
        omitted: "default-deny",
        description: "NetworkPolicy for every pod of the namespace; your own policies add to it",
        enumDescriptions: [
          "out to DNS, the database and HTTPS for STS; nothing else, and nothing in",
          "pods talk to whom they like",
        ],
        examples: ["none"],
      }),
  })
  .meta({
    title: "namespace",
    description: "A namespace that services are in, and what holds for every pod of it",
    examples: [{}, { existing: true }, { podSecurity: "baseline" }],
  });

/** The namespaces that services are in: `access.namespaces`. */
export const namespaces = z
  .record(
    dnsLabel.meta({ title: "namespace", description: "Name of the namespace", doNotSuggest: true }),
    namespace,
  )
  .default({})
  .meta({
    description:
      "Kubernetes namespaces of services, by name. The access stack makes each that is not existing; it stays when its last service has left, until it is taken out here",
    omitted: "none",
    examples: [{ legacy: { existing: true }, shop: {} }],
    later:
      "One that is gone or has another name later fails the plan, before anything is touched, unless deletion protection is off",
    defaultSnippets: [
      { label: "namespace", description: "A namespace for services", body: { "${1:shop}": {} } },
    ],
  });
