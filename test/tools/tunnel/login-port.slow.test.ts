import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectTcp, createServer, type Socket } from "node:net";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createAuthority, issueCertificate } from "../../../lib/certificates";
import { listenOnLoopback } from "../../../lib/loopback";
import { readBytes } from "../../../lib/read-bytes";
import { startGateway } from "../../../tools/laptop/gateway/gateway";
import { AUTHENTICATION_OK } from "../../../tools/protocol/protocol-messages";
import { REQUEST } from "../../../tools/protocol/startup-packet";
import { CLIENTS } from "../../examples/programs";
import { eventually } from "../../helpers/eventually";
import { randomCases } from "../../helpers/extent";
import { run } from "../../helpers/run";
import { testUnless } from "../../helpers/skip";
import { DATABASE, TIMEOUT } from "../laptop/gateway/fixture";
import {
  answer,
  copiedThereAndBack,
  logInByScram,
  message,
  next,
  packet,
  rest,
  scramClient,
  startup,
  tcp,
  until,
} from "../protocol/wire";
import { useLoginFixture } from "./login-fixture";

const fixture = useLoginFixture();

/** A session on the wire, and the key to cancel its queries by. */
async function session(): Promise<{ readonly socket: Socket; readonly key: Buffer }> {
  const socket = await tcp(fixture);
  socket.write(startup("user", "orders_api", "database", "postgres"));
  const said = await logInByScram(socket, fixture.ports.secret);
  return { socket, key: said.find(({ type }) => type === "K")?.bytes.subarray(5) ?? Buffer.alloc(0) };
}

/** Sessions of the database user at the server. */
async function sessions(condition = "true"): Promise<number | null> {
  const superuser = await fixture.behind.server.connect({ user: "rdsadmin" });
  const sql = `SELECT FROM pg_stat_activity WHERE usename = 'orders_api' AND ${condition}`;
  const { rowCount } = await superuser.query(sql);
  await superuser.end();
  return rowCount;
}

describe("who knows the secret", () => {
  test(
    "is the database user, by a new token each time, which the client never sees",
    async () => {
      for (const logins of [1, 2]) {
        const client = await fixture.connect();
        expect((await client.query("SELECT session_user AS user")).rows).toEqual([{ user: "orders_api" }]);
        expect(fixture.tokens).toHaveLength(logins);
        await client.end();
      }
      const { socket } = await session();
      socket.write(message("Q", "SELECT 1\0"));
      const heard = await until(socket, "Z");
      expect(heard.map(({ bytes }) => bytes.toString()).join()).not.toContain("X-Amz");
      socket.destroy();
      expect(fixture.log).toEqual([]);
    },
    TIMEOUT,
  );

  test(
    "chooses the database, and settings of the session",
    async () => {
      const client = await fixture.connect({
        database: "template1",
        application_name: 'It\'s a "tool"',
        options: "-c work_mem=7MB -c search_path=a,b",
      });
      const { rows } = await client.query(
        "SELECT current_database() AS db, current_setting('application_name') AS app, current_setting('work_mem') AS mem",
      );
      expect(rows).toEqual([{ db: "template1", app: 'It\'s a "tool"', mem: "7MB" }]);
      await client.end();
    },
    TIMEOUT,
  );

  test(
    "hears the server's own words about what it refuses",
    async () => {
      await expect(fixture.connect({ database: "nowhere" })).rejects.toMatchObject({
        code: "3D000",
        message: 'database "nowhere" does not exist',
      });
      await expect(fixture.connect({ options: "-c no_such=1" })).rejects.toMatchObject({ code: "42704" });
      expect(fixture.log[0]).toMatch(/^refused orders_api .*: localhost: database "nowhere" does not exist$/);
    },
    TIMEOUT,
  );

  test(
    "is no other user, and is told which one",
    async () => {
      for (const user of ["postgres", "reporting", "orders_api ", "ORDERS_API", "a\u001b[2J"]) {
        await expect(fixture.connect({ user })).rejects.toMatchObject({
          code: "28000",
          message: `this port logs in as "orders_api" alone, not as "${user}"`,
        });
      }
      expect(fixture.tokens).toEqual([]);
      expect(fixture.log.join()).not.toContain("\u001b");
    },
    TIMEOUT,
  );
});

