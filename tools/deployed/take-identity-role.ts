import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { unreachable } from "../../lib/unreachable";
import { UserError } from "../../lib/user-error";
import { iamRoleArn } from "../../model/access/iam";
import type { IdentityPlan, PeopleIdentity, PrincipalsIdentity } from "../../model/access/identity";
import type { AccessPlan } from "../../model/access/plan";
import type { Aws } from "./aws-cli";
import { roleRefusal, rolesOwn } from "./role-refusal";

/** Credentials that end. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** @default not known */
  readonly expiration?: Date;
}

/** Gives credentials of a role, and new ones before those end. */
export type Credentials = () => Promise<SessionCredentials>;

/** Whose role is taken, and who takes it. */
export interface RoleTaking {
  readonly plan: AccessPlan;
  readonly identity: IdentityPlan;
  /** Who of the members of a group of people. @default it has none */
  readonly member?: string;
  /** ARN of whoever calls, as STS says it. */
  readonly caller: string;
  readonly aws: Aws;
}

/** Name of sessions of those whose own sessions have none. */
const SESSION = "as";

/** Credentials are renewed as long as this before their end: a token is no good without them. */
const SPARE_MS = 300_000;

/** The name of whoever's session it is; undefined of an IAM user or another account's root. */
export function sessionNameOf(caller: string): string | undefined {
  return /:assumed-role\/.*\/([\w+=,.@-]{2,64})$/.exec(caller)?.[1];
}

/**
 * Credentials of an identity's IAM role for whoever calls: by AssumeRole of the AWS CLI, which finds the same caller as it did
 * before, also one who signed in with it by a second factor. Only people's and listed principals' roles trust anybody; of
 * others the caller has to be what runs there.
 * @throws UserError when the role is not to be had so
 */
export async function takeIdentityRole(taking: RoleTaking): Promise<Credentials> {
  const { plan, identity, caller } = taking;
  if (caller.includes(`:assumed-role/${identity.iamRole}/`)) {
    return fromNodeProviderChain({ clientConfig: { region: plan.region } });
  }
  switch (identity.kind) {
    case "service":
    case "workload":
    case "role":
      throw new UserError([rolesOwn(plan, identity, caller)]);
    case "principals":
    case "people": {
      const credentials = renewed(() => assume(taking, identity));
      await credentials();
      return credentials;
    }
    default:
      return unreachable(identity);
  }
}

async function assume(
  { plan, member, caller, aws }: RoleTaking,
  identity: PeopleIdentity | PrincipalsIdentity,
): Promise<SessionCredentials> {
  const sessionName = member ?? sessionNameOf(caller) ?? SESSION;
  const externalId = identity.kind === "principals" ? identity.externalId : undefined;
  const call = (...more: readonly string[]) =>
    aws([
      ...["sts", "assume-role", "--region", plan.region, "--output", "json"],
      ...["--role-arn", iamRoleArn(plan, identity), "--role-session-name", sessionName],
      // AWS takes it for no secret: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
      ...(externalId === undefined ? [] : ["--external-id", externalId]),
      ...more,
    ]);
  // A session that has a source identity keeps it, and may say no other; one that has none says its name.
  const needsSource = identity.kind === "people" && identity.requireSourceIdentity === true;
  try {
    return sessionIn(
      await call().catch((error: unknown) => {
        if (needsSource && isDenied(error)) return call("--source-identity", sessionName);
        throw error;
      }),
    );
  } catch (error) {
    if (!isDenied(error)) throw error;
    throw new UserError([roleRefusal(identity, { caller, said: saidBy(error), sessionName })]);
  }
}

function isDenied(error: unknown): boolean {
  return /\(AccessDenied\)/.test(saidBy(error));
}

/** What the AWS CLI said, all of it. */
function saidBy(error: unknown): string {
  return error instanceof UserError ? String(error.cause) : "";
}

function sessionIn(answer: string): SessionCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Object(JSON.parse(answer)).Credentials;
  return {
    accessKeyId: String(AccessKeyId),
    secretAccessKey: String(SecretAccessKey),
    sessionToken: String(SessionToken),
    expiration: new Date(String(Expiration)),
  };
}

/** Two at once take the role once, and a failure is not kept. */
function renewed(take: () => Promise<SessionCredentials>): Credentials {
  let taken: Promise<SessionCredentials> | undefined;
  let good = 0;
  return () => {
    if (taken && Date.now() < good) return taken;
    good = Number.POSITIVE_INFINITY;
    taken = take().then(
      (session) => {
        good = (session.expiration?.getTime() ?? 0) - SPARE_MS;
        return session;
      },
      (error: unknown) => {
        good = 0;
        throw error;
      },
    );
    return taken;
  };
}
