import { readFileSync } from "node:fs";
import { Signer } from "@aws-sdk/rds-signer";
import { quote, suggestion } from "../../lib/nearest";
import { UserError } from "../../lib/user-error";
import {
  connectionVariables,
  type Endpoint,
  type Endpoints,
  endpointOf,
} from "../../model/access/connection";
import { type IdentityPlan, type Login, loginsOf } from "../../model/access/identity";
import { type AccessPlan, accessPlan } from "../../model/access/plan";
import { hasReaderEndpoint } from "../../model/config/database/reader-endpoint";
import type { Environment } from "../../model/config/environment";
import { POSTGRESQL_PORT } from "../../model/postgresql/names";
import { type Aws, checkAccount } from "../../tools/deployed/aws-cli";
import { checkedOutputs, type OutputName, readOutputs } from "../../tools/deployed/outputs";
import { type Credentials, takeIdentityRole } from "../../tools/deployed/take-identity-role";
import { OF_OTHERS, runningLaptop } from "../../tools/laptop/running";

/** How one identity gets in to an environment's database: on the laptop, or on AWS. */
export interface WayIn {
  readonly databaseUser: string;
  /** Database that its sessions start in. */
  readonly database: string;
  /** Where they go: the writer, or the reader or proxy where the identity connects to those. */
  readonly endpoint: Endpoint;
  /** Certificates to verify it by, PEM. */
  readonly ca: string;
  /** What a program of the identity's has, but for a token. */
  readonly variables: Readonly<Record<string, string>>;
  /** A token for one login, good for 15 minutes. @param endpoint for no other. @default the identity's */
  token(endpoint?: Endpoint): Promise<string>;
}

/**
 * As an identity of a laptop that runs (`npm start`).
 * @param name its key, or a member's database user
 * @param env this process's variables: those of the identity take the place of what would lead elsewhere
 * @throws UserError when no laptop runs, or it knows no such identity
 */
export function wayInToLaptop(
  name: string,
  env: NodeJS.ProcessEnv,
  { project, environment }: { readonly project: string; readonly environment?: string },
): WayIn {
  const laptop = runningLaptop(project, environment);
  if (!laptop) {
    const which = environment === undefined ? "no laptop runs" : `no laptop of ${environment} runs`;
    const argument = environment === undefined ? "" : ` -- ${environment}`;
    throw new UserError([`${which}; start one in another terminal: npm start${argument}`]);
  }
  const signIn = Object.hasOwn(laptop.identities, name) ? laptop.identities[name] : undefined;
  if (!signIn) throw noSuchIdentity(name, laptop.environment, Object.keys(laptop.identities));
  const { variables } = signIn;
  for (const other of OF_OTHERS) delete env[other];
  Object.assign(env, variables);
  const {
    PGHOST = "",
    PGPORT,
    PGUSER = "",
    PGDATABASE = "",
    PGSSLROOTCERT = "",
    AWS_REGION = "",
  } = variables;
  const endpoint = { host: PGHOST, port: Number(PGPORT) };
  return {
    databaseUser: PGUSER,
    database: PGDATABASE,
    endpoint,
    ca: readFileSync(PGSSLROOTCERT, "utf8"),
    variables,
    // By the default chain, which finds what was set above.
    token: (to = endpoint) => sign({ to, user: PGUSER, region: AWS_REGION }),
  };
}

/**
 * As an identity of a deployed environment, whose role the caller's own credentials take.
 * @param name its key, or a member's database user
 * @throws UserError when there is no such identity, its role is not to be had, or the database is not deployed
 */
export async function wayInToAws(environment: Environment, name: string, aws: Aws): Promise<WayIn> {
  const plan = accessPlan(environment);
  const { identity, login } = identityNamed(plan, name);
  const caller = await checkAccount(aws, environment);
  const endpoints = await deployedEndpoints(environment, aws);
  const credentials = await takeIdentityRole(plan, identity, login, caller);
  const { accessKeyId, secretAccessKey, sessionToken = "" } = await credentials();
  const { PGSSLROOTCERT: _, ...connection } = connectionVariables(plan, { ...identity, ...login }, endpoints);
  const endpoint = endpointOf(identity, endpoints);
  return {
    databaseUser: login.databaseUser,
    database: identity.database,
    endpoint,
    ca: environment.database.caBundle,
    variables: {
      ...connection,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    },
    token: (to = endpoint) => sign({ to, user: login.databaseUser, region: plan.region, credentials }),
  };
}

/** @throws UserError when there is none of that name, or it is a group whose members each log in as themselves */
function identityNamed(
  plan: AccessPlan,
  name: string,
): { readonly identity: IdentityPlan; readonly login: Login } {
  const all = plan.identities.flatMap((identity) =>
    loginsOf(identity).map((login) => ({
      identity,
      login,
      name: login.member === undefined ? identity.key : login.databaseUser,
    })),
  );
  const found = all.find((each) => each.name === name);
  if (found) return found;
  throw noSuchIdentity(
    name,
    plan.environment,
    all.map((each) => each.name),
  );
}

function noSuchIdentity(name: string, environment: string, names: readonly string[]): UserError {
  const known = suggestion(name, names) || ` It has ${names.join(", ")}.`;
  return new UserError([`${environment} has no identity ${quote(name)}.${known}`]);
}

async function deployedEndpoints(environment: Environment, aws: Aws): Promise<Endpoints> {
  const { database } = environment;
  const port = database.existing?.port ?? POSTGRESQL_PORT;
  const readers = hasReaderEndpoint(database);
  const proxyReaders = database.proxy?.readerEndpoint === true;
  const names: OutputName[] = [
    "writer-endpoint",
    ...(readers ? ["reader-endpoint" as const] : []),
    ...(database.proxy ? ["proxy-endpoint" as const] : []),
    ...(proxyReaders ? ["proxy-reader-endpoint" as const] : []),
  ];
  const outputs = checkedOutputs(environment, await readOutputs(environment, ["database"], aws), names);
  const direct = {
    writer: { host: outputs["writer-endpoint"], port },
    ...(readers && { reader: { host: outputs["reader-endpoint"], port } }),
  };
  const behind = (host: string) => ({ host, port: POSTGRESQL_PORT });
  return {
    ...direct,
    ...(database.proxy && {
      proxy: {
        ...direct,
        writer: behind(outputs["proxy-endpoint"]),
        ...(proxyReaders && { reader: behind(outputs["proxy-reader-endpoint"]) }),
      },
    }),
  };
}

function sign({
  to: { host: hostname, port },
  user: username,
  ...rest
}: {
  readonly to: Endpoint;
  readonly user: string;
  readonly region: string;
  readonly credentials?: Credentials;
}): Promise<string> {
  return new Signer({ hostname, port, username, ...rest }).getAuthToken();
}