describe("who does not know the secret", () => {
  test(
    "is refused in PostgreSQL's words, and nothing is signed",
    async () => {
      const other = await fixture.open({});
      for (const password of [
        "x",
        `${fixture.ports.secret} `,
        fixture.ports.secret.toUpperCase(),
        other.secret,
      ]) {
        await expect(fixture.connect({ password })).rejects.toThrow(
          `password authentication failed for user "orders_api"`,
        );
      }
      expect(fixture.tokens).toEqual([]);
      expect(fixture.log).toContainEqual(
        expect.stringMatching(
          /^refused orders_api from 127\.0\.0\.1:\d+: the password is not the one of this run$/,
        ),
      );
    },
    TIMEOUT,
  );

  test(
    "has no other way in: no password, a plain one, a token, another mechanism, messages before the login",
    async () => {
      const token = await fixture.login.token(fixture.login.endpoint);
      fixture.tokens.length = 0;
      const start = startup("user", "orders_api", "database", "postgres");
      const sasl = (mechanism: string) => message("p", `${mechanism}\0\0\0\0\x05n,,n=`);
      for (const then of [
        message("p", `${fixture.ports.secret}\0`),
        message("p", `${token}\0`),
        message("p", ""),
        sasl("SCRAM-SHA-256-PLUS"),
        sasl("PLAIN"),
        message("Q", "SELECT 1\0"),
      ]) {
        const socket = await tcp(fixture);
        socket.write(Buffer.concat([start, then]));
        const heard = (await rest(socket)).toString("latin1");
        expect(heard).toContain("C08P01");
        expect(heard).not.toContain(AUTHENTICATION_OK.toString("latin1"));
      }
      expect(fixture.tokens).toEqual([]);
    },
    TIMEOUT,
  );

  test(
    "cancels nobody's query, and reaches no server by trying",
    async () => {
      let asked = 0;
      const counted = await fixture.open(
        {},
        {
          connect: async ({ host, port }) => {
            asked++;
            const socket = connectTcp(port, host);
            await once(socket, "connect");
            return socket;
          },
        },
      );
      for (const key of [Buffer.alloc(8), Buffer.alloc(0), randomBytes(8), Buffer.alloc(256)]) {
        expect(await answer(await tcp({ gateway: counted }), packet(REQUEST.cancel, key))).toBe("");
      }
      expect(asked).toBe(0);
      expect(fixture.log).toHaveLength(4);
    },
    TIMEOUT,
  );

  test("does not even find the port from another machine", async () => {
    const elsewhere = connectTcp(fixture.ports.port, "127.0.0.5");
    const [error] = await once(elsewhere, "error");
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
  });
});

test(
  "what is logged holds neither the secret nor a token, whatever goes wrong",
  async () => {
    await fixture.connect({ user: "postgres" }).catch(() => undefined);
    await fixture.connect({ database: "nowhere" }).catch(() => undefined);
    await fixture.connect({ password: "wrong" }).catch(() => undefined);
    const other = await fixture.open({ endpoint: { host: "localhost", port: 1 } });
    await fixture.connect({ port: other.port, password: other.secret }).catch(() => undefined);
    const said = [...fixture.log, ...fixture.behind.log].join("\n");
    expect(fixture.log).toHaveLength(4);
    for (const secret of [fixture.ports.secret, other.secret, "X-Amz", "wrong"])
      expect(said).not.toContain(secret);
  },
  TIMEOUT,
);

