import { z } from "zod";
import { LEVEL_NAMES, LEVELS } from "../postgresql/levels";
import { demo } from "./demo-schema";
import { existingCluster, existingDatabase, existingNetwork } from "./existing-schema";
import {
  arn,
  cidr,
  dnsLabel,
  identityKey,
  logRetentionDays,
  postgresqlName,
  principalArn,
  region,
  tagKey,
  tagText,
  whole,
} from "./fields";

const level = z
  .enum(LEVEL_NAMES)
  .describe(LEVEL_NAMES.map((name) => `${name}: ${LEVELS[name].description}`).join("; "));

/** `database.schema: level`; that both exist is checked with the rest of the file. */
const grants = z
  .record(
    z.string().regex(/^[^.]+\.[^.]+$/, "must be <database>.<schema>, as declared under access.databases"),
    level,
  )
  .refine((value) => Object.keys(value).length > 0, "must hold at least one <database>.<schema>: level")
  .describe("What this identity may do, as <database>.<schema>: level");

const service = z.strictObject({
  namespace: dnsLabel.describe("Kubernetes namespace; the access stack creates it"),
  serviceAccount: dnsLabel
    .optional()
    .describe("ServiceAccount the service runs as. Default: the service's key"),
  database: postgresqlName
    .optional()
    .describe(
      "Database PGDATABASE names in the service's ConfigMap. Default: the only database it has grants in; required when there are several",
    ),
  grants,
});

const person = z.strictObject({
  principals: z
    .array(principalArn)
    .min(1)
    .describe("IAM roles or users that may assume this identity's role"),
  grants,
});

const nodeGroup = z.strictObject({
  instanceTypes: z
    .array(
      z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "must be an EC2 instance type such as m7g.large"),
    )
    .min(1)
    .default(["m7g.large"])
    .describe("EC2 instance types, all of one processor architecture. Default: [m7g.large]"),
  minSize: whole(0, 1000).default(2).describe("Fewest nodes. Default: 2"),
  maxSize: whole(1, 1000).default(6).describe("Most nodes. Default: 6"),
  diskGiB: whole(20, 16384)
    .default(50)
    .describe("Size of each node's encrypted gp3 disk in GiB. Default: 50"),
});

const acu = (min: number) => {
  const must = `must be ${min} to 256 Aurora capacity units, in steps of 0.5`;
  return z.number(must).min(min, must).max(256, must).multipleOf(0.5, must);
};

const capacity = z.union(
  [
    z.strictObject({
      minAcu: acu(0).describe("Fewest Aurora capacity units (2 GiB of memory each); 0 pauses when idle"),
      maxAcu: acu(1).describe("Most Aurora capacity units"),
    }),
    z.strictObject({
      instanceClass: z
        .string()
        .regex(/^db\.[a-z0-9-]+\.[a-z0-9-]+$/, "must be an RDS instance class such as db.r8g.large")
        .describe("Instance class of the writer and every reader"),
    }),
  ],
  "must be serverless { minAcu, maxAcu } or provisioned { instanceClass }",
);

/**
 * The environment file: what a platform team edits. Every description ends up in environment.schema.json, where
 * editors show it; every default is the one a small production wants.
 */
