import { readFileSync } from "node:fs";
import { Signer } from "@aws-sdk/rds-signer";
import { quote, suggestion } from "../../lib/nearest";
import { errorCode, UserError } from "../../lib/user-error";
import { connectionVariables, type Endpoint, endpointOf, serversOf } from "../../model/access/connection";
import { type IdentityPlan, type Login, loginsOf } from "../../model/access/identity";
import { type AccessPlan, accessPlan } from "../../model/access/plan";
import type { Environment } from "../../model/config/environment";
import { type Aws, checkAccount } from "../../tools/deployed/aws-cli";
import { deployedEndpoints } from "../../tools/deployed/endpoints";
import { type Credentials, sessionNameOf, takeIdentityRole } from "../../tools/deployed/take-identity-role";
import { type Announcement, runningLaptops } from "../../tools/laptop/running";
import { forgetCallersIdentity } from "./callers-variables";

/** How one identity gets in to an environment's database: on the laptop, or on AWS. */
export interface WayIn {
  readonly databaseUser: string;
  /** Database that its sessions start in. */
  readonly database: string;
  /** Where they go: the writer, or the reader or proxy where the identity connects to those. */
  readonly endpoint: Endpoint;
  /** The readers of whoever connects to the writer. @default there are none */
  readonly reader?: Endpoint;
  /** Certificates to verify it by, PEM. */
  readonly ca: string;
  /** What a program of the identity's has, but for a token; on AWS also without PGSSLROOTCERT, a file with `ca`. */
  readonly variables: Readonly<Record<string, string>>;
  /** When its credentials end. @default they are renewed, or nobody knows */
  readonly until?: Date;
  /** A token for one login, good for 15 minutes. @param endpoint for no other. @default the identity's */
  token(endpoint?: Endpoint): Promise<string>;
}

/** Which laptop is meant. */
export interface WhichLaptop {
  /** Folder of the project that started it. */
  readonly project: string;
  /** Name of its environment. @default whichever runs */
  readonly environment?: string;
}

/**
 * As an identity of a laptop that runs (`npm start`).
 * @param name its key, or a member's database user
 * @param env this process's variables: those of AWS take the place of whatever would lead elsewhere
 * @throws UserError when no laptop runs, several do and none is named, or it knows no such identity
 */
export function wayInToLaptop(name: string, env: NodeJS.ProcessEnv, which: WhichLaptop): WayIn {
  const signIn = () => {
    const laptop = theLaptop(which);
    const { identities, environment } = laptop;
    const found = Object.hasOwn(identities, name) ? identities[name] : undefined;
    if (!found) throw noSuchIdentity(name, environment, Object.keys(identities));
    return found.variables;
  };
  return wayInBy(signIn, env);
}

/**
 * By variables as a program of the identity's has them where it runs.
 * @param variables what they are now: credentials among them are renewed
 * @param env this process's variables, as above
 */
export function wayInBy(variables: () => Readonly<Record<string, string>>, env: NodeJS.ProcessEnv): WayIn {
  const set = () => {
    const now = Object.entries(variables()).filter(([name]) => name.startsWith("AWS_"));
    forgetCallersIdentity(env);
    return Object.assign(env, Object.fromEntries(now));
  };
  const now = variables();
  const { PGHOST = "", PGPORT, PGUSER: user = "", PGDATABASE: database = "", PGHOST_READER: reader } = now;
  const endpoint = { host: PGHOST, port: Number(PGPORT) };
  return {
    databaseUser: user,
    database,
    endpoint,
    ...(reader !== undefined && { reader: { ...endpoint, host: reader } }),
    ca: certificatesIn(now.PGSSLROOTCERT),
    variables: now,
    // By the default chain of the AWS SDK, which finds what is set: the laptop's own programs do no other.
    token: (to = endpoint) => sign({ to, user, region: set().AWS_REGION ?? "" }),
  };
}

/** @throws UserError when there is none, or more than one environment's */
export function theLaptop({ project, environment }: WhichLaptop): Announcement {
  const running = runningLaptops(project, environment);
  const names = [...new Set(running.map((each) => each.environment))].sort();
  const [latest] = running;
  if (names.length > 1)
    throw new UserError([`laptops of ${names.join(" and ")} run; say whose is meant, such as ${names[0]}`]);
  if (latest) return latest;
  const which = environment === undefined ? "no laptop runs" : `no laptop of ${environment} runs`;
  throw new UserError([
    `${which}; start one in another terminal: npm start${environment === undefined ? "" : ` -- ${environment}`}`,
  ]);
}

