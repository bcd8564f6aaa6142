import { z } from "zod";
import { ADDON_NAMES } from "../../aws/addons";
import { ROLES_TAKEN_BY } from "../../aws/pod-identity";
import { cidr, distinct, dnsLabel, ec2Id, logRetentionDays, notEmpty, principalArn, whole } from "../fields";

/** An EKS cluster that is there already: `cluster.existing`. */
const existing = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/,
      "must be the name of an EKS cluster: at most 100 letters, digits, _ and -",
    )
    .meta({ description: "Name of the EKS cluster", examples: ["platform"] }),
  createOidcProvider: z
    .boolean()
    .default(false)
    .meta({
      description: "Whether to create the cluster's OIDC provider in IAM, which is to be there otherwise",
      examples: [true],
    }),
  securityGroupId: ec2Id("sg")
    .optional()
    .meta({
      description:
        "Security group that nodes, and so their pods, carry; self-managed nodes and some modules have one of their own",
      omitted: "the one EKS created",
      examples: ["sg-0123456789abcdef0"],
    }),
});

const nodeGroup = z.strictObject({
  instanceTypes: distinct(
    z
      .array(
        z
          .string()
          .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "must be an EC2 instance type such as m7g.large")
          .meta({ examples: ["m7g.large", "c7g.large", "r7g.large", "t4g.large", "m7i.large"] }),
      )
      .min(1),
  )
    .default(["m7g.large"])
    .meta({
      description: "EC2 instance types, all of one processor architecture",
      examples: [["m7g.large"]],
    }),
  minSize: whole(0, 1000)
    .default(2)
    .meta({ description: "Fewest nodes", examples: [2] }),
  maxSize: whole(1, 1000)
    .default(6)
    .meta({ description: "Most nodes", examples: [6] }),
  diskGiB: whole(20, 16384)
    .default(50)
    .meta({ description: "Size of each node's encrypted gp3 disk in GiB", examples: [50] }),
});

/** The EKS cluster: `cluster`. */
export const cluster = z
  .strictObject({
    existing: existing.optional().meta({
      description: "An EKS cluster that is there already, in place of everything else in this section",
      omitted: "one is made",
      examples: [{ name: "platform" }],
    }),
    version: z
      .string()
      .regex(/^1\.(2[89]|[3-9]\d)$/, 'must be a Kubernetes minor version in quotes, such as "1.36"')
      .default("1.36")
      .meta({
        description: "Kubernetes version, in quotes",
        examples: ["1.36"],
        later: "Later it only goes up, by one minor version at a time",
      }),
    extendedSupport: z
      .boolean()
      .default(true)
      .meta({
        description:
          "What AWS does when standard support of the Kubernetes version ends: with true it keeps the version for a year, at $0.60 an hour instead of $0.10; with false it upgrades the cluster at a time of its own, and the file must follow before the next deployment",
        examples: [true],
      }),
    publicAccessCidrs: distinct(z.array(cidr))
      .default([])
      .meta({
        description: "Blocks that may reach the Kubernetes API from outside the VPC",
        omitted: "none, private endpoint only",
        examples: [["203.0.113.0/24"]],
      }),
    administrators: distinct(z.array(principalArn))
      .optional()
      .meta({
        description:
          "IAM roles or users that administer the cluster; an empty list says that access entries are managed elsewhere",
        omitted: "whoever first deploys it",
        examples: [["arn:aws:iam::123456789012:role/PlatformAdmin"]],
      }),
    addons: distinct(
      z.array(
        z
          .string()
          .regex(/^[a-z0-9][a-z0-9-]*$/, "must be the name of an EKS add-on such as metrics-server")
          .meta({ examples: ADDON_NAMES }),
      ),
    )
      .default(["coredns", "kube-proxy", "vpc-cni"])
      .meta({
        description:
          "EKS add-ons, each at the default version for the cluster's; without vpc-cni, bring a network of your own. eks-pod-identity-agent comes by itself where identity needs it",
        examples: [["coredns", "kube-proxy", "metrics-server", "vpc-cni"]],
      }),
    nodeGroups: notEmpty(
      z.record(
        dnsLabel
          .max(40)
          .meta({ title: "node group", description: "Name of the node group", doNotSuggest: true }),
        nodeGroup.meta({
          title: "node group",
          description: "A managed node group: Amazon Linux 2023 on instances that are alike",
          examples: [{ instanceTypes: ["m7g.large"], minSize: 2, maxSize: 6 }],
        }),
      ),
      "must hold at least one node group",
    )
      .prefault({ general: {} })
      .meta({
        description: "Managed node groups by name",
        omitted: "one, general, with its defaults",
        examples: [{ general: { instanceTypes: ["m7g.large"], minSize: 2, maxSize: 6 } }],
        defaultSnippets: [
          {
            label: "node group",
            description: "A managed node group",
            body: {
              "${1:general}": { instanceTypes: ["${2:m7g.large}"], minSize: "${3:2}", maxSize: "${4:6}" },
            },
          },
        ],
      }),
    identity: z
      .enum(ROLES_TAKEN_BY)
      .default("irsa")
      .meta({
        description: "How pods of services take their IAM role",
        enumDescriptions: [
          "by the token of their ServiceAccount, through the cluster's OIDC provider (IAM roles for service accounts)",
          "by either, on the way from one to the other: IAM trusts both, and pods that start take it by Pod Identity",
          "by EKS Pod Identity: an agent on each node gets the role that is associated with the ServiceAccount; Linux nodes on EC2 only",
        ],
        examples: ["pod-identity"],
        besideExisting: true,
      }),
    logsRetentionDays: logRetentionDays
      .default(365)
      .meta({ description: "Days that control-plane logs are kept", examples: [30] }),
  })
  .prefault({})
  .meta({
    description: "The EKS cluster with its node groups and add-ons",
    examples: [
      { version: "1.36" },
      {
        version: "1.36",
        publicAccessCidrs: ["203.0.113.0/24"],
        administrators: ["arn:aws:iam::123456789012:role/PlatformAdmin"],
        nodeGroups: { general: { instanceTypes: ["m7g.large"], minSize: 2, maxSize: 6, diskGiB: 50 } },
      },
    ],
  });
