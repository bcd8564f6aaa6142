import type { PolicyStatement } from "./policy-document";

/** Who may take the IAM role of a group of people, as the environment file and the access plan both say it. */
export interface PeopleTrust {
  /** ARNs of IAM roles and users. */
  readonly principals: readonly string[];
  /** Only sessions that were signed in to with a second factor. @default false */
  readonly requireMfa?: boolean;
  /** Only sessions that carry a source identity. @default false */
  readonly requireSourceIdentity?: boolean;
  /** Session names of the members, sorted. @default whoever the principals are */
  readonly members?: readonly string[];
}

/**
 * Trusts the listed principals, under the conditions of the group. A session carries a source identity either from its own
 * sign-in on (`aws:SourceIdentity`) or from this call (`sts:SourceIdentity`); to take a role with one takes an action more.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export function peopleTrust({
  principals,
  requireMfa,
  requireSourceIdentity,
}: PeopleTrust): PolicyStatement[] {
  const trust = { Effect: "Allow", Principal: { AWS: principals } } as const;
  const mfa = requireMfa && { Bool: { "aws:MultiFactorAuthPresent": "true" } };
  if (!requireSourceIdentity) return [{ ...trust, Action: "sts:AssumeRole", ...(mfa && { Condition: mfa }) }];
  return ["aws:SourceIdentity", "sts:SourceIdentity"].map((key) => ({
    ...trust,
    Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
    Condition: { ...mfa, Null: { [key]: "false" } },
  }));
}

/** Where a database cluster is. */
export interface InAccount {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** A database user that an IAM role may connect as. */
export interface ConnectAs {
  /** Region-unique, immutable id of the database cluster (`cluster-ABC…`) or instance (`db-ABC…`), not its name. */
  readonly databaseResourceId: string;
  readonly databaseUser: string;
  /** Session name of the only one who may. @default whoever takes the role */
  readonly member?: string;
}

/**
 * Allows connecting to one database cluster as one database user, and nothing else.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export function connectStatement(
  { partition, region, account }: InAccount,
  { databaseResourceId, databaseUser }: ConnectAs,
): PolicyStatement {
  return {
    Effect: "Allow",
    Action: "rds-db:connect",
    Resource: `arn:${partition}:rds-db:${region}:${account}:dbuser:${databaseResourceId}/${databaseUser}`,
  };
}