describe("a client that asks for encryption", () => {
  test(
    "hears no, of TLS and of GSSAPI, and may go on without",
    async () => {
      for (const requests of [[REQUEST.tls], [REQUEST.gss], [REQUEST.gss, REQUEST.tls]]) {
        const socket = await tcp(fixture);
        for (const request of requests) {
          socket.write(packet(request));
          expect((await readBytes(socket, 1)).toString()).toBe("N");
        }
        socket.write(startup("user", "orders_api", "database", "postgres"));
        expect((await logInByScram(socket, fixture.ports.secret)).at(-1)?.type).toBe("Z");
        socket.destroy();
      }
    },
    TIMEOUT,
  );

  test(
    "that insists is told by its own driver; one that starts TLS unasked is cut off",
    async () => {
      await expect(fixture.connect({ ssl: true })).rejects.toThrow("does not support SSL");
      const socket = await tcp(fixture);
      expect(await answer(socket, Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]))).toBe("");
      expect(fixture.log.at(-1)).toContain("TLS was started, and this port speaks none");
    },
    TIMEOUT,
  );
});

describe("a server that is not the one it should be gets no token", () => {
  const refuses = async (changes: Parameters<typeof fixture.open>[0], reason: RegExp) => {
    const ports = await fixture.open(changes);
    fixture.tokens.length = 0;
    await expect(fixture.connect({ port: ports.port, password: ports.secret })).rejects.toMatchObject({
      code: "08006",
      message: expect.stringMatching(reason),
    });
    expect(fixture.tokens).toEqual([]);
  };

  test(
    "with a certificate of another authority",
    async () => {
      const { certificate } = await createAuthority();
      await refuses({ ca: certificate }, /cannot log in at localhost:\d+: .*(signature|issuer|self-signed)/);
    },
    TIMEOUT,
  );

  test(
    "with a certificate of another host",
    async () => {
      const endpoint = { host: "127.0.0.1", port: fixture.behind.gateway.port };
      await refuses({ endpoint }, /cannot log in at 127\.0\.0\.1:\d+: .*does not match certificate/);
    },
    TIMEOUT,
  );

  test(
    "with a certificate that has expired",
    async () => {
      const authority = await createAuthority();
      const expired = { from: new Date("2020-01-01"), until: new Date("2021-01-01") };
      const gateway = await startGateway({
        certificate: await issueCertificate(authority, ["localhost"], expired),
        database: DATABASE,
        upstream: fixture.behind.server,
        iam: fixture.behind.iam,
        log: () => undefined,
      });
      await refuses({ ca: authority.certificate, endpoint: gateway }, /certificate has expired/);
      await gateway.stop();
    },
    TIMEOUT,
  );

  test.each([
    ["says no to TLS", "N", /does not speak PostgreSQL over TLS/],
    ["speaks before TLS", "SE\0\0\0\0", /does not speak PostgreSQL over TLS/],
    ["is a web server", "HTTP/1.1 400 Bad Request\r\n\r\n", /does not speak PostgreSQL over TLS/],
    ["hangs up", "", /it hung up/],
    ["hangs up after TLS was agreed on", "S", /hung up|disconnected|ECONNRESET/],
  ])(
    "that %s",
    async (_, says, reason) => {
      const server = await listenOnLoopback(
        createServer((socket) => {
          socket.on("error", () => undefined);
          socket.once("data", () => socket.end(says));
        }),
      );
      await refuses({ endpoint: { host: "localhost", port: server.port } }, reason);
      await server.close();
    },
    TIMEOUT,
  );
});

describe("a role that ends while the port is open", () => {
  test(
    "is told in words when it cannot sign any more",
    async () => {
      const token = () => Promise.reject(new Error("AWS does not let you\u0007 take the role"));
      const ports = await fixture.open({ token });
      await expect(fixture.connect({ port: ports.port, password: ports.secret })).rejects.toMatchObject({
        code: "28000",
        message: 'no token for "orders_api": AWS does not let you\\u{7} take the role',
      });
    },
    TIMEOUT,
  );

  test(
    "hears the database's own words when its token is refused, and works again when it is not",
    async () => {
      const { iam } = fixture.behind;
      const [[role = "", allowed = ""] = []] = [...iam.grants];
      iam.grants.delete(role);
      await expect(fixture.connect()).rejects.toMatchObject({
        code: "28000",
        message: 'PAM authentication failed for user "orders_api"',
      });
      iam.grants.set(role, allowed);
      await (await fixture.connect()).end();
    },
    TIMEOUT,
  );

  test(
    "a token that takes for ever holds up neither others nor the end",
    async () => {
      const ports = await fixture.open({ token: () => new Promise(() => undefined) });
      const waiting = fixture.connect({ port: ports.port, password: ports.secret }).catch(String);
      await (await fixture.connect()).end();
      await ports.close();
      expect(await waiting).toMatch(/terminated|ECONNRESET/);
    },
    TIMEOUT,
  );
});

