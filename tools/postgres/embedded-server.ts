import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client, type ClientConfig } from "pg";
import { createAuthority, issueCertificate } from "../../lib/certificates";
import { freePort } from "../../lib/loopback";
import type { AccessPlan } from "../../model/access/plan";
import { ADMIN_USER, SUPERUSER } from "../../model/postgresql/names";
import { applyPlan } from "./apply-plan";
import { asRdsCreates, type Offered, offeredBy } from "./extensions";
import { hostBasedAccess, likeRds } from "./like-rds";
import { BUNDLED_VERSION, type PostgresVersion, serverBinaries } from "./server-binaries";
import { runServer, type ServerProcess } from "./server-process";

/** Options of {@link startServer}. */
export interface ServerOptions {
  /** Major version. @default 17 */
  readonly version?: PostgresVersion;
  /** Names in its certificate besides localhost and 127.0.0.1. @default none */
  readonly hostNames?: readonly string[];
  /**
   * Listen on the Unix socket alone. The admin logs in with its password there too, and only members of rds_iam are let
   * in without one, so that nothing goes round a gateway in front of it. @default false: by TCP as well
   */
  readonly socketOnly?: boolean;
  /** Server settings, over those of {@link SETTINGS}. @default none */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Whom to connect as, and to what. */
export interface ConnectOptions {
  /** @default the admin */
  readonly user?: string;
  /** @default "postgres" */
  readonly database?: string;
}

/** How a server is restarted. */
export interface RestartOptions {
  /** `fast` ends the sessions in good order; `immediate` is a crash, with recovery at the next start. @default "fast" */
  readonly mode?: "fast" | "immediate";
  /** How long it stays down, in milliseconds. @default 0 */
  readonly downFor?: number;
}

/** A PostgreSQL server of our own, prepared as RDS prepares one. */
export interface EmbeddedServer {
  readonly version: PostgresVersion;
  readonly host: "localhost";
  /** By TCP, unless it listens on its socket alone; part of the socket's name in any case. */
  readonly port: number;
  /** Password of the admin, who logs in with it over TLS, or over the socket when that is all there is. */
  readonly adminPassword: string;
  /** Certificate of the authority that signed the server's, PEM. */
  readonly ca: string;
  /** The same as a file, for clients that want a path. */
  readonly caFile: string;
  /** Folder of the Unix socket, where most may log in without a password: only this user's processes can enter it. */
  readonly socketFolder: string;
  /**
   * How `pg` connects. The admin does it as on RDS, by TCP with its password and verify-full, unless the server listens
   * on its socket alone; everyone else over the Unix socket, since on RDS they come with an IAM token, which PostgreSQL itself knows nothing of.
   */
  clientConfig(options?: ConnectOptions): ClientConfig;
  /** A connected client; the server ends it when it stops. */
  connect(options?: ConnectOptions): Promise<Client>;
  /** As much of a plan as this server can put in place: extensions that it does not carry are left out, and named. */
  offered(plan: AccessPlan): Promise<Offered>;
  /**
   * Puts a plan in place by its SQL, as the admin.
   * @returns what the SQL of each database said: `changed` or `nothing to change`
   */
  apply(plan: AccessPlan): Promise<string[]>;
  /**
   * Restarts the server with its data; done when it takes connections again. Those it had end, and every transaction
   * that was acknowledged is kept.
   * @throws Error when it does not come back
   */
  restart(options?: RestartOptions): Promise<void>;
  /** Ends the server and removes everything of it. */
  stop(): Promise<void>;
}

/** Small and quick: the data survives a crash of the server, and need not survive one of the machine. */
export const SETTINGS: Readonly<Record<string, string>> = {
  fsync: "off",
  full_page_writes: "off",
  jit: "off",
  max_connections: "100",
  shared_buffers: "16MB",
};

/** How long a server may take to start, on however busy a machine. */
const START_TIMEOUT_MS = 60_000;

/**
 * Starts a server on a free port of this machine, with its data in a temporary folder. Both are gone when `stop` is
 * called or this process ends, even by a crash.
 * @throws UserError when the version is not installed
 */
export async function startServer(options: ServerOptions = {}): Promise<EmbeddedServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(options, await freePort());
    } catch (error) {
      // A port that was free may be taken by the time the server listens.
      if (attempt === 3 || !String(error).includes("Address already in use")) throw error;
    }
  }
}

