import { z } from "zod";
import { ADMIN_USER } from "../../postgresql/names";
import { arn, ec2Id, logRetentionDays, postgresqlName, whole } from "../fields";
import { proxy } from "./proxy";

const identifier = z
  .string()
  .regex(
    /^(?=.{1,63}$)[a-z](-?[a-z0-9])*$/,
    "must be an RDS identifier: at most 63 lower-case letters, digits and single hyphens, starting with a letter",
  );

/** A database that is there already: `database.existing`. */
const existing = z.strictObject({
  cluster: identifier.optional().meta({
    description: "Identifier of the Aurora PostgreSQL cluster (or Multi-AZ DB cluster); this, or instance",
    omitted: "see instance",
    examples: ["shop"],
  }),
  instance: identifier.optional().meta({
    description: "Identifier of the RDS for PostgreSQL instance, of no cluster; this, or cluster",
    omitted: "see cluster",
    examples: ["shop"],
  }),
  port: whole(1150, 65535)
    .default(5432)
    .meta({ description: "Port it listens on", examples: [5432] }),
  securityGroupId: ec2Id("sg")
    .optional()
    .meta({
      description: "Which of its security groups gets the rules for the EKS cluster",
      omitted: "the only one",
      examples: ["sg-0123456789abcdef0"],
    }),
  adminUser: postgresqlName.default(ADMIN_USER).meta({
    description: "Database user that Terraform works as, with CREATEROLE and CREATEDB",
    examples: [ADMIN_USER],
  }),
  adminSecretArn: arn(
    "secretsmanager",
    /[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]{1,512}/,
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:admin-AbCdEf",
  )
    .optional()
    .meta({
      description: "Secret with the admin's username and password, as JSON",
      omitted: "the one RDS manages for its master user",
      examples: ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:admin-AbCdEf"],
    }),
});

const capacityUnits = (min: number) => {
  const must = `must be ${min} to 256 Aurora capacity units, in steps of 0.5`;
  return z.number(must).min(min, must).max(256, must).multipleOf(0.5, must);
};

const capacity = z.union(
  [
    z
      .strictObject({
        minAcu: capacityUnits(0).meta({
          description: "Fewest Aurora capacity units, of 2 GiB of memory each; 0 pauses when idle",
          examples: [0.5],
        }),
        maxAcu: capacityUnits(1).meta({ description: "Most Aurora capacity units", examples: [8] }),
      })
      .meta({ title: "serverless", description: "Serverless: grows and shrinks with the load" }),
    z
      .strictObject({
        instanceClass: z
          .string()
          .regex(/^db\.[a-z0-9-]+\.[a-z0-9-]+$/, "must be an RDS instance class such as db.r8g.large")
          .meta({
            description: "Instance class of the writer and every reader",
            examples: ["db.r8g.large", "db.r7g.large", "db.t4g.medium"],
          }),
      })
      .meta({ title: "provisioned", description: "Provisioned: instances of one class" }),
  ],
  "must be serverless { minAcu, maxAcu } or provisioned { instanceClass }",
);

/** The database: `database`. */
export const database = z
  .strictObject({
    existing: existing.optional().meta({
      description: "A database that is there already, in place of most of this section",
      omitted: "one is made",
      examples: [{ cluster: "shop" }],
    }),
    engineVersion: z
      .string()
      .regex(
        /^1[5-8]\.\d{1,2}$/,
        'must be an Aurora PostgreSQL version from 15 on, in quotes, such as "17.10"',
      )
      .default("17.10")
      .meta({
        description: "Aurora PostgreSQL version, 15 or later, in quotes",
        examples: ["17.10"],
        later: "Later it only goes up",
      }),
    capacity: capacity.default({ minAcu: 0.5, maxAcu: 8 }).meta({
      description: "Serverless { minAcu, maxAcu }, or provisioned { instanceClass }",
      examples: [{ minAcu: 0.5, maxAcu: 8 }],
      defaultSnippets: [
        {
          label: "minAcu and maxAcu",
          description: "Serverless: grows and shrinks with the load",
          body: { minAcu: "${1:0.5}", maxAcu: "${2:8}" },
        },
      ],
    }),
    readers: whole(0, 15)
      .default(1)
      .meta({ description: "Replicas in other zones, which a failover promotes", examples: [1] }),
    backupRetentionDays: whole(1, 35)
      .default(14)
      .meta({ description: "Days of point-in-time recovery", examples: [14] }),
    deletionProtection: z
      .boolean()
      .default(true)
      .meta({
        description:
          "Whether to refuse to delete the database cluster, the EKS cluster, their keys, databases, schemas and namespaces; false is how to do it on purpose",
        examples: [false],
        besideExisting: true,
      }),
    bastion: z
      .boolean()
      .optional()
      .meta({
        description:
          "Whether there is an instance, without address or open port, that Session Manager tunnels through",
        omitted: "true; false for an existing database",
        examples: [true],
        besideExisting: true,
      }),
    proxy: proxy.optional().meta({
      description:
        "RDS Proxy, a pool of connections that services log in to with IAM, in place of the database; {} takes every default",
      omitted: "everybody connects to the database itself",
      examples: [{ connectionsPercent: 80 }],
      besideExisting: true,
    }),
    alarmTopicArn: arn("sns", /[a-z0-9-]+:\d{12}:[\w-]{1,256}/, "arn:aws:sns:eu-west-1:123456789012:oncall")
      .optional()
      .meta({
        description: "SNS topic that alarms notify, those of the proxy and of the job that verifies as well",
        omitted: "alarms only show in CloudWatch",
        examples: ["arn:aws:sns:eu-west-1:123456789012:oncall"],
        besideExisting: true,
      }),
    dashboard: z
      .boolean()
      .default(false)
      .meta({
        description:
          "Whether there is a CloudWatch dashboard: the alarms' states, what they look at, and lines of the logs",
        examples: [true],
        besideExisting: true,
      }),
    caBundle: z
      .string()
      .regex(/^[\w./ -]{1,255}$/, "must be the path of a PEM file, relative to this one")
      .optional()
      .meta({
        description: "PEM file with the CA certificates of RDS in the region, by its path from this file",
        omitted: "those that come with the project, which lacks only the newest regions, China and GovCloud",
        examples: ["rds-ca.pem"],
        besideExisting: true,
      }),
    logsRetentionDays: logRetentionDays.default(365).meta({
      description: "Days that PostgreSQL's logs are kept, and those of the bastion and the proxy",
      examples: [30],
      besideExisting: true,
    }),
  })
  .prefault({})
  .meta({
    description: "The Aurora PostgreSQL cluster, and the bastion",
    examples: [
      { readers: 1 },
      {
        engineVersion: "17.10",
        capacity: { minAcu: 0.5, maxAcu: 8 },
        readers: 1,
        backupRetentionDays: 14,
        alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:oncall",
      },
    ],
  });
