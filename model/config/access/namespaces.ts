import { z } from "zod";
import { dnsLabel } from "../fields";

const namespace = z
  .strictObject({
    podSecurity: z
      .enum(["restricted", "baseline", "privileged"])
      .default("restricted")
      .meta({
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
      .default("default-deny")
      .meta({
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
    description: "What holds for every pod of a namespace that services are in",
    examples: [{ podSecurity: "baseline" }],
  });

/** What holds for pods: `access.namespaces`. */
export const namespaces = z
  .record(
    dnsLabel.meta({
      title: "namespace",
      description: "A namespace that a service is in",
      doNotSuggest: true,
    }),
    namespace,
  )
  .default({})
  .meta({
    description: "Namespaces of services whose pods need more than the defaults allow, by name",
    omitted: "each with its defaults",
    examples: [{ shop: { networkPolicy: "none" } }],
  });
