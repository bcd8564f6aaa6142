import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client, type ClientConfig } from "pg";
import { createAuthority } from "../../../lib/certificates";
import {
  type EmbeddedServer,
  type RestartOptions,
  startServer,
} from "../../../tools/postgres/embedded-server";
import { serverBinaries } from "../../../tools/postgres/server-binaries";
import { runServer } from "../../../tools/postgres/server-process";
import { eventually } from "../../helpers/eventually";
import { versionsToTry } from "../../helpers/extent";
import { ROOT, run } from "../../helpers/run";
import { testUnless } from "../../helpers/skip";

const TIMEOUT = 60_000;

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

/** Starts a server in a process of its own, which then stops it, waits to be killed, or just ends. */
function inProcess(then: "stop" | "wait" | "end", user: { uid?: number; gid?: number } = {}) {
  const args = ["run.js", "test/tools/postgres/run-server.ts", then];
  return spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"], ...user });
}

async function firstLine(child: ReturnType<typeof inProcess>): Promise<{ folder: string; port: number }> {
  const [chunk] = await once(child.stdout, "data");
  return JSON.parse(String(chunk));
}

describe.each(versionsToTry())("PostgreSQL $version", ({ version, unavailable }) => {
  let server: EmbeddedServer;
  let admin: Client;
  beforeAll(async () => {
    if (unavailable !== undefined) return;
    server = await startServer({ version, hostNames: ["db.example.com"] });
    admin = await server.connect();
  }, TIMEOUT);
  afterAll(() => server?.stop());

  const promise = (name: string, check: () => Promise<void>) => testUnless(unavailable, name, check, TIMEOUT);
  const one = async (sql: string) => Object.values((await admin.query(sql)).rows[0]);

  promise("is the version asked for, and encrypts", async () => {
    expect(await one("SELECT current_setting('server_version_num')::int / 10000")).toEqual([version]);
    expect(await one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).toEqual([true]);
  });

  promise("has an admin that creates roles and databases and is no superuser", async () => {
    expect(
      await one("SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"),
    ).toEqual([false, true, true]);
    await expect(admin.query("SELECT * FROM pg_authid")).rejects.toThrow("permission denied");
    await expect(admin.query("SET ROLE rdsadmin")).rejects.toThrow("permission denied");
  });

  promise("lets the admin grant rds_iam without having it", async () => {
    expect(await one("SELECT pg_has_role('rds_iam', 'USAGE')")).toEqual([false]);
    await admin.query("CREATE ROLE granted; GRANT rds_iam TO granted; DROP ROLE granted");
  });

  promise("keeps the database rdsadmin to RDS", async () => {
    await expect(server.connect({ database: "rdsadmin", user: "nobody" })).rejects.toThrow("rejects");
    await expect(server.connect({ database: "rdsadmin" })).rejects.toThrow("rejects");
  });

  promise(
    "refuses a member of rds_iam by TCP, whatever password it has, and takes it by the socket",
    async () => {
      await admin.query("CREATE ROLE service LOGIN PASSWORD 'secret'");
      const byTcp = () => new Client({ ...server.clientConfig(), user: "service", password: "secret" });
      const before = byTcp();
      await before.connect();
      await before.end();
      await admin.query("GRANT rds_iam TO service");
      await expect(byTcp().connect()).rejects.toMatchObject({ code: "28000" });
      const service = await server.connect({ user: "service" });
      expect((await service.query("SELECT current_user AS name")).rows).toEqual([{ name: "service" }]);
    },
  );

  promise(
    "refuses a wrong password, a connection without TLS, and is refused by who does not trust it",
    async () => {
      const asAdmin = (changes: ClientConfig) =>
        new Client({ ...server.clientConfig(), ...changes }).connect();
      await expect(asAdmin({ password: "wrong" })).rejects.toMatchObject({ code: "28P01" });
      await expect(asAdmin({ ssl: false })).rejects.toThrow("no encryption");
      const { certificate: ca } = await createAuthority();
      await expect(asAdmin({ ssl: { ca } })).rejects.toThrow("certificate");
      const named = (servername: string) =>
        asAdmin({ host: "127.0.0.1", ssl: { ca: server.ca, servername } });
      await expect(named("other.example.com")).rejects.toThrow("does not match");
    },
  );
});

