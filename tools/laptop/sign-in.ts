import { fromTemporaryCredentials, fromWebToken } from "@aws-sdk/credential-providers";
import { Signer } from "@aws-sdk/rds-signer";
import { Client } from "pg";
import { unreachable } from "../../lib/unreachable";
import type { Endpoint } from "../../model/access/connection";
import { iamRoleArn } from "../../model/access/iam";
import type { IdentityPlan, PeopleIdentity } from "../../model/access/identity";
import type { PasswordlessPath } from "./passwordless-path";
import type { SignIn } from "./token-service/token-service";

/** Name of every session; AWS wants 2 to 64 characters, which an identity's key need not have. */
const SESSION = "laptop";

/** Temporary credentials, as the AWS SDK hands them on. */
export type Credentials = Awaited<ReturnType<ReturnType<typeof fromWebToken>>>;

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
}

/**
 * Takes an IAM role as an identity does on AWS, by the unmodified AWS SDK: a service with the token of its
 * ServiceAccount, people as the first of their principals.
 * @param target whose role; others than its own are refused
 * @throws the SDK's error when the token service refuses, its name such as AccessDenied
 */
export async function takeRole(
  path: PasswordlessPath,
  identity: IdentityPlan,
  target: IdentityPlan,
  { member, signIn, sessionName = member ?? SESSION }: RoleTaking = {},
): Promise<Credentials> {
  const roleArn = iamRoleArn(path.plan, target);
  const clientConfig = { endpoint: path.stsUrl, region: path.plan.region, maxAttempts: 1 };
  switch (identity.kind) {
    case "service": {
      const webIdentityToken = await path.serviceAccountToken(identity);
      return fromWebToken({ roleArn, webIdentityToken, roleSessionName: SESSION, clientConfig })();
    }
    case "people": {
      const [principal] = identity.principals;
      if (principal === undefined) throw new Error(`${identity.key} has no principal to sign in as.`);
      return fromTemporaryCredentials({
        params: { RoleArn: roleArn, RoleSessionName: sessionName },
        masterCredentials: path.signIn(principal, signIn ?? signInOf(identity, member)),
        clientConfig,
      })();
    }
    case "workload":
    case "role":
    case "principals":
      throw new Error(`${identity.key}: the laptop does not know how it signs in`);
    default:
      return unreachable(identity);
  }
}

/** A login by IAM: whose credentials sign the token, and whom it is for. */
export interface Login {
  readonly credentials: Credentials;
  readonly user: string;
  readonly database: string;
  /** Where to: a token is good for no other. */
  readonly endpoint: Endpoint;
}

/** A token for a login, made by the signer that services use. */
export function token(
  path: PasswordlessPath,
  { credentials, user, endpoint }: Omit<Login, "database">,
): Promise<string> {
  return new Signer({
    hostname: endpoint.host,
    port: endpoint.port,
    username: user,
    region: path.plan.region,
    credentials,
  }).getAuthToken();
}

/**
 * A session of `pg` as on RDS: a fresh token for a password, TLS with certificate and host name verified.
 * @throws the server's error when the login is refused
 */
export async function logIn(path: PasswordlessPath, login: Login): Promise<Client> {
  return connect(login, { password: await token(path, login), ssl: { ca: path.ca } });
}

/** A session with whatever password, over TLS or not. */
export async function connect(
  { user, database, endpoint }: Omit<Login, "credentials">,
  how: { readonly password: string; readonly ssl: false | { readonly ca: string } },
): Promise<Client> {
  const client = new Client({ ...endpoint, user, database, ...how });
  // Without a listener, a session that the server ends would end this process.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
