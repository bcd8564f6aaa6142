import { fromHttp, fromTemporaryCredentials, fromWebToken } from "@aws-sdk/credential-providers";
import { unreachable } from "../../lib/unreachable";
import { iamRoleArn } from "../../model/access/iam";
import type { IdentityPlan, PeopleIdentity, ServiceIdentity } from "../../model/access/identity";
import { POD_IDENTITY } from "../../model/aws/pod-identity";
import type { Runtime } from "../../model/config/access/place";
import { instanceCredentials } from "./instance-credentials";
import type { PasswordlessPath } from "./passwordless-path";
import type { Credentials } from "./sign-in";
import type { SignIn } from "./token-service/token-service";

/** Name of every session; AWS wants 2 to 64 characters, which an identity's key need not have. */
const SESSION = "laptop";

/**
 * How people of a group sign in, so that their session meets the group's conditions.
 * @param member who of its members. @default it has none
 */
export function signInOf(
  { requireMfa, requireSourceIdentity }: PeopleIdentity,
  member: string | undefined,
): SignIn {
  const sessionName = member ?? SESSION;
  return {
    sessionName,
    mfa: requireMfa ?? false,
    ...(requireSourceIdentity && { sourceIdentity: sessionName }),
  };
}

/** Who takes a role, and how. */
export interface RoleTaking {
  /** Who of the members of a group of people. @default it has none */
  readonly member?: string;
  /** How people have signed in. @default as their group's conditions want it */
  readonly signIn?: SignIn;
  /** What people ask the session to be called. @default the member's name */
  readonly sessionName?: string;
  /** As whom of those that the identity lists. @default the first */
  readonly principal?: string;
  /** What listed principals say. @default the identity's external id */
  readonly externalId?: string | null;
  /** How a pod does. @default by Pod Identity where its service does so, even if it may by IRSA as well */
  readonly podBy?: "irsa" | "pod-identity";
}

/**
 * Takes an IAM role as an identity does on AWS, by the unmodified AWS SDK: a service by the token of its ServiceAccount or by
 * Pod Identity, a workload by what it runs on, people and listed principals as the first of these. Whose own role is another
 * asks for it with that.
 * @param target whose role; others than its own are refused
 * @throws an error when it is refused, with the name or the code AccessDenied
 */
export async function takeRole(
  path: PasswordlessPath,
  identity: IdentityPlan,
  target: IdentityPlan,
  taking: RoleTaking = {},
): Promise<Credentials> {
  const { member, signIn, sessionName = member ?? SESSION } = taking;
  const roleArn = iamRoleArn(path.plan, target);
  const clientConfig = { endpoint: path.stsUrl, region: path.plan.region, maxAttempts: 1 };
  const assume = (masterCredentials: Credentials, ExternalId?: string) =>
    fromTemporaryCredentials({
      params: {
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        ...(ExternalId !== undefined && { ExternalId }),
      },
      masterCredentials,
      clientConfig,
    })();
  const own = identity.iamRole === target.iamRole;
  switch (identity.kind) {
    case "service": {
      const { podBy = identity.takesRoleBy === undefined ? "irsa" : "pod-identity" } = taking;
      if (own && podBy === "pod-identity") return podCredentials(path, identity);
      const webIdentityToken = await path.serviceAccountToken(identity);
      return fromWebToken({ roleArn, webIdentityToken, roleSessionName: SESSION, clientConfig })();
    }
    case "workload":
      if (own) return WORKLOADS[identity.runsOn](path, roleArn);
      return assume(await takeRole(path, identity, identity));
    case "role":
      return own ? path.signIn(roleArn) : assume(path.signIn(iamRoleArn(path.plan, identity)));
    case "principals": {
      const { externalId = identity.externalId } = taking;
      return assume(path.signIn(taking.principal ?? firstOf(identity)), externalId ?? undefined);
    }
    case "people":
      return assume(path.signIn(taking.principal ?? firstOf(identity), signIn ?? signInOf(identity, member)));
    default:
      return unreachable(identity);
  }
}

/** The principal as which somebody of several signs in. */
export function firstOf({ key, principals }: Pick<PeopleIdentity, "key" | "principals">): string {
  const [first] = principals;
  if (first === undefined) throw new Error(`${key} has no principal to sign in as.`);
  return first;
}

/** A task that is refused stays so: it asks once. A busy machine may take longer than the second that the SDK waits. */
const ONCE = { maxRetries: 0, timeout: 60_000 };

async function podCredentials(path: PasswordlessPath, service: ServiceIdentity): Promise<Credentials> {
  return fromHttp({
    ...ONCE,
    awsContainerCredentialsFullUri: path.podIdentityUrl,
    awsContainerAuthorizationToken: await path.serviceAccountToken(service, POD_IDENTITY),
  })();
}

/** How a workload gets the credentials of its role from what it runs on. */
const WORKLOADS: Readonly<
  Record<Runtime, (path: PasswordlessPath, roleArn: string) => Promise<Credentials>>
> = {
  lambda: async (path, roleArn) => path.workloads.invoke(roleArn),
  ecs: async (path, roleArn) => {
    const { url, authorization } = path.workloads.run(roleArn);
    return fromHttp({
      ...ONCE,
      awsContainerCredentialsFullUri: url,
      awsContainerAuthorizationToken: authorization,
    })();
  },
  ec2: async (path, roleArn) => instanceCredentials(await path.workloads.launch(roleArn)),
};
