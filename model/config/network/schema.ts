import { z } from "zod";
import { cidr, distinct, ec2Id, logRetentionDays, whole } from "../fields";

const subnetIds = z.array(ec2Id("subnet"));

/** A VPC that is there already: `network.existing`. */
const existing = z.strictObject({
  vpcId: ec2Id("vpc").meta({ description: "Id of the VPC", examples: ["vpc-0123456789abcdef0"] }),
  privateSubnetIds: distinct(subnetIds.min(2)).meta({
    description: "Subnets for nodes, pods and the bastion, in at least two zones, with a way to AWS services",
    examples: [["subnet-0a1b2c3d", "subnet-1a1b2c3d"]],
  }),
  databaseSubnetIds: distinct(subnetIds.min(2)).meta({
    description:
      "Subnets of the database, in at least two zones; an existing database must be in no others than these",
    examples: [["subnet-2a1b2c3d", "subnet-3a1b2c3d"]],
  }),
  publicSubnetIds: distinct(subnetIds)
    .default([])
    .meta({
      description: "Subnets for public load balancers",
      omitted: "none",
      examples: [["subnet-4a1b2c3d"]],
    }),
});

const zones = distinct(
  z
    .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "must be a zone name such as eu-west-1a"))
    .min(2)
    .max(6),
);

/** Services that nodes or the bastion of a network without NAT need, and others that pods often do. */
const ENDPOINTS = "ec2 ecr.api ecr.dkr eks-auth kms logs secretsmanager ssm ssmmessages sts".split(" ");

/** The VPC: `network`. */
export const network = z
  .strictObject({
    existing: existing.optional().meta({
      description: "A VPC that is there already, in place of everything else in this section",
      omitted: "one is made",
      examples: [
        {
          vpcId: "vpc-0123456789abcdef0",
          privateSubnetIds: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
          databaseSubnetIds: ["subnet-2a1b2c3d", "subnet-3a1b2c3d"],
        },
      ],
    }),
    cidr: cidr.default("10.0.0.0/16").meta({
      description: "The VPC's private IPv4 block, /16 to /24",
      examples: ["10.40.0.0/16"],
      later: "It cannot change later: another block would replace the VPC and everything in it",
    }),
    availabilityZones: z
      .union([whole(2, 6), zones], "must be how many zones, 2 to 6, or a list of their names")
      .optional()
      .meta({
        description: "How many zones, 2 to 6, or a list of their names",
        omitted: "3, or 2 where the region has two",
        examples: [3, ["eu-west-1a", "eu-west-1b"]],
      }),
    natGateways: z
      .enum(["none", "single", "per-zone"])
      .default("single")
      .meta({
        description: "NAT gateways, through which private subnets reach the internet",
        enumDescriptions: [
          "needs interface endpoints for all that nodes use",
          "the cheapest, and its zone's loss takes the way out of all",
          "survives the loss of a zone",
        ],
        examples: ["per-zone"],
      }),
    interfaceEndpoints: z
      .array(
        z
          .string()
          .regex(
            /^[a-z0-9]+([.-][a-z0-9]+)*$/,
            "must be a service as in com.amazonaws.<region>.<service>, for example ecr.api",
          )
          .meta({ examples: ENDPOINTS }),
      )
      .default([])
      .meta({
        description: "AWS services reached without leaving the VPC, priced per zone and hour",
        omitted: "none; S3 always is, for free",
        examples: [["ecr.api", "ecr.dkr", "sts"]],
      }),
    endpointPrincipals: z
      .string()
      .regex(
        /^(account|any|o-[a-z0-9]{10,32})$/,
        "must be account, any, or the id of an organization such as o-a1b2c3d4e5",
      )
      .default("account")
      .meta({
        description:
          "Whose requests VPC endpoints let through: account, an organization by its id (for roles of other accounts that pods take), or any. S3 objects may always be read",
        examples: ["o-a1b2c3d4e5"],
      }),
    flowLogsRetentionDays: logRetentionDays
      .default(365)
      .meta({ description: "Days that VPC flow logs are kept", examples: [30] }),
  })
  .prefault({})
  .meta({
    description: "The VPC with its subnets, NAT gateways and endpoints",
    examples: [
      { availabilityZones: 2 },
      {
        cidr: "10.40.0.0/16",
        availabilityZones: ["eu-west-1a", "eu-west-1b"],
        natGateways: "per-zone",
        interfaceEndpoints: ["ecr.api", "ecr.dkr", "sts"],
        flowLogsRetentionDays: 30,
      },
    ],
  });
