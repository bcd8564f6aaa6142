import { Signer } from "@aws-sdk/rds-signer";
import { afterEach, beforeEach } from "@jest/globals";
import type { ClientConfig } from "pg";
import { createAuthority, issueCertificate } from "../../../../lib/certificates";
import { type ProxyLimits, startProxy } from "../../../../tools/laptop/proxy/proxy";
import type { SessionCredentials } from "../../../../tools/laptop/token-service/local-iam";
import type { Listener } from "../../../../tools/protocol/listener";
import { beforeTests } from "../../../helpers/before-tests";
import {
  clientsBy,
  DATABASE,
  dbuser,
  type Fixture,
  startFixture,
  TestIam,
  TIMEOUT,
  type TokenChanges,
  works,
} from "../gateway/fixture";

export { TIMEOUT };

/** What IAM calls the proxy. */
export const PROXY = { ...DATABASE, resourceId: "prx-ABCDEFGHIJKLMNOPQRSTUVWXYZ" };

const PROXY_ROLE = "arn:aws:iam::123456789012:role/dev-database-proxy";

/** An IAM in which services may connect to the proxy, and the proxy's role to the cluster as some users. */
class ProxyIam extends TestIam {
  /** Users that the proxy's role may connect as. */
  readonly proxied = new Set(["orders_api", "billing"]);

  override allows(accessKeyId: string, action: string, resource: string): boolean {
    if (this.session(accessKeyId)?.roleArn !== PROXY_ROLE) return super.allows(accessKeyId, action, resource);
    return action === "rds-db:connect" && [...this.proxied].some((user) => dbuser(user) === resource);
  }

  /** Credentials of a role that may connect to the proxy as this user. */
  override credentials(user: string, changes: Partial<SessionCredentials> = {}): SessionCredentials {
    const session = super.credentials(user, changes);
    if (session.roleArn !== PROXY_ROLE) this.grants.set(session.roleArn, dbuser(user, PROXY.resourceId));
    return session;
  }
}

/** The same as of a gateway, but that `gateway` is the proxy, in front of `cluster`. */
export interface ProxyFixture extends Fixture {
  readonly cluster: Listener;
  readonly iam: ProxyIam;
}

/** A proxy for the tests of a file, each of which begins with an empty log; after each the next client is served. */
export function useProxy(limits?: Partial<ProxyLimits>): ProxyFixture {
  const fixture = beforeTests(() => startProxyFixture(limits), TIMEOUT);
  beforeEach(() => {
    fixture.log.length = 0;
  });
  afterEach(() => works(fixture));
  return fixture;
}

/** Starts a server, a gateway and a proxy. Users besides those of the gateway's fixture: billing by token. */
export async function startProxyFixture(
  limits: Partial<ProxyLimits> = {},
  trusts: { readonly ca?: string } = {},
): Promise<ProxyFixture> {
  const iam = new ProxyIam();
  const behind = await startFixture({}, iam);
  const admin = await behind.server.connect();
  await admin.query("CREATE ROLE billing LOGIN IN ROLE services");
  await admin.end();
  const authority = await createAuthority();
  const credentials = iam.credentials("proxy", { roleArn: PROXY_ROLE });
  const { log } = behind;
  const proxy = await startProxy({
    certificate: await issueCertificate(authority, ["localhost"]),
    database: PROXY,
    iam,
    cluster: { ...behind.gateway, ca: behind.ca, credentials: async () => credentials, ...trusts },
    log: (line) => log.push(line),
    limits,
  });
  const token = (of: SessionCredentials, changes: TokenChanges = {}) =>
    new Signer({
      hostname: "localhost",
      port: proxy.port,
      username: "orders_api",
      region: "eu-west-1",
      credentials: of,
      ...changes,
    }).getAuthToken();
  const owned = new Map<string, SessionCredentials>();
  const config = (changes: ClientConfig = {}): ClientConfig => {
    const user = changes.user ?? "orders_api";
    const own = owned.get(user) ?? iam.credentials(user);
    owned.set(user, own);
    return {
      host: "localhost",
      port: proxy.port,
      user,
      database: "postgres",
      password: () => token(own, { username: user }),
      ssl: { ca: authority.certificate },
      ...changes,
    };
  };
  const { connect, endAll } = clientsBy(config);
  const stop = async () => {
    await endAll();
    await proxy.stop();
    await behind.stop();
  };
  return {
    ...behind,
    gateway: proxy,
    cluster: behind.gateway,
    iam,
    ca: authority.certificate,
    token,
    config,
    connect,
    stop,
  };
}
