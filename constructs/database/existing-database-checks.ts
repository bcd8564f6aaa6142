import type { Postcondition } from "cdktf";
import type { ExistingDatabase } from "../../model/config/environment";
import { postcondition } from "../shared/postcondition";

/** Options for a database that is there already, whether cluster or instance. */
export interface ExistingDatabaseProps {
  /** Which it is, how to reach it and log in. */
  readonly existing: ExistingDatabase;
  /** AWS region, for the commands in messages. */
  readonly region: string;
  /** VPC it must be in. */
  readonly vpcId: string;
  /** Subnets of which it may use any, and no others. */
  readonly subnetIds: readonly string[];
}

/** Names under which a data source of RDS has what both kinds of database have. */
export interface ExistingDatabaseAttributes {
  /** What the messages call it, such as `the cluster shop`. */
  readonly subject: string;
  /** The AWS CLI command that changes it, up to its options. */
  readonly modify: string;
  /** Attribute with the ids of its security groups. */
  readonly securityGroups: string;
}

/** Oldest major version of PostgreSQL that the access model is right for: before, PUBLIC may create in `public`. */
const OLDEST_VERSION = 15;

/** What RDS calls the engines that are PostgreSQL, in Terraform's expression language. */
export const POSTGRESQL_ENGINES = '["aurora-postgresql", "postgres"]';

/** What any existing database must be like, whether cluster or instance; each says how to make it so. */
export function existingDatabaseChecks(
  config: ExistingDatabase,
  { subject, modify, securityGroups }: ExistingDatabaseAttributes,
): Postcondition[] {
  const { port, securityGroupId, adminUser, adminSecretArn } = config;
  const groups = `self.${securityGroups}`;
  const groupList = `\${join(", ", ${groups})}`;
  return [
    postcondition(
      `!contains(${POSTGRESQL_ENGINES}, self.engine) || try(tonumber(split(".", self.engine_version)[0]), 0) >= ${OLDEST_VERSION}`,
      `${sentence(subject)} runs \${self.engine} \${self.engine_version}, and PostgreSQL ${OLDEST_VERSION} is the oldest version supported. Upgrade it first: ${modify} --engine-version <version> --allow-major-version-upgrade`,
    ),
    postcondition(
      `self.port == ${port}`,
      `${sentence(subject)} listens on port \${self.port}, not ${port}. Set database.existing.port: \${self.port}`,
    ),
    securityGroupId
      ? postcondition(
          `contains(${groups}, "${securityGroupId}")`,
          `${sentence(subject)} does not carry the security group ${securityGroupId}. It has ${groupList}: set database.existing.securityGroupId to one of them.`,
        )
      : postcondition(
          `length(${groups}) == 1`,
          `${sentence(subject)} has \${length(${groups})} security groups (${groupList}). Set database.existing.securityGroupId to the one that may get rules from here.`,
        ),
    ...(adminSecretArn
      ? []
      : [
          postcondition(
            // Null, not empty, where RDS manages none.
            "try(length(self.master_user_secret), 0) > 0",
            `RDS does not manage the password of ${subject}. Let it, which also changes the password: ${modify} --manage-master-user-password --apply-immediately. Or set database.existing.adminSecretArn to a secret with username and password.`,
          ),
          postcondition(
            `self.master_username == "${adminUser}"`,
            `The master user of ${subject} is \${self.master_username}, not ${adminUser}. Set database.existing.adminUser: \${self.master_username}`,
          ),
        ]),
  ];
}

/** IAM authentication is what every login of the environment needs. */
export function iamAuthenticationCheck(
  condition: string,
  { subject, modify }: ExistingDatabaseAttributes,
): Postcondition {
  return postcondition(
    condition,
    `IAM authentication is off on ${subject}. Turn it on: ${modify} --enable-iam-database-authentication --apply-immediately`,
  );
}

/** No instance has an address outside the VPC. @param identifier of the instance, or a reference to it */
export function notPublicCheck(identifier: string, region: string): Postcondition {
  return postcondition(
    "!self.publicly_accessible",
    `The database instance ${identifier} has a public address. Take it away: aws rds modify-db-instance --db-instance-identifier ${identifier} --no-publicly-accessible --apply-immediately --region ${region}`,
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
