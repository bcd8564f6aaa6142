import { basename } from "node:path";
import { unreachable } from "../../lib/unreachable";
import { iamRoleArn } from "../../model/access/iam";
import type {
  IdentityPlan,
  Login,
  PeopleIdentity,
  PrincipalsIdentity,
  ServiceIdentity,
} from "../../model/access/identity";
import { POD_IDENTITY } from "../../model/aws/pod-identity";
import type { Runtime } from "../../model/config/access/place";
import type { PasswordlessPath } from "./passwordless-path";
import type { Variables } from "./run-board";
import { firstOf, signInOf } from "./take-role";
import type { SessionCredentials } from "./token-service/local-iam";
import { sha256 } from "./token-service/signature";

/** Writes a file of this name, which nobody else can read, and returns its path. */
export type Write = (name: string, text: string) => string;

/** Somebody who has files, and what these are called. */
export interface Holder extends Login {
  readonly name: string;
}

/**
 * What an identity takes its IAM role with where it runs, as environment variables. What ends in a while is of now: files are
 * written anew each time.
 */
export async function credentialVariables(
  path: PasswordlessPath,
  identity: IdentityPlan,
  holder: Holder,
  write: Write,
): Promise<Variables> {
  switch (identity.kind) {
    case "service":
      return { ...withoutProfiles(write), ...(await podVariables(path, identity, write)) };
    case "workload":
      return {
        ...withoutProfiles(write),
        ...(await WORKLOADS[identity.runsOn](path, iamRoleArn(path.plan, identity))),
      };
    case "role":
      return { ...withoutProfiles(write), ...inVariables(path.signIn(iamRoleArn(path.plan, identity))) };
    case "principals":
    case "people":
      return profileVariables(path, identity, holder, write);
    default:
      return unreachable(identity);
  }
}

/** Nothing that runs on AWS has a ~/.aws; SDKs would look there before they ask the endpoint of a container or an instance. */
function withoutProfiles(write: Write): Variables {
  const empty = write("without-profiles", "");
  return { AWS_CONFIG_FILE: empty, AWS_SHARED_CREDENTIALS_FILE: empty };
}

/** What EKS gives the pods of a service: of both ways Pod Identity, which its webhook prefers. */
async function podVariables(
  path: PasswordlessPath,
  identity: ServiceIdentity,
  write: Write,
): Promise<Variables> {
  if (identity.takesRoleBy !== undefined) {
    const token = await path.serviceAccountToken(identity, POD_IDENTITY);
    return {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: path.podIdentityUrl,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: write(`${identity.key}.token`, token),
    };
  }
  return {
    AWS_ROLE_ARN: iamRoleArn(path.plan, identity),
    AWS_ROLE_SESSION_NAME: sessionName(path),
    AWS_WEB_IDENTITY_TOKEN_FILE: write(`${identity.key}.token`, await path.serviceAccountToken(identity)),
  };
}

/** What Lambda, ECS and EC2 give what runs there; of the latter two the addresses are those of this machine. */
const WORKLOADS: Readonly<Record<Runtime, (path: PasswordlessPath, roleArn: string) => Promise<Variables>>> =
  {
    lambda: async (path, roleArn) => inVariables(path.workloads.invoke(roleArn)),
    ecs: async (path, roleArn) => {
      const { url, authorization } = path.workloads.run(roleArn);
      return { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization };
    },
    ec2: async (path, roleArn) => ({
      AWS_EC2_METADATA_SERVICE_ENDPOINT: await path.workloads.launch(roleArn),
    }),
  };

function inVariables({ accessKeyId, secretAccessKey, sessionToken }: SessionCredentials): Variables {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}

/** What people and CI systems have in ~/.aws: the credentials of their sign-in, as the first of the principals, and a profile with the role. */
function profileVariables(
  path: PasswordlessPath,
  identity: PeopleIdentity | PrincipalsIdentity,
  { name, member }: Holder,
  write: Write,
): Variables {
  const how = identity.kind === "people" ? signInOf(identity, member) : undefined;
  const { accessKeyId, secretAccessKey, sessionToken } = path.signIn(firstOf(identity), how);
  const credentials = `[signed-in]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
aws_session_token = ${sessionToken}
`;
  const externalId = identity.kind === "principals" ? identity.externalId : undefined;
  const profile = `[profile ${name}]
source_profile = signed-in
role_arn = ${iamRoleArn(path.plan, identity)}
${externalId === undefined ? "" : `external_id = ${externalId}\n`}${member === undefined ? `role_session_name = ${sessionName(path)}` : `role_session_name = ${member}\nduration_seconds = ${ownDuration(path)}`}
region = ${path.plan.region}
`;
  return {
    AWS_PROFILE: name,
    AWS_CONFIG_FILE: write(`${name}.config`, profile),
    AWS_SHARED_CREDENTIALS_FILE: write(`${name}.credentials`, credentials),
  };
}

/** Without a name of its own the AWS CLI would go on with the credentials that it keeps of another laptop's identity. */
function sessionName(path: PasswordlessPath): string {
  return basename(path.folder);
}

/** Seconds of a session that no other laptop asks for, for the same reason: a member's session has the member's name. */
function ownDuration(path: PasswordlessPath): number {
  return 2_700 + (Number.parseInt(sha256(sessionName(path)).slice(0, 8), 16) % 900);
}
