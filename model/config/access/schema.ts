import { z } from "zod";
import { arn, distinct, dnsLabel, identityKey, postgresqlName, principalArn, whole } from "../fields";
import { databases, renamed } from "./databases";
import { grants } from "./grants";

const service = z
  .strictObject({
    namespace: dnsLabel.meta({
      description: "Kubernetes namespace; the access stack creates it",
      examples: ["shop"],
    }),
    serviceAccount: dnsLabel.optional().meta({
      description: "ServiceAccount the service runs as",
      omitted: "the service's name",
      examples: ["orders-api"],
    }),
    database: postgresqlName.optional().meta({
      description:
        "Database that PGDATABASE names in the service's ConfigMap; required with grants in several",
      omitted: "the only database it has grants in",
      examples: ["shop"],
    }),
    grants,
  })
  .meta({
    title: "service",
    description: "A service on EKS: an IAM role for one ServiceAccount, and a database user of its own",
    examples: [{ namespace: "shop", grants: { "shop.orders": "read-write" } }],
  });

const person = z
  .strictObject({
    principals: distinct(z.array(principalArn).min(1)).meta({
      description: "IAM roles or users that may assume this identity's role",
      examples: [["arn:aws:iam::123456789012:role/OnCall"]],
    }),
    requireMfa: z
      .boolean()
      .default(false)
      .meta({
        description:
          "Only with a second factor: for IAM users; sessions of IAM Identity Center never say that they had one",
        examples: [true],
      }),
    requireSourceIdentity: z
      .boolean()
      .default(false)
      .meta({
        description: "Only with a source identity, which CloudTrail then has in every event of the session",
        examples: [true],
      }),
    grants,
  })
  .meta({
    title: "group of people",
    description: "People who log in as one database user, by an IAM role that their principals may assume",
    examples: [
      { principals: ["arn:aws:iam::123456789012:role/OnCall"], grants: { "shop.orders": "read-only" } },
    ],
  });

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

/** Who can do what: `access`. */
export const access = z
  .strictObject({
    permissionsBoundary: arn(
      "iam",
      /:\d{12}:policy\/[\w+=,.@/-]{1,512}/,
      "arn:aws:iam::123456789012:policy/boundary",
    )
      .optional()
      .meta({
        description: "IAM policy set as permissions boundary on every identity's role",
        omitted: "none",
        examples: ["arn:aws:iam::123456789012:policy/boundary"],
      }),
    defaults: z
      .strictObject({
        connectionLimit: whole(1, 5000)
          .default(100)
          .meta({
            description:
              "Connections that each database user may have at once, over all of its pods; leave room for the admin in max_connections (189 with 1 ACU, about 400 with 4 GiB)",
            examples: [50],
          }),
      })
      .prefault({})
      .meta({
        description: "What holds for every service and group of people",
        omitted: "those of its keys",
      }),
    databases,
    renamed,
    services: z
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
      }),
    namespaces: z
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
      }),
    people: z
      .record(
        identityKey.meta({ title: "group of people", description: "Name of the group", doNotSuggest: true }),
        person,
      )
      .default({})
      .meta({
        description: "Groups of people by name; each gets an IAM role to assume and a database user",
        omitted: "none",
        examples: [
          {
            "on-call": {
              principals: ["arn:aws:iam::123456789012:role/OnCall"],
              grants: { "shop.orders": "read-only" },
            },
          },
        ],
        defaultSnippets: [
          {
            label: "group of people",
            description: "Who may assume a role, and what it may do",
            body: {
              "${1:on-call}": {
                principals: ["${2:arn:aws:iam::123456789012:role/OnCall}"],
                grants: { "${3:shop.orders}": "${4:read-write}" },
              },
            },
          },
        ],
      }),
  })
  .meta({
    description: "Databases, and who can do what in which schema",
    examples: [
      { databases: { shop: ["orders"] } },
      {
        databases: { shop: ["billing", "orders"] },
        services: {
          "orders-api": {
            namespace: "shop",
            grants: { "shop.orders": "read-write", "shop.billing": "read-only" },
          },
          "orders-migrations": { namespace: "shop", grants: { "shop.orders": "owner" } },
        },
        people: {
          "on-call": {
            principals: ["arn:aws:iam::123456789012:role/OnCall"],
            grants: { "shop.orders": "read-only" },
          },
        },
      },
    ],
  });