export const environmentSchema = z.strictObject({
  name: z
    .string()
    .regex(
      // Security groups are named after it, and EC2 refuses names that start with sg-.
      /^(?!sg(-|$))[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/,
      "must be 1 to 12 lower-case letters, digits and hyphens, starting with a letter (but not with sg-) and not ending with a hyphen",
    )
    .describe("Prefix of stack ids and resource names, at most 12 characters. It cannot change later"),
  account: z
    .string()
    .regex(/^\d{12}$/, 'must be the 12 digits of an AWS account id, in quotes: "123456789012"')
    .describe("AWS account id, in quotes; Terraform refuses to touch any other account"),
  region: region.describe("AWS region; the partition (aws, aws-cn, aws-us-gov) follows from it"),
  tags: z
    .record(tagKey, tagText(256))
    .refine((tags) => Object.keys(tags).length <= 40, "must hold at most 40 tags (AWS allows 50 in all)")
    .default({})
    .describe("Tags on every resource"),
  backend: z
    .strictObject({
      bucket: z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
          "must be the name of an S3 bucket: 3 to 63 lower-case letters, digits, dots and hyphens",
        )
        .describe("S3 bucket that holds the state files, versioned and encrypted"),
      region: region.describe("The bucket's region"),
    })
    .optional()
    .describe("Where Terraform keeps its state: S3 with a lock file. Omitted: local files, for trials only"),
  network: z
    .strictObject({
      existing: existingNetwork
        .optional()
        .describe("A VPC that is there already, in place of everything else here. Default: one is made"),
      cidr: cidr
        .default("10.0.0.0/16")
        .describe("The VPC's private IPv4 block, /16 to /24. Default: 10.0.0.0/16. It cannot change later"),
      availabilityZones: z
        .union(
          [
            whole(2, 6),
            z
              .array(
                z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "must be a zone name such as eu-west-1a"),
              )
              .min(2)
              .max(6),
          ],
          "must be how many zones, 2 to 6, or a list of their names",
        )
        .optional()
        .describe(
          "How many zones (2 to 6), or a list of their names. Default: 3, or 2 where the region has two",
        ),
      natGateways: z
        .enum(["none", "single", "per-zone"])
        .default("single")
        .describe(
          "single is cheaper; per-zone survives the loss of a zone; none needs interface endpoints for all that nodes use. Default: single",
        ),
      interfaceEndpoints: z
        .array(
          z
            .string()
            .regex(
              /^[a-z0-9]+([.-][a-z0-9]+)*$/,
              "must be a service as in com.amazonaws.<region>.<service>, for example ecr.api",
            ),
        )
        .default([])
        .describe(
          "AWS services reached without leaving the VPC, priced per zone and hour. Default: none; S3 always is, for free",
        ),
      flowLogsRetentionDays: logRetentionDays
        .default(365)
        .describe("Days that VPC flow logs are kept. Default: 365"),
    })
    .prefault({}),
  cluster: z
    .strictObject({
      existing: existingCluster
        .optional()
        .describe(
          "An EKS cluster that is there already, in place of everything else here. Default: one is made",
        ),
      version: z
        .string()
        .regex(/^1\.(2[89]|[3-9]\d)$/, 'must be a Kubernetes minor version in quotes, such as "1.34"')
        .default("1.34")
        .describe('Kubernetes version, in quotes. Default: "1.34"'),
      publicAccessCidrs: z
        .array(cidr)
        .default([])
        .describe(
          "Blocks that may reach the Kubernetes API from outside. Default: none, private endpoint only",
        ),
      administrators: z
        .array(principalArn)
        .optional()
        .describe(
          "IAM roles or users that administer the cluster. Default: whoever first deploys it; []: entries are managed elsewhere",
        ),
      addons: z
        .array(
          z
            .string()
            .regex(/^[a-z0-9][a-z0-9-]*$/, "must be the name of an EKS add-on such as metrics-server"),
        )
        .default(["coredns", "kube-proxy", "vpc-cni"])
        .describe(
          "EKS add-ons, each at the default version for the cluster's; without vpc-cni, bring a network of your own. Default: coredns, kube-proxy, vpc-cni",
        ),
      nodeGroups: z
        .record(dnsLabel.max(40), nodeGroup)
        .refine((groups) => Object.keys(groups).length > 0, "must hold at least one node group")
        .prefault({ general: {} })
        .describe("Managed node groups by name. Default: one, general"),
      logsRetentionDays: logRetentionDays
        .default(365)
        .describe("Days that control-plane logs are kept. Default: 365"),
    })
    .prefault({}),
  database: z
    .strictObject({
      existing: existingDatabase
        .optional()
        .describe(
          "A database that is there already; beside it only bastion, caBundle, deletionProtection and, for the bastion, logsRetentionDays apply. Default: one is made",
        ),
      engineVersion: z
        .string()
        .regex(
          /^1[5-8]\.\d{1,2}$/,
          'must be an Aurora PostgreSQL version from 15 on, in quotes, such as "17.5"',
        )
        .default("17.5")
        .describe('Aurora PostgreSQL version, 15 or later, in quotes. Default: "17.5"'),
      capacity: capacity
        .default({ minAcu: 0.5, maxAcu: 8 })
        .describe(
          "Serverless { minAcu, maxAcu } or provisioned { instanceClass }. Default: { minAcu: 0.5, maxAcu: 8 }",
        ),
      readers: whole(0, 15)
        .default(1)
        .describe("Replicas in other zones, which a failover promotes. Default: 1"),
      backupRetentionDays: whole(1, 35).default(14).describe("Days of point-in-time recovery. Default: 14"),
      deletionProtection: z
        .boolean()
        .default(true)
        .describe(
          "Refuse to delete the database cluster, the EKS cluster, their keys, databases, schemas and namespaces; false is how to do it on purpose. Default: true",
        ),
      bastion: z
        .boolean()
        .optional()
        .describe(
          "An instance without address or open port that Session Manager reaches. Default: true; false for an existing database",
        ),
      alarmTopicArn: arn("sns", /[a-z0-9-]+:\d{12}:[\w-]{1,256}/, "arn:aws:sns:eu-west-1:123456789012:oncall")
        .optional()
        .describe("SNS topic that alarms notify. Default: alarms only show in CloudWatch"),
      caBundle: z
        .string()
        .regex(/^[\w./ -]{1,255}$/, "must be the path of a PEM file, relative to this one")
        .optional()
        .describe(
          "PEM file with the region's RDS CA certificates. Default: those that come with the project, which lacks only the newest regions, China and GovCloud",
        ),
      logsRetentionDays: logRetentionDays
        .default(365)
        .describe("Days that PostgreSQL logs are kept. Default: 365"),
    })
    .prefault({}),
  access: z
    .strictObject({
      permissionsBoundary: arn(
        "iam",
        /:\d{12}:policy\/[\w+=,.@/-]{1,512}/,
        "arn:aws:iam::123456789012:policy/boundary",
      )
        .optional()
        .describe("IAM policy set as permissions boundary on every identity's role. Default: none"),
      databases: z
        .record(postgresqlName, z.array(postgresqlName).min(1))
        .refine((databases) => Object.keys(databases).length > 0, "must declare at least one database")
        .describe("Databases and the schemas in each"),
      services: z
        .record(identityKey, service)
        .default({})
        .describe("Services on EKS by name; each gets an IAM role, a ServiceAccount and a database user"),
      people: z
        .record(identityKey, person)
        .default({})
        .describe("Groups of people by name; each gets an IAM role to assume and a database user"),
    })
    .describe("Who can do what in which schema"),
  demo: demo
    .optional()
    .describe("The message board, deployed as two of the services above. Default: not deployed"),
});

/** An environment file with every default filled in. */
export type EnvironmentFile = z.output<typeof environmentSchema>;
