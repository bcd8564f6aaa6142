import { Signer } from "@aws-sdk/rds-signer";
import { Client, type ClientConfig } from "pg";
import { createAuthority, issueCertificate } from "../../lib/certificates";
import { IAM_LOGIN_ROLE } from "../../model/postgresql/names";
import { startServer } from "../postgres/embedded-server";
import type { DatabaseIdentity } from "./gateway/check-token";
import { startGateway } from "./gateway/gateway";
import { startProxy } from "./proxy/proxy";
import type { LocalIam, SessionCredentials } from "./token-service/local-iam";

/** One way to a session. */
export interface LoginPath {
  readonly title: string;
  /** Opens a session; the caller ends it. */
  readonly connect: () => Promise<Client>;
  /** Tokens that the database had not seen before, since this was last called: what RDS throttles. @default it gets none */
  readonly newTokens?: () => number;
}

/** All of them, to one server; see {@link startLoginPaths}. */
export interface LoginPaths {
  /** The first one is what the others are compared with. */
  readonly paths: readonly LoginPath[];
  stop(): Promise<void>;
}

const CLUSTER: DatabaseIdentity = {
  partition: "aws",
  account: "123456789012",
  region: "eu-west-1",
  resourceId: "cluster-BENCHMARKONLYNOTAWS00000",
};
const PROXY: DatabaseIdentity = { ...CLUSTER, resourceId: "prx-BENCHMARKONLYNOTAWS00000" };

const USER = "bench";

/**
 * Starts a server, and before it what plays RDS and RDS Proxy on a laptop. Whoever goes by the proxy may not go to the
 * cluster, and the other way round: the wrong way is none.
 */
export async function startLoginPaths(): Promise<LoginPaths> {
  const [server, authority] = await Promise.all([startServer(), createAuthority()]);
  const stops = [() => server.stop()];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const admin = await server.connect();
    await admin.query(`CREATE ROLE ${USER} LOGIN IN ROLE ${IAM_LOGIN_ROLE}`);
    await admin.end();
    const iam = new TwoRoles();
    const common = {
      certificate: await issueCertificate(authority, ["localhost"]),
      iam,
      log: () => undefined,
    };
    const cluster = await startGateway({ ...common, database: CLUSTER, upstream: server });
    stops.push(() => cluster.stop());

    const clusterSession = iam.sessionOf("ClusterClient", CLUSTER);
    const proxySession = iam.sessionOf("ProxyClient", PROXY);
    const proxyRole = iam.sessionOf("Proxy", CLUSTER);
    let asked = 0;
    const proxy = await startProxy({
      ...common,
      database: PROXY,
      cluster: {
        ...cluster,
        ca: authority.certificate,
        credentials: async () => {
          asked++;
          return proxyRole;
        },
      },
    });
    stops.push(() => proxy.stop());

    const byToken = (port: number, password: () => Promise<string>) =>
      connecting({
        host: "localhost",
        port,
        user: USER,
        database: "postgres",
        password,
        ssl: { ca: authority.certificate },
      });
    const signed = signer(cluster.port, clusterSession);
    const reused = kept(signer(cluster.port, clusterSession));
    const paths: LoginPath[] = [
      { title: "password, PostgreSQL alone", connect: connecting(server.clientConfig()) },
      {
        title: "token for each login",
        connect: byToken(cluster.port, signed.token),
        newTokens: signed.count,
      },
      { title: "token reused", connect: byToken(cluster.port, reused.token), newTokens: reused.count },
      {
        title: "through the proxy",
        connect: byToken(proxy.port, signer(proxy.port, proxySession).token),
        newTokens: () => asked,
      },
    ];
    return { paths, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function connecting(config: ClientConfig): () => Promise<Client> {
  return async () => {
    const client = new Client(config);
    await client.connect();
    return client;
  };
}

interface Tokens {
  readonly token: () => Promise<string>;
  /** How many were signed so far. */
  readonly count: () => number;
}

/** A token of the signer that services use, each time anew. */
function signer(port: number, credentials: SessionCredentials): Tokens {
  const { region } = CLUSTER;
  const unmodified = new Signer({ hostname: "localhost", port, username: USER, region, credentials });
  let signed = 0;
  return {
    token: () => {
      signed++;
      return unmodified.getAuthToken();
    },
    count: () => signed,
  };
}

/** One token for all, which is valid for 15 minutes; a benchmark takes less. */
function kept({ token, count }: Tokens): Tokens {
  let first: Promise<string> | undefined;
  return {
    token: () => {
      first ??= token();
      return first;
    },
    count,
  };
}

/** An IAM in which each role may connect as the one user to one of the two. */
class TwoRoles implements LocalIam {
  private readonly sessions = new Map<string, SessionCredentials>();
  private readonly allowed = new Map<string, string>();

  session(accessKeyId: string): SessionCredentials | undefined {
    return this.sessions.get(accessKeyId);
  }

  allows(accessKeyId: string, action: string, resource: string): boolean {
    return action === "rds-db:connect" && this.allowed.get(accessKeyId) === resource;
  }

  sessionOf(role: string, { partition, region, account, resourceId }: DatabaseIdentity): SessionCredentials {
    const accessKeyId = `ASIA${String(this.sessions.size).padStart(16, "0")}`;
    const session = {
      accessKeyId,
      secretAccessKey: "benchmark only, not of AWS",
      // As long as those of STS, about a thousand characters.
      sessionToken: "benchmark/".repeat(100),
      expiration: new Date(Date.now() + 3_600_000),
      roleArn: `arn:${partition}:iam::${account}:role/${role}`,
    };
    this.sessions.set(accessKeyId, session);
    this.allowed.set(
      accessKeyId,
      `arn:${partition}:rds-db:${region}:${account}:dbuser:${resourceId}/${USER}`,
    );
    return session;
  }
}
