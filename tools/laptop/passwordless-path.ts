import type { Client } from "pg";
import { createAuthority, issueCertificate } from "../../lib/certificates";
import type { Endpoints } from "../../model/access/connection";
import { TOKEN_AUDIENCE } from "../../model/access/iam";
import type { ServiceIdentity } from "../../model/access/identity";
import type { AccessPlan } from "../../model/access/plan";
import { SUPERUSER } from "../../model/postgresql/names";
import { startServer } from "../postgres/embedded-server";
import { startStandby } from "../postgres/standby";
import { ENDPOINT_NAMES, startGateways } from "./endpoints";
import { inEverySchema } from "./every-schema";
import { proxyCredentials } from "./proxy/proxy-credentials";
import { synthesisedProxy } from "./proxy/synthesised-proxy";
import { makeSampleTable } from "./sample-table";
import { oidcProvider, startIssuer } from "./token-service/oidc-issuer";
import { synthesisedAssociations } from "./token-service/synthesised-associations";
import { synthesisedRoles } from "./token-service/synthesised-roles";
import { startTokenService, type TokenService } from "./token-service/token-service";

/** The passwordless path of one environment on this machine: database, gateway, token service, OIDC issuer. */
export interface PasswordlessPath
  extends Pick<TokenService, "callBy" | "podIdentityUrl" | "signIn" | "workloads"> {
  readonly plan: AccessPlan;
  /** Extensions of the file that this machine's PostgreSQL does not carry, each with why. The plan is without them. */
  readonly leftOut: readonly string[];
  /** Where clients log in, as to the cluster's writer and readers on RDS. */
  readonly endpoints: Endpoints;
  /** Certificate of the authority that signed the gateway's, PEM. */
  readonly ca: string;
  /** Address of the token service, for AWS_ENDPOINT_URL_STS. */
  readonly stsUrl: string;
  /** Major version of PostgreSQL. */
  readonly postgresVersion: number;
  /** A folder that only this user can enter, and that goes when `stop` is called or this process ends. */
  readonly folder: string;
  /**
   * The token that the pods of a service get from Kubernetes.
   * @param audience whom it is for. @default STS, as with IRSA
   */
  serviceAccountToken(
    service: Pick<ServiceIdentity, "namespace" | "serviceAccount">,
    audience?: string,
  ): Promise<string>;
  /** ARN of the EKS cluster whose pods are here. */
  readonly clusterArn: string;
  /** The time, in milliseconds since 1970. */
  now(): number;
  /** Runs something as at another time, to conditions of policies. Nothing else may run meanwhile: it would, too. */
  at<Result>(time: number, run: () => Promise<Result>): Promise<Result>;
  /** A session of the superuser, for what migrations have done; RDS lets nobody have one. The caller ends it. */
  superuser(database: string): Promise<Client>;
  /** Done when readers have all that was committed before; at once where there are none. */
  readersCaughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Immutable ids of RDS look like these; policies name them. */
const [DATABASE_RESOURCE_ID, PROXY_RESOURCE_ID] = ["cluster-LOCALLAPTOPONLYNOTAWS0", "prx-0123456789abcdef0"];

/** Reads the cdk.tf.json of a stack of the environment. */
export type ReadLayer = (layer: "access" | "database") => unknown;

/** Options for {@link startPath}. */
export interface PathOptions {
  /**
   * The time in milliseconds since 1970 that conditions of policies see. That of tokens and sessions is this machine's, by
   * which the AWS SDK signs. @default Date.now
   */
  readonly conditionTime?: () => number;
  /** Where the writer's gateway listens. Readers and proxy do at the same port of other addresses, where this machine has them. @default any free port */
  readonly port?: number;
  /** There is a hot standby beside the database, with an endpoint of its own. @default false */
  readonly readers?: boolean;
}

/**
 * Starts everything, and puts the plan in place by its SQL. Who may log in is decided by the IAM roles and policies of the
 * synthesised stacks; the proxy is that of the database stack.
 * @param log gets a line for each refusal, without tokens
 */
export async function startPath(
  wanted: AccessPlan,
  stack: ReadLayer,
  log: (line: string) => void,
  { conditionTime = Date.now, readers = false, port }: PathOptions = {},
): Promise<PasswordlessPath> {
  const { account, partition, region } = wanted;
  const authority = await createAuthority("Laptop CA");
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const started = <T extends { stop(): Promise<void> }>(part: T): T => {
    stops.push(() => part.stop());
    return part;
  };
  try {
    const [server, issuer, certificate] = await Promise.all([
      startServer({ socketOnly: true }).then(started),
      startIssuer(authority).then(started),
      issueCertificate(authority, ENDPOINT_NAMES),
    ]);
    const standby = readers ? started(await startStandby(server)) : undefined;
    const { plan, leftOut } = await server.offered(wanted);
    await server.apply(plan);
    const superuser = (name: string) => server.connect({ user: SUPERUSER, database: name });
    await inEverySchema({ plan, superuser }, makeSampleTable);
    let moved: number | undefined;
    const pool = synthesisedProxy(stack("database"));
    const accessStack = stack("access");
    const place = {
      account,
      partition,
      elsewhere: pool ? [pool.role] : [],
      locals: {
        "database-resource-id": DATABASE_RESOURCE_ID,
        "proxy-resource-id": PROXY_RESOURCE_ID,
        "oidc-issuer": issuer.issuer,
        "oidc-provider-arn": oidcProvider(issuer, plan).arn,
      },
    };
    const clusterArn = `arn:${partition}:eks:${region}:${account}:cluster/${wanted.eksCluster ?? wanted.environment}`;
    const tokenService = started(
      await startTokenService({
        account,
        partition,
        region,
        issuer,
        authority,
        roles: synthesisedRoles(accessStack, place),
        associations: synthesisedAssociations(accessStack, place),
        clusterArn,
        log,
        conditionTime: () => moved ?? conditionTime(),
      }),
    );
    // One for each role will do.
    const instances = new Map<string, Promise<string>>();
    const database = { account, partition, region, resourceId: DATABASE_RESOURCE_ID };
    const common = { certificate, database, iam: tokenService.iam, log };
    const proxy = pool && {
      ...pool,
      database: { ...database, resourceId: PROXY_RESOURCE_ID },
      cluster: {
        ca: authority.certificate,
        credentials: proxyCredentials(tokenService, { ...wanted, roleName: pool.role.name }),
      },
    };
    const servers = { writer: server, ...(standby && { reader: standby }) };
    const { endpoints } = started(
      await startGateways({ ...common, ...(port !== undefined && { port }) }, servers, proxy),
    );
    return {
      plan,
      leftOut,
      endpoints,
      ca: authority.certificate,
      stsUrl: tokenService.url,
      folder: server.socketFolder,
      postgresVersion: server.version,
      clusterArn,
      podIdentityUrl: tokenService.podIdentityUrl,
      serviceAccountToken: ({ namespace, serviceAccount }, audience = TOKEN_AUDIENCE) =>
        issuer.serviceAccountToken(namespace, serviceAccount, { audience }),
      signIn: tokenService.signIn,
      callBy: tokenService.callBy,
      workloads: {
        ...tokenService.workloads,
        launch: (roleArn) => {
          const instance = instances.get(roleArn) ?? tokenService.workloads.launch(roleArn);
          instances.set(roleArn, instance);
          return instance;
        },
      },
      now: () => conditionTime(),
      at: async (time, run) => {
        moved = time;
        try {
          return await run();
        } finally {
          moved = undefined;
        }
      },
      superuser,
      readersCaughtUp: async () => standby?.caughtUp(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
