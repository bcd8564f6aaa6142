import { z } from "zod";
import { distinct, dnsLabel, identityKey, postgresqlName, principalArn } from "../fields";
import { endpoint } from "./endpoint";
import { grants } from "./grants";
import { limits } from "./limits";
import { serviceAccount } from "./service-account";

/** Services of AWS that give a workload the credentials of its IAM role. */
export const RUNTIMES = ["lambda", "ecs", "ec2"] as const;

/**
 * Name of an IAM role, without its path.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
 */
const roleName = z
  .string()
  .regex(
    /^[\w+=,.@-]{1,64}$/,
    "must be the name of an IAM role of this account, without its path: at most 64 letters, digits and _+=,.@-",
  );

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const externalId = z
  .string()
  .regex(/^[\w+=,.@:/-]{2,1224}$/, "must be an external id: 2 to 1,224 letters, digits and _+=,.@:/-");

const service = z
  .strictObject({
    namespace: dnsLabel.optional().meta({
      description: "It runs on EKS, in this Kubernetes namespace, one of access.namespaces",
      omitted: "see runsOn, role and principals",
      examples: ["shop"],
    }),
    serviceAccount,
    runsOn: z
      .enum(RUNTIMES)
      .optional()
      .meta({
        description: "In place of a namespace: what outside of EKS it runs on, which takes its IAM role",
        enumDescriptions: ["a function", "a task", "an instance"],
        omitted: "see namespace",
        examples: ["lambda"],
      }),
    role: roleName.optional().meta({
      description:
        "In place of a namespace: an IAM role of this account that exists already. It is allowed to connect, and nothing else of it is touched",
      omitted: "one is made",
      examples: ["LegacyBilling"],
    }),
    principals: distinct(z.array(principalArn).min(1))
      .optional()
      .meta({
        description:
          "In place of a namespace: IAM roles or users that may assume its IAM role, such as that of a CI system or of another account",
        omitted: "see namespace",
        examples: [["arn:aws:iam::123456789012:role/Deploy"]],
      }),
    externalId: externalId.optional().meta({
      description:
        "What the principals must say when they assume the IAM role, so that a third party that serves many customers is not led to the wrong one's. It is no secret",
      omitted: "none",
      examples: ["acme-7f3c"],
    }),
    database: postgresqlName.optional().meta({
      description:
        "Database that PGDATABASE names, where the service connects; required with grants in several",
      omitted: "the only database it has grants in",
      examples: ["shop"],
    }),
    endpoint,
    proxy: z
      .boolean()
      .optional()
      .meta({
        description:
          "Whether it connects through database.proxy; false is for what keeps to one session, such as LISTEN, temporary tables or advisory locks",
        omitted: "true where there is a proxy, and it owns no schema",
        examples: [false],
      }),
    grants,
    ...limits,
  })
  .meta({
    title: "service",
    description:
      "A service: a database user of its own, and an IAM role for what it runs as, such as one ServiceAccount on EKS",
    examples: [{ namespace: "shop", grants: { "shop.orders": "read-write" } }],
  });

/** Services, on EKS or elsewhere: `access.services`. */
export const services = z
  .record(
    identityKey.meta({ title: "service", description: "Name of the service", doNotSuggest: true }),
    service,
  )
  .default({})
  .meta({
    description:
      "Services by name; each gets an IAM role and a database user, and on EKS a ServiceAccount. Says by namespace, runsOn, role or principals where it runs",
    omitted: "none",
    examples: [{ "orders-api": { namespace: "shop", grants: { "shop.orders": "read-write" } } }],
    later:
      "Another name later is another service, with a new role and database user; what runs as it must be restarted",
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