describe("a session", () => {
  test(
    "is cancelled by its key over a connection of its own, and by no other",
    async () => {
      const { socket, key } = await session();
      socket.write(message("Q", "SELECT pg_sleep(600)\0"));
      await eventually(async () => (await sessions("wait_event = 'PgSleep'")) === 1);
      const wrong = Buffer.from(key);
      wrong.writeInt32BE(wrong.readInt32BE(4) ^ 1, 4);
      for (const secret of [wrong, key]) {
        expect(await answer(await tcp(fixture), packet(REQUEST.cancel, secret))).toBe("");
      }
      const error = (await until(socket, "E")).at(-1);
      expect(error?.bytes.toString()).toContain("canceling statement due to user request");
      await until(socket, "Z");
      expect(fixture.log).toHaveLength(1);
      socket.destroy();
      // Its key is nobody's any more.
      await eventually(async () => {
        fixture.log.length = 0;
        await answer(await tcp(fixture), packet(REQUEST.cancel, key));
        return fixture.log.length === 1;
      });
    },
    TIMEOUT,
  );

  test(
    "that is killed says why; a client that leaves takes its session along",
    async () => {
      const client = await fixture.connect();
      const error = new Promise((resolve) => client.once("error", resolve));
      const superuser = await fixture.behind.server.connect({ user: "rdsadmin" });
      await superuser.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'orders_api'",
      );
      await superuser.end();
      expect(await error).toMatchObject({ code: "57P01" });
      for (const hangUp of ["end", "destroy", "resetAndDestroy"] as const) {
        const { socket } = await session();
        socket.write(message("Q", "SELECT repeat('x', 1000), generate_series(1, 100000000)\0"));
        await next(socket);
        socket.resume()[hangUp]();
        await eventually(async () => (await sessions()) === 0);
      }
    },
    TIMEOUT,
  );

  test(
    "carries megabytes there and back, and questions that do not wait for answers",
    async () => {
      const superuser = await fixture.behind.server.connect({ user: "rdsadmin" });
      await superuser.query("CREATE TABLE through (line text); GRANT ALL ON through TO orders_api");
      await superuser.end();
      const { socket } = await session();
      const line = () => `${randomBytes(60).toString("hex")}\n`;
      const lines = Buffer.from(Array.from({ length: 40_000 }, line).join(""));
      expect((await copiedThereAndBack(socket, "through", lines)).equals(lines)).toBe(true);
      const questions = Array.from({ length: 500 }, (_, index) => message("Q", `SELECT ${index}\0`));
      socket.write(Buffer.concat(questions));
      const answers: string[] = [];
      for (const _ of questions) {
        const row = (await until(socket, "Z")).find(({ type }) => type === "D");
        answers.push(row?.bytes.toString("latin1", 11) ?? "");
      }
      expect(answers).toEqual(questions.map((_, index) => String(index)));
      socket.destroy();
    },
    TIMEOUT,
  );
});

test(
  "of two hundred clients at once those get in whom the server has room for, and the others hear its words",
  async () => {
    const all = await Promise.allSettled(Array.from({ length: 200 }, () => fixture.connect()));
    const failed = all.flatMap((each) => (each.status === "rejected" ? [String(each.reason.message)] : []));
    expect(200 - failed.length).toBeGreaterThan(50);
    const full = /too many clients|remaining connection slots are reserved/;
    expect(failed.filter((reason) => !full.test(reason))).toEqual([]);
    for (const each of all) if (each.status === "fulfilled") await each.value.end();
    await eventually(async () => (await sessions()) === 0);
  },
  TIMEOUT,
);