/**
 * As an identity of a deployed environment, whose role the caller's own credentials take.
 * @param name its key, or a member's database user; the key of a group with members is the caller's own login
 * @throws UserError when there is no such identity, its role is not to be had, or the database is not deployed
 */
export async function wayInToAws(environment: Environment, name: string, aws: Aws): Promise<WayIn> {
  const plan = accessPlan(environment);
  const identity = identityNamed(plan, name);
  const caller = await checkAccount(aws, environment, accountsTrusted(identity));
  const login = loginNamed(identity, name, caller);
  const { databaseUser, member } = login;
  const credentials = await takeIdentityRole({ plan, identity, member, caller, aws });
  const endpoints = await deployedEndpoints(environment, aws);
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = await credentials();
  const { PGSSLROOTCERT: _, ...connection } = connectionVariables(plan, { ...identity, ...login }, endpoints);
  const endpoint = endpointOf(identity, endpoints);
  const { reader } = serversOf(identity, endpoints);
  return {
    databaseUser,
    database: identity.database,
    endpoint,
    ...(identity.endpoint === undefined && reader && { reader }),
    ca: environment.database.caBundle,
    variables: {
      ...connection,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
      ...(expiration && { AWS_CREDENTIAL_EXPIRATION: expiration.toISOString() }),
    },
    ...(expiration && { until: expiration }),
    token: (to = endpoint) => sign({ to, user: databaseUser, region: plan.region, credentials }),
  };
}

/** @throws UserError when there is none of that name */
function identityNamed(plan: AccessPlan, name: string): IdentityPlan {
  const found = plan.identities.find(
    (identity) =>
      identity.key === name || membersOf(identity).some(({ databaseUser }) => databaseUser === name),
  );
  if (found) return found;
  throw noSuchIdentity(name, plan.environment, namesOf(plan));
}

/** Names by which identities are meant: keys, and database users of members. */
export function namesOf({ identities }: AccessPlan): readonly string[] {
  return identities.flatMap((identity) => {
    const members = membersOf(identity);
    return members.length > 0 ? members.map(({ databaseUser }) => databaseUser) : [identity.key];
  });
}

/** The login that is meant by a name; where that is a group with members, whoever calls is one. */
function loginNamed(identity: IdentityPlan, name: string, caller: string): Login {
  const members = membersOf(identity);
  const found =
    members.length === 0
      ? loginsOf(identity)[0]
      : members.find(({ databaseUser, member }) =>
          name === identity.key ? member === sessionNameOf(caller) : databaseUser === name,
        );
  if (found) return found;
  const named = members.map(({ member }) => member).join(", ");
  throw new UserError([
    `${identity.key} has the members ${named}, and none of them has the session name of ${caller}; sign in as one of them`,
  ]);
}

function membersOf(identity: IdentityPlan): readonly Login[] {
  return "members" in identity ? loginsOf(identity) : [];
}

/** Accounts of whoever may take an identity's role. */
function accountsTrusted(identity: IdentityPlan): readonly string[] {
  return "principals" in identity ? identity.principals.map((arn) => arn.split(":")[4] ?? "") : [];
}

/** @param names of those that there are */
export function noSuchIdentity(name: string, environment: string, names: readonly string[]): UserError {
  if (names.length === 0)
    return new UserError([`nobody may log in to ${environment}: its file has neither services nor people`]);
  return new UserError([`${environment} has no identity ${quote(name)}.${suggestion(name, names)}`]);
}

function certificatesIn(file = ""): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError([`${file} cannot be read (${errorCode(error)}): the laptop has ended meanwhile`]);
  }
}

/** @throws UserError when the credentials that sign are not to be had */
async function sign({
  to: { host: hostname, port },
  user: username,
  ...rest
}: {
  readonly to: Endpoint;
  readonly user: string;
  readonly region: string;
  readonly credentials?: Credentials;
}): Promise<string> {
  try {
    return await new Signer({ hostname, port, username, ...rest }).getAuthToken();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { message } = Object(error);
    throw new UserError([`nothing can sign in as ${username}: ${message || errorCode(error)}`]);
  }
}
