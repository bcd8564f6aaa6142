import { z } from "zod";
import { dnsLabel, identityKey, postgresqlName } from "../fields";
import { endpoint } from "./endpoint";
import { grants } from "./grants";
import { limits } from "./limits";
import { serviceAccount } from "./service-account";

const service = z
  .strictObject({
    namespace: dnsLabel.meta({
      description: "Kubernetes namespace, one of access.namespaces",
      examples: ["shop"],
    }),
    serviceAccount,
    database: postgresqlName.optional().meta({
      description:
        "Database that PGDATABASE names in the service's ConfigMap; required with grants in several",
      omitted: "the only database it has grants in",
      examples: ["shop"],
    }),
    endpoint,
    grants,
    ...limits,
  })
  .meta({
    title: "service",
    description: "A service on EKS: an IAM role for one ServiceAccount, and a database user of its own",
    examples: [{ namespace: "shop", grants: { "shop.orders": "read-write" } }],
  });

/** Services on EKS: `access.services`. */
export const services = z
  .record(
    identityKey.meta({ title: "service", description: "Name of the service", doNotSuggest: true }),
    service,
  )
  .default({})
  .meta({
    description: "Services on EKS by name; each gets an IAM role, a ServiceAccount and a database user",
    omitted: "none",
    examples: [{ "orders-api": { namespace: "shop", grants: { "shop.orders": "read-write" } } }],
    later:
      "Another name later is another service, with a new role and database user; its pods must be restarted",
    defaultSnippets: [
      {
        label: "service",
        description: "A service on EKS and what it may do",
        body: {
          "${1:orders-api}": {
            namespace: "${2:shop}",
            grants: { "${3:shop.orders}": "${4:read-write}" },
          },
        },
      },
    ],
  });