test(
  "a server that is gone is said to be, and clients get in again as soon as it is back",
  async () => {
    const client = await fixture.connect();
    const query = client.query("SELECT pg_sleep(600)").catch(String);
    await eventually(async () => (await sessions("wait_event = 'PgSleep'")) === 1);
    const restarted = fixture.behind.server.restart({ mode: "fast", downFor: 500 });
    expect(await query).toMatch(/terminat/);
    const during = await fixture.connect().then(() => "no error", String);
    await restarted;
    // The gateway says it, or hangs up when the server does so in the middle of a login.
    expect(during).toMatch(
      /the database system is not yet accepting connections|it hung up during the login/,
    );
    await (await fixture.connect()).end();
    const nobody = await fixture.open({ endpoint: { host: "localhost", port: 1 } });
    await expect(fixture.connect({ port: nobody.port, password: nobody.secret })).rejects.toMatchObject({
      code: "08006",
      message: expect.stringContaining("cannot log in at localhost:1: connect ECONNREFUSED"),
    });
  },
  TIMEOUT,
);

test(
  "readers have a port of their own, with the same secret and tokens for their host",
  async () => {
    const hosts: string[] = [];
    const ports = await fixture.open({
      reader: { host: "localhost", port: fixture.behind.gateway.port },
      endpoint: { host: "writer.invalid", port: 5432 },
      token: (endpoint) => {
        hosts.push(endpoint.host);
        return fixture.login.token(endpoint);
      },
    });
    const client = await fixture.connect({ port: ports.readersPort, password: ports.secret });
    await client.end();
    expect([ports.readersPort !== ports.port, hosts]).toEqual([true, ["localhost"]]);
  },
  TIMEOUT,
);