test(
  "two servers run side by side, and stopping one leaves nothing of it and all of the other",
  async () => {
    const [one, other] = await Promise.all([startServer(), startServer()]);
    await other.connect();
    await one.connect();
    await one.stop();
    expect(existsSync(one.socketFolder)).toBe(false);
    expect(await listens(one.port)).toBe(false);
    expect((await (await other.connect()).query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await other.stop();
    expect(existsSync(other.socketFolder)).toBe(false);
  },
  TIMEOUT,
);

const RESTARTS: readonly RestartOptions[] = [
  {},
  { mode: "fast" },
  { mode: "immediate" },
  { mode: "immediate", downFor: 300 },
];

test.each(RESTARTS)(
  "a restart (%o) ends the sessions and keeps every acknowledged row",
  async (options) => {
    const server = await startServer();
    const before = await server.connect();
    await before.query("CREATE TABLE kept (id int)");
    const rows = 20;
    for (let id = 1; id <= rows; id++) await before.query("INSERT INTO kept VALUES ($1)", [id]);
    const ended = new Promise((resolve) => before.once("end", resolve));
    const restarted = server.restart(options);
    await ended;
    await restarted;
    const after = await server.connect();
    expect((await after.query("SELECT count(*)::int FROM kept")).rows).toEqual([{ count: rows }]);
    await server.restart(options);
    await server.connect();
    await server.stop();
    expect(existsSync(server.socketFolder)).toBe(false);
  },
  TIMEOUT,
);

test(
  "a server that is down until its restart ends at once when it is stopped",
  async () => {
    const server = await startServer();
    const restarted = server.restart({ downFor: TIMEOUT }).catch(String);
    await eventually(async () => !(await listens(server.port)));
    await server.stop();
    expect(existsSync(server.socketFolder)).toBe(false);
    expect(await restarted).toContain("did not start");
  },
  TIMEOUT,
);

test(
  "a server on its socket alone has no port, and lets in only whom it should",
  async () => {
    const server = await startServer({ socketOnly: true });
    expect(await listens(server.port)).toBe(false);
    const admin = await server.connect();
    await admin.query("CREATE ROLE service LOGIN IN ROLE rds_iam; CREATE ROLE other LOGIN");
    await (await server.connect({ user: "service" })).query("SELECT 1");
    const bySocket = (user: string, password: string) =>
      new Client({ ...server.clientConfig(), user, password }).connect();
    for (const user of ["postgres", "other", "nobody"]) {
      await expect(bySocket(user, "wrong")).rejects.toMatchObject({ code: "28P01" });
    }
    await server.stop();
  },
  TIMEOUT,
);

test(
  "a server that cannot start says why, and leaves nothing",
  async () => {
    const settings = { shared_buffers: "a lot" };
    const reason = 'invalid value for parameter "shared_buffers"';
    await expect(startServer({ settings })).rejects.toThrow(reason);
    const folder = mkdtempSync(join(tmpdir(), "postgres-"));
    const server = runServer(serverBinaries(17), folder, settings);
    await eventually(() => server.failure() !== undefined);
    expect(server.failure()).toContain(reason);
    expect(existsSync(folder)).toBe(false);
  },
  TIMEOUT,
);

test(
  "nothing is left when the process is killed, without a chance to clean up",
  async () => {
    const child = inProcess("wait");
    const { folder, port } = await firstLine(child);
    expect(await listens(port)).toBe(true);
    child.kill("SIGKILL");
    await eventually(() => !existsSync(folder));
    await eventually(async () => !(await listens(port)));
  },
  TIMEOUT,
);

test(
  "a server that nobody stops neither keeps its process alive nor stays behind",
  async () => {
    const child = inProcess("end");
    const [{ folder }, [code]] = await Promise.all([firstLine(child), once(child, "exit")]);
    expect(code).toBe(0);
    await eventually(() => !existsSync(folder));
  },
  TIMEOUT,
);

/** Another user than root, and why that cannot be tried here: undefined when it can. */
const nobody = {
  uid: Number(run("id", ["-u", "nobody"]).stdout),
  gid: Number(run("id", ["-g", "nobody"]).stdout),
};
const notRoot = process.getuid?.() === 0 ? undefined : "only root can run as another user";
const closed = () => {
  const read = `require("fs").readFileSync(${JSON.stringify(join(ROOT, "package.json"))})`;
  const { status } = spawnSync(process.execPath, ["-e", read], { cwd: "/", ...nobody });
  return status === 0 ? undefined : "only root can read this checkout";
};

testUnless(
  notRoot ?? closed(),
  "a user other than root starts a server, too",
  async () => {
    const child = inProcess("stop", nobody);
    const [{ folder }, [code]] = await Promise.all([firstLine(child), once(child, "exit")]);
    expect(code).toBe(0);
    expect(existsSync(folder)).toBe(false);
  },
  TIMEOUT,
);

testUnless(
  notRoot,
  "root starts a server from a checkout that only root can enter",
  async () => {
    const home = mkdtempSync(join(tmpdir(), "home-"));
    cpSync(serverBinaries(17), join(home, "native"), { recursive: true, verbatimSymlinks: true });
    const folder = mkdtempSync(join(tmpdir(), "postgres-"));
    const server = runServer(join(home, "native"), folder, {
      listen_addresses: "",
      unix_socket_directories: folder,
    });
    try {
      await eventually(() => server.failure() !== undefined || existsSync(join(folder, ".s.PGSQL.5432")));
      expect(server.failure()).toBeUndefined();
    } finally {
      await server.stop();
      rmSync(home, { recursive: true });
    }
    expect(existsSync(folder)).toBe(false);
  },
  TIMEOUT,
);
