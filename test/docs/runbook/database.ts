import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Client } from "pg";
import { type Certificate, createAuthority, issueCertificate } from "../../../lib/certificates";
import { accessPlan } from "../../../model/access/plan";
import { SUPERUSER } from "../../../model/postgresql/names";
import { type GatewayOptions, startGateway } from "../../../tools/laptop/gateway/gateway";
import { type EmbeddedServer, startServer } from "../../../tools/postgres/embedded-server";
import { startStandby } from "../../../tools/postgres/standby";
import type { Listener } from "../../../tools/protocol/listener";
import { testEnvironment } from "../../helpers/environment";
import { DATABASE, TestIam } from "../../tools/laptop/gateway/fixture";
import { type SignerOptions, signAt } from "../../tools/laptop/gateway/tokens";

/** Variables of libpq. */
export type Variables = Readonly<Record<string, string>>;

/** How a token differs from a good one of orders_api. */
export interface Token extends Partial<Omit<SignerOptions, "credentials">> {
  /** How old it is. @default 0 */
  readonly minutes?: number;
  /** Whose role signs it. @default that of its user */
  readonly signedBy?: string;
  /** When the session of that role ends. @default in an hour */
  readonly sessionEnds?: Date;
}

/** Fewer than a laptop has, so that they are soon used up. */
const MAX_CONNECTIONS = 24;

/** The database of dev with its access plan, a reader, and what RDS has in front of both. */
export class Database {
  private readonly untilRest: (() => Promise<unknown>)[] = [];
  private readonly holders: Client[] = [];

  private constructor(
    readonly server: EmbeddedServer,
    readonly gateway: Listener,
    readonly reader: Listener,
    private readonly behind: Pick<GatewayOptions, "database" | "iam" | "log"> & { readonly iam: TestIam },
    private readonly authority: Certificate,
    private readonly folder: string,
    private readonly stops: readonly (() => Promise<unknown>)[],
  ) {}

  static async start(): Promise<Database> {
    const [server, authority] = await Promise.all([
      startServer({ socketOnly: true, settings: { max_connections: String(MAX_CONNECTIONS) } }),
      createAuthority(),
    ]);
    await server.apply(accessPlan(testEnvironment("dev")));
    const standby = await startStandby(server);
    const iam = new TestIam();
    const certificate = await issueCertificate(authority, ["localhost"]);
    const behind = { database: DATABASE, iam, log: () => {} };
    const gateway = await startGateway({ ...behind, certificate, upstream: server });
    const reader = await startGateway({ ...behind, certificate, upstream: standby });
    const folder = mkdtempSync(join(tmpdir(), "runbook-"));
    writeFileSync(join(folder, "ca.pem"), authority.certificate);
    writeFileSync(join(folder, "other-ca.pem"), (await createAuthority("Somebody else")).certificate);
    writeFileSync(join(folder, "empty.pem"), "");
    const stops = [reader, gateway, standby, server].map((each) => () => each.stop());
    const database = new Database(server, gateway, reader, behind, authority, folder, stops);
    await database.sql(
      "CREATE TABLE orders.items (id int PRIMARY KEY); INSERT INTO orders.items VALUES (1), (2)",
      "CREATE TABLE billing.invoices (id int); CREATE TABLE orders.audit (id int)",
      "ALTER TABLE orders.items OWNER TO shop_orders_owner; REVOKE ALL ON orders.audit FROM shop_orders_rw",
      "GRANT SELECT, INSERT, UPDATE, DELETE ON orders.items TO shop_orders_rw",
      "CREATE ROLE legacy LOGIN PASSWORD 'legacy'",
    );
    await standby.caughtUp();
    return database;
  }

  /** What a pod of orders-api has, with a good token; other variables replace its own. */
  async variables(token: Token = {}, changes: Variables = {}): Promise<Variables> {
    const { minutes = 0, sessionEnds, ...target } = token;
    const username = target.username ?? changes.PGUSER ?? "orders_api";
    const PGPORT = changes.PGPORT ?? String(this.gateway.port);
    const signer = token.signedBy ?? username;
    const credentials = this.behind.iam.credentials(signer, sessionEnds && { expiration: sessionEnds });
    const signed = await signAt(new Date(Date.now() - minutes * 60_000), {
      hostname: "localhost",
      port: Number(PGPORT),
      region: DATABASE.region,
      ...target,
      username,
      credentials,
    });
    return {
      PGHOST: "localhost",
      PGPORT,
      PGDATABASE: "shop",
      PGUSER: username,
      PGPASSWORD: signed,
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: this.file("ca.pem"),
      PGCONNECT_TIMEOUT: "2",
      ...changes,
    };
  }

  /** Path of a file that a client names. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** Runs statements as the superuser, in the database shop, in a session that {@link rest} ends. */
  async sql(...statements: readonly string[]): Promise<Client> {
    const client = await this.session();
    for (const statement of statements) await client.query(statement);
    return client;
  }

  /** Somebody else's transaction, which takes locks and keeps them until {@link rest}. */
  async hold(...statements: readonly string[]): Promise<void> {
    this.holders.unshift(await this.sql("SET deadlock_timeout = '20s'", "BEGIN", ...statements));
  }

  /** That transaction wants something that it may have to wait for. */
  wants(statement: string): void {
    this.holders[0]?.query(statement).catch(() => undefined);
  }

  /** Uses up connections: all that a superuser can have, but for some. */
  async fill(but: number): Promise<void> {
    const sessions: Client[] = [];
    try {
      for (;;) sessions.push(await this.session());
    } catch {
      for (const session of sessions.slice(0, but)) await session.end();
    }
  }

  /** Waits until orders_api runs a statement, or rests after one. */
  async until(state: "active" | "idle", statement: RegExp): Promise<Client> {
    const client = await this.session();
    const query = "SELECT FROM pg_stat_activity WHERE usename = 'orders_api' AND state = $1 AND query ~ $2";
    while (!(await client.query(query, [state, statement.source])).rowCount) await pause(20);
    return client;
  }

  /** Another gateway, which {@link rest} stops. */
  async anotherGateway(host = "localhost"): Promise<Listener> {
    const certificate = await issueCertificate(this.authority, [host]);
    const gateway = await startGateway({ ...this.behind, certificate, upstream: this.server });
    this.untilRest.push(() => gateway.stop());
    return gateway;
  }

  /** A port that answers nothing, until {@link rest}. */
  async silentPort(): Promise<number> {
    const { port, stop } = await silentPort();
    this.untilRest.push(stop);
    return port;
  }

  /** Ends all that was opened since the last time. */
  async rest(): Promise<void> {
    await Promise.all(this.untilRest.splice(0).map((end) => end()));
  }

  async stop(): Promise<void> {
    await this.rest();
    for (const stop of this.stops) await stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async session(): Promise<Client> {
    const client = await this.server.connect({ user: SUPERUSER, database: "shop" });
    this.untilRest.push(() => client.end());
    return client;
  }
}

/**
 * A port that answers nothing, as one behind a security group that does not let through: its queue of connections is full, and
 * nobody takes any out of it.
 */
async function silentPort(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const worker = new Worker(
    `const { createServer, connect } = require("node:net");
     const { parentPort } = require("node:worker_threads");
     const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  // Linux takes one more than the queue is long; the others are dropped, as every client's attempt is from then on.
  const filling = Array.from({ length: 4 }, () => connect({ port, host: "127.0.0.1" }).on("error", () => {}));
  const stop = async () => {
    for (const socket of filling) socket.destroy();
    await worker.terminate();
  };
  return { port, stop };
}
