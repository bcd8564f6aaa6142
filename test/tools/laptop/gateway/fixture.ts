import { Signer } from "@aws-sdk/rds-signer";
import { afterEach, beforeEach, expect } from "@jest/globals";
import { Client, type ClientConfig } from "pg";
import { createAuthority, issueCertificate } from "../../../../lib/certificates";
import type { DatabaseIdentity } from "../../../../tools/laptop/gateway/check-token";
import { startGateway } from "../../../../tools/laptop/gateway/gateway";
import type { LocalIam, SessionCredentials } from "../../../../tools/laptop/token-service/local-iam";
import { type EmbeddedServer, startServer } from "../../../../tools/postgres/embedded-server";
import type { Listener, ListenerLimits } from "../../../../tools/protocol/listener";
import { beforeTests } from "../../../helpers/before-tests";

/** Long enough for a busy machine to start a server. */
export const TIMEOUT = 60_000;

export const DATABASE: DatabaseIdentity = {
  partition: "aws",
  account: "123456789012",
  region: "eu-west-1",
  resourceId: "cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
};

/** ARN of what a policy has to allow for a login as this user. */
export function dbuser(user: string, resourceId = DATABASE.resourceId): string {
  return `arn:aws:rds-db:eu-west-1:123456789012:dbuser:${resourceId}/${user}`;
}

/** An IAM of maps: sessions by access key, and what each role may connect as. */
export class TestIam implements LocalIam {
  readonly sessions = new Map<string, SessionCredentials>();
  readonly grants = new Map<string, string>();

  session(accessKeyId: string): SessionCredentials | undefined {
    return this.sessions.get(accessKeyId);
  }

  allows(accessKeyId: string, action: string, resource: string): boolean {
    const { roleArn = "" } = this.sessions.get(accessKeyId) ?? {};
    return action === "rds-db:connect" && this.grants.get(roleArn) === resource;
  }

  /** A session of the role that may connect as this user. */
  credentials(user: string, changes: Partial<SessionCredentials> = {}): SessionCredentials {
    const roleArn = `arn:aws:iam::123456789012:role/dev-db-${user}`;
    this.grants.set(roleArn, dbuser(user));
    const session = {
      accessKeyId: `ASIA${String(this.sessions.size).padStart(16, "0")}`,
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      sessionToken: `FwoGZXIvYXdzE/${"abc+/".repeat(200)}==`,
      expiration: new Date(Date.now() + 3600_000),
      roleArn,
      ...changes,
    };
    this.sessions.set(session.accessKeyId, session);
    return session;
  }
}

/** Where a token leads, if it is not a good one of the gateway under test. */
export interface TokenChanges {
  readonly hostname?: string;
  readonly port?: number;
  readonly username?: string;
  readonly region?: string;
}

/** A gateway in front of a server of its own, with one user of each kind. */
export interface Fixture {
  readonly server: EmbeddedServer;
  readonly gateway: Listener;
  readonly iam: TestIam;
  readonly ca: string;
  /** Lines of the log so far. */
  readonly log: string[];
  /** A token of the unmodified signer, for orders_api unless changed. */
  token(credentials: SessionCredentials, changes?: TokenChanges): Promise<string>;
  /** How `pg` connects through the gateway: as orders_api with a good token, unless changed. */
  config(changes?: ClientConfig): ClientConfig;
  /** A connected client, which ends with the fixture. */
  connect(changes?: ClientConfig): Promise<Client>;
  stop(): Promise<void>;
}

/**
 * A gateway for the tests of a file; each begins with an empty log. After each, whatever it did to the gateway, the next
 * client is served.
 */
export function useFixture(limits?: Partial<ListenerLimits>): Fixture {
  const fixture = beforeTests(() => startFixture(limits), TIMEOUT);
  beforeEach(() => {
    fixture.log.length = 0;
  });
  afterEach(() => works(fixture));
  return fixture;
}

/**
 * Starts both. Users: orders_api by token; reporting by token, without its login; legacy by the password "legacy";
 * unused without a password.
 */
export async function startFixture(
  limits: Partial<ListenerLimits> = {},
  iam = new TestIam(),
): Promise<Fixture> {
  const [server, authority] = await Promise.all([startServer({ socketOnly: true }), createAuthority()]);
  const admin = await server.connect();
  await admin.query(`
    CREATE ROLE services NOLOGIN IN ROLE rds_iam;
    CREATE ROLE orders_api LOGIN IN ROLE services;
    CREATE ROLE reporting NOLOGIN IN ROLE rds_iam;
    CREATE ROLE legacy LOGIN PASSWORD 'legacy';
    CREATE ROLE unused LOGIN`);
  await admin.end();
  const log: string[] = [];
  const gateway = await startGateway({
    certificate: await issueCertificate(authority, ["localhost"]),
    database: DATABASE,
    upstream: server,
    iam,
    log: (line) => log.push(line),
    limits,
  });
  const token = (credentials: SessionCredentials, changes: TokenChanges = {}) =>
    new Signer({
      hostname: "localhost",
      port: gateway.port,
      username: "orders_api",
      region: "eu-west-1",
      credentials,
      ...changes,
    }).getAuthToken();
  const good = iam.credentials("orders_api");
  const config = (changes: ClientConfig = {}): ClientConfig => ({
    host: "localhost",
    port: gateway.port,
    user: "orders_api",
    database: "postgres",
    password: () => token(good),
    ssl: { ca: authority.certificate },
    ...changes,
  });
  const { connect, endAll } = clientsBy(config);
  const stop = async () => {
    await endAll();
    await gateway.stop();
    await server.stop();
  };
  return { server, gateway, iam, ca: authority.certificate, log, token, config, connect, stop };
}

/** Connects clients, and ends all of them that could. */
export function clientsBy(config: (changes?: ClientConfig) => ClientConfig) {
  const clients: Client[] = [];
  return {
    connect: async (changes?: ClientConfig): Promise<Client> => {
      const client = new Client(config(changes));
      client.on("error", () => undefined);
      await client.connect();
      clients.push(client);
      return client;
    },
    endAll: () => Promise.all(clients.map((client) => client.end())),
  };
}

/** A good login works. */
export async function works({ connect }: Fixture): Promise<void> {
  const client = await connect();
  expect((await client.query("SELECT session_user AS user")).rows).toEqual([{ user: "orders_api" }]);
  await client.end();
}
