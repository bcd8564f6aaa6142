import { z } from "zod";
import { ADMIN_USER } from "../postgresql/names";
import { arn, ec2Id, postgresqlName, whole } from "./fields";

const subnetIds = z.array(ec2Id("subnet"));

/** A VPC that is there already: `network.existing`. */
export const existingNetwork = z.strictObject({
  vpcId: ec2Id("vpc").describe("Id of the VPC"),
  privateSubnetIds: subnetIds
    .min(2)
    .describe("Subnets for nodes, pods and the bastion, in at least two zones, with a way to AWS services"),
  databaseSubnetIds: subnetIds
    .min(2)
    .describe(
      "Subnets of the database, in at least two zones; an existing database must be in no others than these",
    ),
  publicSubnetIds: subnetIds.default([]).describe("Subnets for public load balancers. Default: none"),
});

/** An EKS cluster that is there already: `cluster.existing`. */
export const existingCluster = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/,
      "must be the name of an EKS cluster: at most 100 letters, digits, _ and -",
    )
    .describe("Name of the EKS cluster"),
  createOidcProvider: z
    .boolean()
    .default(false)
    .describe("Create the cluster's OIDC provider in IAM. Default: false, it is there already"),
  securityGroupId: ec2Id("sg")
    .optional()
    .describe(
      "Security group that nodes, and so their pods, carry. Default: the one EKS created; self-managed nodes and some modules use another",
    ),
});

const identifier = z
  .string()
  .regex(
    /^(?=.{1,63}$)[a-z](-?[a-z0-9])*$/,
    "must be an RDS identifier: at most 63 lower-case letters, digits and single hyphens, starting with a letter",
  );

/** A database that is there already: `database.existing`. */
export const existingDatabase = z.strictObject({
  cluster: identifier
    .optional()
    .describe("Identifier of the Aurora PostgreSQL cluster (or Multi-AZ DB cluster); this, or instance"),
  instance: identifier
    .optional()
    .describe("Identifier of the RDS for PostgreSQL instance, of no cluster; this, or cluster"),
  port: whole(1150, 65535).default(5432).describe("Port it listens on. Default: 5432"),
  securityGroupId: ec2Id("sg")
    .optional()
    .describe("Which of its security groups gets the rules for the EKS cluster. Default: the only one"),
  adminUser: postgresqlName
    .default(ADMIN_USER)
    .describe(`Login that Terraform works as, with CREATEROLE and CREATEDB. Default: ${ADMIN_USER}`),
  adminSecretArn: arn(
    "secretsmanager",
    /[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]{1,512}/,
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:admin-AbCdEf",
  )
    .optional()
    .describe(
      "Secret with the admin's username and password, as JSON. Default: the one RDS manages for its master user",
    ),
});
