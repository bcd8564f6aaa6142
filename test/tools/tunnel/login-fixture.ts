import { afterEach, beforeEach } from "@jest/globals";
import type { Client, ClientConfig } from "pg";
import type { ListenerLimits } from "../../../tools/protocol/listener";
import { type LoginPorts, openLoginPorts, type PortLogin } from "../../../tools/tunnel/login-port";
import { beforeTests } from "../../helpers/before-tests";
import { clientsBy, type Fixture, startFixture, TIMEOUT } from "../laptop/gateway/fixture";

/** Ports that log in as orders_api at a gateway. */
export interface LoginFixture {
  readonly behind: Fixture;
  readonly login: PortLogin;
  readonly ports: LoginPorts;
  /** As the helpers for wires want it. */
  readonly gateway: { readonly port: number };
  /** Tokens that were signed so far. */
  readonly tokens: string[];
  /** Lines of the log so far. */
  readonly log: string[];
  /** How `pg` connects to the port; with its secret, unless changed. */
  config(changes?: ClientConfig): ClientConfig;
  /** A connected client, which ends with the fixture. */
  connect(changes?: ClientConfig): Promise<Client>;
  /** Ports beside these, which end with the fixture. */
  open(
    changes: Partial<PortLogin>,
    options?: Partial<Parameters<typeof openLoginPorts>[1]>,
  ): Promise<LoginPorts>;
  stop(): Promise<void>;
}

/** For the tests of a file; each begins with an empty log, and after each the next client is served. */
export function useLoginFixture(limits?: Partial<ListenerLimits>): LoginFixture {
  const fixture = beforeTests(() => startLoginFixture(limits), TIMEOUT);
  beforeEach(() => {
    for (const log of [fixture.log, fixture.behind.log, fixture.tokens]) log.length = 0;
  });
  afterEach(async () => {
    const client = await fixture.connect();
    await client.end();
  });
  return fixture;
}

async function startLoginFixture(limits?: Partial<ListenerLimits>): Promise<LoginFixture> {
  const behind = await startFixture();
  const credentials = behind.iam.credentials("orders_api");
  const tokens: string[] = [];
  const log: string[] = [];
  const login: PortLogin = {
    databaseUser: "orders_api",
    database: "postgres",
    endpoint: { host: "localhost", port: behind.gateway.port },
    ca: behind.ca,
    token: async ({ host: hostname, port }) => {
      const token = await behind.token(credentials, { hostname, port });
      tokens.push(token);
      return token;
    },
  };
  const all: LoginPorts[] = [];
  const open: LoginFixture["open"] = async (changes, options) => {
    const opened = await openLoginPorts(
      { ...login, ...changes },
      { log: (line) => log.push(line), ...options },
    );
    all.push(opened);
    return opened;
  };
  const ports = await open({}, limits && { limits });
  const config = (changes: ClientConfig = {}): ClientConfig => ({
    host: "127.0.0.1",
    port: ports.port,
    user: "orders_api",
    database: "postgres",
    password: ports.secret,
    ...changes,
  });
  const { connect, endAll } = clientsBy(config);
  const stop = async () => {
    await endAll();
    await Promise.all(all.map((each) => each.close()));
    await behind.stop();
  };
  return { behind, login, ports, gateway: ports, tokens, log, config, connect, open, stop };
}
