import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { shellWord } from "../../lib/shell";
import { unreachable } from "../../lib/unreachable";
import { connectionVariables } from "../../model/access/connection";
import { iamRoleArn } from "../../model/access/iam";
import {
  type IdentityPlan,
  type Login,
  loginsOf,
  type PeopleIdentity,
  type ServiceIdentity,
} from "../../model/access/identity";
import type { PasswordlessPath } from "./passwordless-path";
import type { Variables } from "./run-board";
import { signInOf } from "./sign-in";
import { sha256 } from "./token-service/signature";

/**
 * A ServiceAccount's token lasts a day, and the session of somebody who signed in an hour. The kubelet renews the first
 * long before its end, and so do we both.
 */
const RENEW_EVERY_MS = 1_800_000;

/** What a shell may have from its user or from another identity's file, and would use in place of what is in this one. */
const OF_OTHERS = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_PROFILE",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "PGHOST_READER",
];

/** What an identity signs in and connects with. */
export interface SignInFiles {
  readonly kind: IdentityPlan["kind"];
  /** Who of the members of a group of people it is. @default it has none */
  readonly member?: string;
  /** All of it, as environment variables. */
  readonly variables: Variables;
  /** Path of a file that a shell reads: `set -a; . <file>`. */
  readonly file: string;
}

/** Writes a file of this name, which nobody else can read, and returns its path. */
type Write = (name: string, text: string) => string;

/**
 * Writes what each identity has where it runs: the CA certificates, how to connect, and what it takes its IAM role with. Of
 * a group of people with members each member has their own. The files lie in the laptop's folder and go with it.
 * @returns them by the identity's key, or a member's database user, which no key is like: it has an underscore
 */
export async function writeSignInFiles(path: PasswordlessPath): Promise<ReadonlyMap<string, SignInFiles>> {
  const files = new Map<string, SignInFiles>();
  for (const identity of path.plan.identities) {
    for (const { databaseUser, member } of loginsOf(identity)) {
      const name = member === undefined ? identity.key : databaseUser;
      files.set(name, await filesOf(path, identity, { name, databaseUser, member }));
    }
  }
  return files;
}

/** Somebody who has files, and what these are called. */
interface Holder extends Login {
  readonly name: string;
}

async function filesOf(path: PasswordlessPath, identity: IdentityPlan, holder: Holder): Promise<SignInFiles> {
  const write: Write = (name, text) => {
    const file = join(path.folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const { name, databaseUser, member } = holder;
  const variables = {
    ...connectionVariables(path.plan, { ...identity, databaseUser }, path.endpoints),
    PGSSLROOTCERT: write("gateway-ca.pem", path.ca),
    AWS_ENDPOINT_URL_STS: path.stsUrl,
    ...(await credentialVariables(path, identity, holder, write)),
  };
  const lines = Object.entries(variables).map(([variable, value]) => `${variable}=${shellWord(value)}\n`);
  const text = [`unset ${OF_OTHERS.join(" ")}\n`, ...lines].join("");
  const file = write(`${name}.env`, text);
  return { kind: identity.kind, ...(member !== undefined && { member }), variables, file };
}

async function credentialVariables(
  path: PasswordlessPath,
  identity: IdentityPlan,
  holder: Holder,
  write: Write,
): Promise<Variables> {
  switch (identity.kind) {
    case "service":
      return serviceVariables(path, identity, write);
    case "people":
      return peopleVariables(path, identity, holder, write);
    case "workload":
    case "role":
    case "principals":
      throw new Error(`${identity.key}: the laptop does not know how it signs in`);
    default:
      return unreachable(identity);
  }
}

/** What EKS gives the pods of a service. */
async function serviceVariables(
  path: PasswordlessPath,
  identity: ServiceIdentity,
  write: Write,
): Promise<Variables> {
  const writeToken = async () => write(`${identity.key}.token`, await path.serviceAccountToken(identity));
  const file = await writeToken();
  setInterval(() => void writeToken(), RENEW_EVERY_MS).unref();
  return {
    AWS_ROLE_ARN: iamRoleArn(path.plan, identity),
    AWS_ROLE_SESSION_NAME: sessionName(path),
    AWS_WEB_IDENTITY_TOKEN_FILE: file,
  };
}

/** What people have in ~/.aws: the credentials of their sign-in, as the first of the principals, and a profile with the role. */
function peopleVariables(
  path: PasswordlessPath,
  identity: PeopleIdentity,
  { name, member }: Holder,
  write: Write,
): Variables {
  const [principal] = identity.principals;
  if (principal === undefined) throw new Error(`${identity.key} has no principal to sign in as.`);
  const writeCredentials = () => {
    const { accessKeyId, secretAccessKey, sessionToken } = path.signIn(principal, signInOf(identity, member));
    const text = `[signed-in]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
aws_session_token = ${sessionToken}
`;
    return write(`${name}.credentials`, text);
  };
  const profile = `[profile ${name}]
source_profile = signed-in
role_arn = ${iamRoleArn(path.plan, identity)}
${member === undefined ? `role_session_name = ${sessionName(path)}` : `role_session_name = ${member}\nduration_seconds = ${ownDuration(path)}`}
region = ${path.plan.region}
`;
  const file = writeCredentials();
  setInterval(writeCredentials, RENEW_EVERY_MS).unref();
  return {
    AWS_PROFILE: name,
    AWS_CONFIG_FILE: write(`${name}.config`, profile),
    AWS_SHARED_CREDENTIALS_FILE: file,
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
