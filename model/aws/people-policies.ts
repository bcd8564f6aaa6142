import type { PolicyStatement } from "./policy-document";

type Conditions = NonNullable<PolicyStatement["Condition"]>;

/** Who may take the IAM role of a group of people or of listed principals, as the environment file and the access plan both say it. */
export interface PeopleTrust {
  /** ARNs of IAM roles and users. */
  readonly principals: readonly string[];
  /**
   * What they must say, so that a third party that takes roles for many is not led to the wrong one's. @default nothing
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
   */
  readonly externalId?: string;
  /** Only sessions that were signed in to with a second factor. @default false */
  readonly requireMfa?: boolean;
  /** Only sessions that carry a source identity. @default false */
  readonly requireSourceIdentity?: boolean;
  /** Session names of the members, sorted. @default whoever the principals are */
  readonly members?: readonly string[];
  /** When it ends: an instant in UTC. @default never */
  readonly until?: string;
}

/**
 * Whoever's session has the name that is asked for the new one: a pattern for `aws:userid`, which is `AROA…:<name>` in
 * sessions of a role. IAM puts in the name when it decides; where it has none, the condition is not met.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export const WITH_SESSION_NAME = "*:${sts:RoleSessionName}";

/**
 * Trusts the listed principals, under the conditions of the group. Members are asked for in their own names alone. A
 * session carries a source identity either from its own sign-in on (`aws:SourceIdentity`) or from this call
 * (`sts:SourceIdentity`); to take a role with one takes an action more.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export function peopleTrust({
  principals,
  externalId,
  requireMfa,
  requireSourceIdentity,
  members,
  until,
}: PeopleTrust): PolicyStatement[] {
  const trust = { Effect: "Allow", Principal: { AWS: principals } } as const;
  const said = {
    ...(externalId !== undefined && { "sts:ExternalId": externalId }),
    ...(members && { "sts:RoleSessionName": members }),
  };
  const conditions: Conditions = {
    ...(requireMfa && { Bool: { "aws:MultiFactorAuthPresent": "true" } }),
    ...(Object.keys(said).length > 0 && { StringEquals: said }),
    ...(members && { StringLike: { "aws:userid": WITH_SESSION_NAME } }),
    ...endingAt(until),
  };
  if (!requireSourceIdentity) return [{ ...trust, Action: "sts:AssumeRole", ...under(conditions) }];
  return ["aws:SourceIdentity", "sts:SourceIdentity"].map((key) => ({
    ...trust,
    Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
    ...under({ ...conditions, Null: { [key]: "false" } }),
  }));
}

/** IAM itself looks at the time: nothing has to run for access to end. */
function endingAt(until: string | undefined): Conditions {
  return until === undefined ? {} : { DateLessThan: { "aws:CurrentTime": until } };
}

function under(conditions: Conditions): Pick<PolicyStatement, "Condition"> {
  return Object.keys(conditions).length === 0 ? {} : { Condition: conditions };
}

/**
 * Characters that a trust policy may have, white space not counted, unless the account's quota is higher.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
 */
export const MAX_TRUST_POLICY = 2_048;

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
  /** When it ends, for sessions that were taken before, too: an instant in UTC. @default never */
  readonly until?: string;
}

/**
 * Allows connecting to one database cluster as one database user, and nothing else.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 */
export function connectStatement(
  { partition, region, account }: InAccount,
  { databaseResourceId, databaseUser, member, until }: ConnectAs,
): PolicyStatement {
  return {
    Effect: "Allow",
    Action: "rds-db:connect",
    Resource: databaseUserArn({ partition, region, account }, databaseResourceId, databaseUser),
    ...under({
      ...(member !== undefined && { StringLike: { "aws:userid": `*:${member}` } }),
      ...endingAt(until),
    }),
  };
}

/** Allows connecting to one database cluster as each of these database users, and nothing else. */
export function connectManyStatement(
  within: InAccount,
  databaseResourceId: string,
  databaseUsers: readonly string[],
): PolicyStatement {
  return {
    Effect: "Allow",
    Action: "rds-db:connect",
    Resource: databaseUsers.map((user) => databaseUserArn(within, databaseResourceId, user)),
  };
}

function databaseUserArn({ partition, region, account }: InAccount, resourceId: string, user: string) {
  return `arn:${partition}:rds-db:${region}:${account}:dbuser:${resourceId}/${user}`;
}