async function start(options: ServerOptions, port: number): Promise<EmbeddedServer> {
  const { version = BUNDLED_VERSION, socketOnly = false } = options;
  const native = serverBinaries(version);
  const authority = await createAuthority();
  const certificate = await issueCertificate(authority, [
    "localhost",
    "127.0.0.1",
    ...(options.hostNames ?? []),
  ]);
  const adminPassword = randomBytes(24).toString("base64url");

  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const caFile = file("ca.crt", authority.certificate);
  const server = runServer(native, folder, {
    ...SETTINGS,
    hba_file: file("pg_hba.conf", hostBasedAccess(socketOnly)),
    listen_addresses: socketOnly ? "" : "127.0.0.1",
    port: String(port),
    ssl: "on",
    ssl_cert_file: file("server.crt", certificate.certificate),
    ssl_key_file: file("server.key", certificate.key),
    unix_socket_directories: folder,
    ...options.settings,
  });

  const clients = new Set<Client>();
  const bySocket = { host: folder, port, ssl: false };
  const asAdmin = {
    ...(socketOnly ? bySocket : { host: "localhost", port, ssl: { ca: authority.certificate } }),
    password: adminPassword,
  };
  const clientConfig = ({ user = ADMIN_USER, database = "postgres" }: ConnectOptions = {}): ClientConfig => ({
    ...(user === ADMIN_USER ? asAdmin : bySocket),
    user,
    database,
  });
  const connect = async (connectOptions?: ConnectOptions) => {
    const client = new Client(clientConfig(connectOptions));
    // Without a listener, a session that the server ends would end this process.
    client.on("error", () => clients.delete(client));
    await client.connect();
    clients.add(client);
    return client;
  };
  const asSuperuser = async (run: (superuser: Client) => Promise<void>, database?: string) => {
    const superuser = await connect({ user: SUPERUSER, ...(database !== undefined && { database }) });
    try {
      await run(superuser);
    } finally {
      await superuser.end();
    }
  };
  const restart = async ({ mode = "fast", downFor = 0 }: RestartOptions = {}) => {
    const started = "SELECT pg_postmaster_start_time()::text AS at";
    let before: unknown;
    await asSuperuser(async (superuser) => {
      before = (await superuser.query(started)).rows[0].at;
    });
    await server.restart(mode === "fast" ? "INT" : "QUIT", downFor);
    await whenUp(server, () =>
      asSuperuser(async (superuser) => {
        const [{ at }] = (await superuser.query(started)).rows;
        if (at === before) throw new Error("PostgreSQL has not restarted yet.");
      }),
    );
  };
  const stop = async () => {
    await Promise.allSettled([...clients].map((client) => client.end()));
    await server.stop();
  };

  try {
    const prepare = async (superuser: Client) => {
      for (const statement of likeRds(version, adminPassword)) await superuser.query(statement);
    };
    await whenUp(server, () => asSuperuser(async () => undefined));
    await asSuperuser(prepare);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    version,
    host: "localhost",
    port,
    adminPassword,
    ca: authority.certificate,
    caFile,
    socketFolder: folder,
    clientConfig,
    connect,
    offered: async (plan) => {
      let offered: Offered = { plan, leftOut: [] };
      await asSuperuser(async (superuser) => {
        offered = await offeredBy(superuser, plan);
      });
      return offered;
    },
    apply: (plan) =>
      applyPlan(
        plan,
        (database) => connect({ database }),
        (database) => asSuperuser((superuser) => asRdsCreates(superuser, database), database.name),
      ),
    restart,
    stop,
  };
}

/** Tries again until it works; fails when the server has ended or takes too long. */
export async function whenUp(server: ServerProcess, attempt: () => Promise<void>): Promise<void> {
  for (const start = Date.now(); ; await pause(10)) {
    try {
      return await attempt();
    } catch (error) {
      const failure = server.failure();
      if (failure !== undefined) throw new Error(`PostgreSQL did not start:\n${failure}`);
      if (Date.now() - start > START_TIMEOUT_MS) throw error;
    }
  }
}