/** Connections of this process, which holds the clients, the port and the gateway. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => ["TCPSocketWrap", "PipeWrap"].includes(kind))
    .length;
}

test(
  "clients that hang up at any moment leave nothing behind",
  async () => {
    const start = startup("user", "orders_api", "database", "postgres");
    const own = scramClient(fixture.ports.secret);
    const first = async (socket: Socket) => {
      socket.write(start);
      await next(socket);
      socket.write(own.first);
      return own.final(await next(socket)).message;
    };
    const moments: ((socket: Socket) => Promise<unknown>)[] = [
      async () => undefined,
      async (socket) => socket.write(Buffer.from([0, 0])),
      async (socket) => socket.write(packet(REQUEST.tls)),
      async (socket) => socket.write(start),
      first,
      // The connection to the database is just being made, then the token is just being signed.
      async (socket) => socket.write(await first(socket)),
      async (socket) => {
        socket.write(await first(socket));
        await eventually(() => fixture.tokens.length > 0);
      },
      async (socket) => {
        socket.write(await first(socket));
        await until(socket, "Z");
      },
    ];
    const before = openSockets();
    for (const moment of moments) {
      for (const hangUp of ["end", "destroy", "resetAndDestroy"] as const) {
        fixture.tokens.length = 0;
        const socket = await tcp(fixture);
        await moment(socket);
        socket[hangUp]();
        if (!socket.closed) await once(socket.resume(), "close");
      }
    }
    await eventually(() => openSockets() <= before);
    await eventually(async () => (await sessions()) === 0);
  },
  TIMEOUT,
);

test(
  "any bytes end in a refusal, or in silence; nothing is signed",
  async () => {
    const start = startup("user", "orders_api", "database", "postgres");
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, started) => {
        const socket = await tcp(fixture);
        if (started) {
          socket.write(start);
          await next(socket);
        }
        socket.end(Buffer.from(bytes));
        expect(await answer(socket)).toMatch(/^$|^N$|^FATAL (08P01|0A000|28000|28P01): /);
      }),
      randomCases(200),
    );
    expect(fixture.tokens).toEqual([]);
  },
  TIMEOUT,
);

describe("with little time and little room", () => {
  const little = { authenticationTimeout: 1000, pendingConnections: 3 };

  test(
    "who does not log in is cut off, and who has logged in may take their time",
    async () => {
      const ports = await fixture.open({}, { limits: little });
      const client = await fixture.connect({ port: ports.port, password: ports.secret });
      const silent = await tcp({ gateway: ports });
      const asked = await tcp({ gateway: ports });
      asked.write(startup("user", "orders_api"));
      await Promise.all([silent, asked].map(rest));
      expect(fixture.log).toEqual(Array(2).fill(expect.stringContaining("not logged in within 1 s")));
      await client.query("SELECT pg_sleep(1.2)");
      await client.end();
    },
    TIMEOUT,
  );

  test(
    "a server that never answers costs a client its time, and the end waits for nobody",
    async () => {
      const [reached, left] = [new AbortController(), new AbortController()];
      const silent = await listenOnLoopback(
        createServer((socket) => {
          reached.abort();
          socket.on("error", () => undefined);
          socket.resume().once("close", () => left.abort());
        }),
      );
      const ports = await fixture.open(
        { endpoint: { host: "localhost", port: silent.port } },
        { limits: { ...little, authenticationTimeout: 600_000 } },
      );
      const waiting = fixture.connect({ port: ports.port, password: ports.secret }).catch(String);
      await eventually(() => reached.signal.aborted);
      await ports.close();
      expect(await waiting).toMatch(/terminated|ECONNRESET/);
      await eventually(() => left.signal.aborted);
      await silent.close();
    },
    TIMEOUT,
  );

  test(
    "more than may be pending are turned away",
    async () => {
      const ports = await fixture.open({}, { limits: { ...little, authenticationTimeout: 600_000 } });
      const waiting = await Promise.all([1, 2, 3].map(() => tcp({ gateway: ports })));
      expect(await answer(await tcp({ gateway: ports }))).toBe(
        "FATAL 53300: sorry, too many clients already",
      );
      for (const socket of waiting) socket.destroy();
      await eventually(() =>
        fixture.connect({ port: ports.port, password: ports.secret }).then(
          () => true,
          () => false,
        ),
      );
    },
    TIMEOUT,
  );
});

testUnless(
  run("psql", ["--version"]).status === 0 ? undefined : "psql is not installed",
  "psql logs in with the secret, and not without it",
  async () => {
    const psql = (password: string, settings = "") =>
      promisify(execFile)(
        "psql",
        [
          `host=127.0.0.1 port=${fixture.ports.port} user=orders_api dbname=postgres ${settings}`,
          "-XwAtc",
          "SELECT session_user",
        ],
        { env: { PATH: process.env.PATH, PGPASSWORD: password } },
      );
    // It asks for TLS by default, and goes on without.
    expect((await psql(fixture.ports.secret)).stdout).toBe("orders_api\n");
    expect((await psql(fixture.ports.secret, "sslmode=disable")).stdout).toBe("orders_api\n");
    await expect(psql("wrong")).rejects.toThrow('password authentication failed for user "orders_api"');
    await expect(psql("")).rejects.toThrow("no password supplied");
    await expect(psql(fixture.ports.secret, "sslmode=require")).rejects.toThrow("does not support SSL");
  },
  TIMEOUT,
);

testUnless(
  CLIENTS.find(({ name }) => name === "Java")?.missing,
  "pgJDBC logs in as DataGrip and DBeaver do, who say nothing of encryption; one that insists on it says why it stops",
  async () => {
    const jdbc = (settings: string) =>
      promisify(execFile)(
        "java",
        [
          ...["-cp", "examples/clients/java/target/jars/*", "test/tools/tunnel/Jdbc.java"],
          ...[`jdbc:postgresql://127.0.0.1:${fixture.ports.port}/postgres${settings}`, "orders_api"],
        ],
        { env: { PATH: process.env.PATH, PGPASSWORD: fixture.ports.secret } },
      );
    expect((await jdbc("")).stdout).toBe("orders_api\n");
    await expect(jdbc("?sslmode=require")).rejects.toThrow("The server does not support SSL.");
  },
  TIMEOUT,
);
