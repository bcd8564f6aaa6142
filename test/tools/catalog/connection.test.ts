import { connect as connectTcp, createServer, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type Certificate, createAuthority, issueCertificate } from "../../../lib/certificates";
import { type LoopbackServer, listenOnLoopback } from "../../../lib/loopback";
import { UserError } from "../../../lib/user-error";
import { connect } from "../../../tools/catalog/connection";
import { type ServerAddress, serverAddress } from "../../../tools/catalog/server-address";

const PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const noFile = (path: string): string => {
  throw Object.assign(new Error(path), { code: "ENOENT" });
};

/** The messages of the UserError that something throws. */
async function problems(run: () => unknown): Promise<readonly string[]> {
  try {
    await run();
  } catch (error) {
    if (error instanceof UserError) return error.messages;
    throw error;
  }
  return [];
}

describe("the address of a server", () => {
  test("is what libpq's variables say, with the environment's certificates", () => {
    expect(
      serverAddress(
        { PGHOST: "db", PGPORT: "6432", PGUSER: "me", PGPASSWORD: "p", PGDATABASE: "d" },
        PEM,
        noFile,
      ),
    ).toEqual({
      host: "db",
      port: 6432,
      user: "me",
      password: "p",
      database: "d",
      ca: PEM,
      timeoutSeconds: 15,
    });
  });

  test("needs no more than a host", () => {
    expect(serverAddress({ PGHOST: "db", PGPORT: "", PGSSLMODE: "verify-full" }, PEM, noFile)).toEqual({
      host: "db",
      port: 5432,
      user: "postgres",
      database: "postgres",
      ca: PEM,
      timeoutSeconds: 15,
    });
  });

  test("takes other certificates from a file, or those of the system", () => {
    const other = PEM.replace("AAAA", "BBBB");
    expect(serverAddress({ PGHOST: "db", PGSSLROOTCERT: "ca.pem" }, PEM, () => other).ca).toBe(other);
    expect(serverAddress({ PGHOST: "db", PGSSLROOTCERT: "system" }, PEM, noFile).ca).toBeUndefined();
  });

  test.each<[string, Record<string, string>, string, string]>([
    ["no host", {}, PEM, "PGHOST is not set; set it to the cluster's writer endpoint"],
    [
      "a socket",
      { PGHOST: "/tmp" },
      PEM,
      "PGHOST must be one host name, got: /tmp; TLS cannot be verified on anything else",
    ],
    [
      "two hosts",
      { PGHOST: "a,b" },
      PEM,
      "PGHOST must be one host name, got: a,b; TLS cannot be verified on anything else",
    ],
    [
      "a port that is none",
      { PGHOST: "a", PGPORT: "70000" },
      PEM,
      "PGPORT must be a whole number from 1 to 65535, got: 70000",
    ],
    [
      "a time-out that is none",
      { PGHOST: "a", PGCONNECT_TIMEOUT: "soon" },
      PEM,
      "PGCONNECT_TIMEOUT must be a whole number from 1 to 3600, got: soon",
    ],
    ...["verify-ca", "require", "prefer", "allow", "disable", "no-verify"].map(
      (mode): [string, Record<string, string>, string, string] => [
        mode,
        { PGHOST: "a", PGSSLMODE: mode },
        PEM,
        `PGSSLMODE=${mode} would not make sure who answers; unset it, or set it to verify-full`,
      ],
    ),
    [
      "certificates that are not there",
      { PGHOST: "a", PGSSLROOTCERT: "ca.pem" },
      PEM,
      "PGSSLROOTCERT: ca.pem cannot be read (ENOENT)",
    ],
    [
      "a region without certificates",
      { PGHOST: "a" },
      "",
      "PGSSLROOTCERT is not set, and the environment's region has no known certificates; set it",
    ],
  ])("with %s is refused", async (_, env, bundle, message) => {
    expect(await problems(() => serverAddress(env, bundle, noFile))).toEqual([message]);
  });

  test("with a file that holds no certificates is refused", async () => {
    const address = () => serverAddress({ PGHOST: "a", PGSSLROOTCERT: "key.pem" }, PEM, () => "a key");
    expect(await problems(address)).toEqual(["PGSSLROOTCERT: key.pem holds no PEM certificates"]);
  });

  test.each<[Record<string, string>, object | undefined]>([
    [{}, undefined],
    [{ ALL_PROXY: "" }, undefined],
    [{ ALL_PROXY: "socks5://127.0.0.1:1080" }, { host: "127.0.0.1", port: 1080 }],
    [{ all_proxy: "socks5h://proxy.example.com" }, { host: "proxy.example.com", port: 1080 }],
    [{ ALL_PROXY: "socks5://[::1]:1081" }, { host: "::1", port: 1081 }],
    [{ ALL_PROXY: "socks5://me:a%40b@proxy:1" }, { host: "proxy", port: 1, userId: "me", password: "a@b" }],
    // For HTTP only, as Terraform's postgresql provider takes it.
    [{ ALL_PROXY: "http://proxy:3128" }, undefined],
    [{ ALL_PROXY: "socks5://p:1", NO_PROXY: "localhost, .example.com" }, undefined],
    [{ ALL_PROXY: "socks5://p:1", no_proxy: "DB.example.com" }, undefined],
    [{ ALL_PROXY: "socks5://p:1", NO_PROXY: "*" }, undefined],
    [
      { ALL_PROXY: "socks5://p:1", NO_PROXY: "b.example.com,example.org," },
      { host: "p", port: 1 },
    ],
  ])("is reached as ALL_PROXY and NO_PROXY say: %j", (env, proxy) => {
    expect(serverAddress({ PGHOST: "db.example.com", ...env }, PEM, noFile).proxy).toEqual(proxy);
  });

  test.each(["socks4://127.0.0.1:1080", "socks5://", "socks5://proxy:port", "socks:"])(
    "with a proxy that makes no sense is refused: %s",
    async (value) => {
      expect(await problems(() => serverAddress({ PGHOST: "a", ALL_PROXY: value }, PEM, noFile))).toEqual([
        "ALL_PROXY must be a SOCKS5 proxy such as socks5://127.0.0.1:1080; correct it, or unset it",
      ]);
    },
  );

  test("is refused with all of its problems at once", async () => {
    expect(
      await problems(() => serverAddress({ PGPORT: "x", PGSSLMODE: "require" }, PEM, noFile)),
    ).toHaveLength(3);
  });
});

describe("connecting", () => {
  const servers: LoopbackServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  /** A server that answers the first message as told; gives its port. */
  const listen = async (answer: (socket: Socket) => void) => {
    const server = await listenOnLoopback(
      createServer((socket) => socket.on("error", () => undefined).once("data", () => answer(socket))),
    );
    servers.push(server);
    return server.port;
  };
  /** A server that speaks TLS and then answers the start-up message. */
  const listenTls = ({ certificate, key }: Certificate, answer: (socket: Socket) => void = () => undefined) =>
    listen((socket) => {
      socket.write("S");
      const secure = new TLSSocket(socket, {
        isServer: true,
        secureContext: createSecureContext({ cert: certificate, key }),
      });
      secure.on("error", () => undefined);
      secure.once("data", () => answer(secure));
    });
  /** A server that asks each client for a password and ends; it gives those that it got. */
  const listenForPasswords = async (certificate: Certificate) => {
    const passwords: string[] = [];
    const port = await listenTls(certificate, (socket) => {
      socket.write(Buffer.from("R\0\0\0\x08\0\0\0\x03", "latin1"));
      socket.once("data", (message) => {
        passwords.push(message.subarray(5, -1).toString());
        refusal("28000", "PAM authentication failed")(socket);
      });
    });
    return { port, passwords };
  };
  const problem = async (port: number, different: Partial<ServerAddress> = {}) => {
    const address = { host: "127.0.0.1", port, user: "me", database: "db", ca: PEM, timeoutSeconds: 5 };
    const [message, ...others] = await problems(() => connect({ ...address, ...different }));
    expect(others).toEqual([]);
    return message?.replaceAll(`:${port}`, ":port");
  };
  /** An error as PostgreSQL sends it. */
  const refusal = (code: string, message: string) => (socket: Socket) => {
    const fields = `SFATAL\0C${code}\0M${message}\0\0`;
    const header = Buffer.alloc(5);
    header.write("E");
    header.writeUInt32BE(fields.length + 4, 1);
    socket.end(Buffer.concat([header, Buffer.from(fields)]));
  };
  /** A server with a certificate that is trusted, and its CA. */
  const trusted = async (answer: (socket: Socket) => void) => {
    const authority = await createAuthority();
    const port = await listenTls(await issueCertificate(authority, ["127.0.0.1"]), answer);
    return [port, { ca: authority.certificate }] as const;
  };

  /** A SOCKS5 proxy that chooses no authentication and then answers the request with these bytes. */
  const proxyThat = (answer: (socket: Socket) => void) =>
    listen((socket) => {
      socket.once("data", () => answer(socket));
      socket.write(Buffer.from([5, 0]));
    });
  const replies = (code: number) => (socket: Socket) =>
    socket.end(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
  const problemThrough = async (port: number, different: Partial<ServerAddress> = {}) =>
    (
      await problem(5432, { host: "db.example.com", proxy: { host: "127.0.0.1", port }, ...different })
    )?.replace(`:${port} `, ":proxy ");

  test("through a proxy that is not there says so", async () => {
    expect(await problemThrough(1)).toBe(
      "nothing listens on the proxy 127.0.0.1:proxy of ALL_PROXY; start it (npm run tunnel), or unset ALL_PROXY",
    );
  });

  test.each<[string, (socket: Socket) => void, string]>([
    [
      "does not lead there",
      replies(2),
      "the proxy 127.0.0.1:proxy of ALL_PROXY does not lead to db.example.com:port; check PGHOST and PGPORT, or open the tunnel of that environment",
    ],
    [
      "cannot reach it",
      replies(4),
      "the proxy 127.0.0.1:proxy of ALL_PROXY cannot reach db.example.com:port now; see what it prints",
    ],
    [
      "hangs up",
      (socket) => socket.destroy(),
      "the proxy 127.0.0.1:proxy of ALL_PROXY does not serve SOCKS5 (Socket closed); correct ALL_PROXY, or unset it",
    ],
    [
      "says nothing",
      () => undefined,
      "the proxy 127.0.0.1:proxy of ALL_PROXY gives no answer for db.example.com:port; check that it is the tunnel",
    ],
  ])("through a proxy that %s says so", async (_, answer, sentence) => {
    expect(await problemThrough(await proxyThat(answer), { timeoutSeconds: 1 })).toBe(sentence);
  });

  test("through something else than a SOCKS5 proxy says so", async () => {
    const port = await listen((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await problemThrough(port)).toMatch(
      /^the proxy 127\.0\.0\.1:proxy of ALL_PROXY does not serve SOCKS5/,
    );
  });

  test.each([
    ["for the server's own name", "db.example.com", undefined],
    [
      "for another host",
      "other.example.com",
      "the certificate of db.example.com:port is for other.example.com, not for db.example.com; set PGHOST to a name it is for",
    ],
  ])("through a proxy verifies the certificate at its end: one %s", async (_, certified, sentence) => {
    const authority = await createAuthority();
    const certificate = await issueCertificate(authority, [certified]);
    const port = await proxyThat((socket) => {
      socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      socket.once("data", () => {
        socket.write("S");
        const secure = new TLSSocket(socket, {
          isServer: true,
          secureContext: createSecureContext({ cert: certificate.certificate, key: certificate.key }),
        });
        secure.on("error", () => undefined);
        secure.once("data", () => refusal("28P01", "no")(secure));
      });
    });
    const found = await problemThrough(port, { ca: authority.certificate });
    expect(found).toBe(
      sentence ?? "db.example.com:port refuses the password of me; set PGPASSWORD to the present one",
    );
  });

  test("to a name that does not exist says so", async () => {
    expect(await problem(5432, { host: "db.invalid" })).toBe(
      "PGHOST: the name db.invalid cannot be resolved; check it, and that this machine may look it up",
    );
  });

  test("to a port where nothing listens says so", async () => {
    expect(await problem(1)).toBe("nothing listens on 127.0.0.1:port; check PGHOST and PGPORT");
  });

  test("to a server that does not answer ends with the time-out", async () => {
    expect(await problem(await listen(() => undefined), { timeoutSeconds: 1 })).toBe(
      "127.0.0.1:port cannot be reached (no answer in 1 s); the database is private: run this inside its network, or through npm run tunnel",
    );
  });

  test("to a server that hangs up says so", async () => {
    expect(await problem(await listen((socket) => socket.destroy()))).toBe(
      "127.0.0.1:port ended the connection before it was made; check PGHOST and PGPORT",
    );
  });

  test("to a server without TLS is refused, and nothing is sent to it", async () => {
    let sent = "";
    const port = await listen((socket) => {
      socket.on("data", (chunk) => {
        sent += chunk;
      });
      socket.write("N");
    });
    expect(await problem(port, { password: "secret" })).toBe(
      "127.0.0.1:port refuses TLS; turn it on there (rds.force_ssl, or ssl = on): without it nobody knows who answers",
    );
    expect(sent).toBe("");
  });

  test.each([["HTTP/1.1 400 Bad Request\r\n\r\n"], ["Sno TLS at all"]])(
    "to something else than PostgreSQL says so: %j",
    async (text) => {
      expect(await problem(await listen((socket) => socket.write(text)))).toBe(
        "127.0.0.1:port does not speak PostgreSQL over TLS; check PGHOST and PGPORT",
      );
    },
  );

  test("to a certificate of an unknown CA is refused", async () => {
    const port = await listenTls(await issueCertificate(await createAuthority(), ["127.0.0.1"]));
    const { certificate: ca } = await createAuthority("Another CA");
    expect(await problem(port, { ca })).toBe(
      "the certificate of 127.0.0.1:port is signed by no trusted CA; set PGSSLROOTCERT to the file with its CA, and check that PGHOST is the database",
    );
  });

  test.each([["127.0.0.1"], ["localhost"]])(
    "to a certificate for another host is refused: %s",
    async (host) => {
      const authority = await createAuthority();
      const port = await listenTls(await issueCertificate(authority, ["db.example.com"]));
      expect(await problem(port, { host, ca: authority.certificate })).toBe(
        `the certificate of ${host}:port is for db.example.com, not for ${host}; set PGHOST to a name it is for`,
      );
    },
  );

  test("to a certificate that has expired is refused", async () => {
    const authority = await createAuthority();
    const validity = { from: new Date("2020-01-01"), until: new Date("2021-01-01") };
    const port = await listenTls(await issueCertificate(authority, ["127.0.0.1"], validity));
    expect(await problem(port, { ca: authority.certificate })).toBe(
      "the certificate of 127.0.0.1:port has expired; renew it, and check this machine's clock",
    );
  });

  test.each([
    [
      "28P01",
      'password authentication failed for user "me"',
      "127.0.0.1:port refuses the password of me; set PGPASSWORD to the present one",
    ],
    [
      "28000",
      'PAM authentication failed for user "me"',
      "127.0.0.1:port refuses the IAM token of me; make a new one for exactly this host, port and user: it is valid for 15 minutes",
    ],
    [
      "28000",
      'role "me" does not exist',
      '127.0.0.1:port does not let me in: role "me" does not exist; check PGUSER',
    ],
    [
      "3D000",
      'database "db" does not exist',
      "127.0.0.1:port has no database db; set PGDATABASE to one that exists, or unset it",
    ],
    [
      "53300",
      "sorry, too many clients already",
      "127.0.0.1:port cannot be connected to: sorry, too many clients already",
    ],
  ])("refused with %s, %s, says what to do", async (code, message, sentence) => {
    const [port, ca] = await trusted(refusal(code, message));
    expect(await problem(port, ca)).toBe(sentence);
  });

  test("without a password to a server that wants one says where to put it, and hangs up", async () => {
    let hungUp: Promise<void> | undefined;
    const [port, ca] = await trusted((socket) => {
      hungUp = new Promise((resolve) => socket.once("close", () => resolve()));
      // AuthenticationCleartextPassword
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
    });
    expect(await problem(port, ca)).toBe(
      "127.0.0.1 asks for the password of me; set PGPASSWORD to it, or to an IAM token",
    );
    await hungUp;
  });

  test("each connection has a token of its own, asked for when the server asks, and a refusal says that it was fresh", async () => {
    const authority = await createAuthority();
    const { port, passwords } = await listenForPasswords(await issueCertificate(authority, ["127.0.0.1"]));
    let signed = 0;
    const signer = { ca: authority.certificate, advice: "look", token: async () => `token ${++signed}` };
    const [first] = [await problem(port, signer), await problem(port, signer)];
    expect(passwords).toEqual(["token 1", "token 2"]);
    expect(first).toBe(
      "127.0.0.1:port refuses the IAM token of me; it was signed just now, so its IAM role may not connect as this user, there is no such user, or this machine's clock is wrong; deploy the access stack, and see the log of refused logins (iam-db-auth-error)",
    );
    const unsigned = { ...signer, token: () => Promise.reject(new UserError(["no token can be signed"])) };
    expect(await problem(port, unsigned)).toBe("no token can be signed");
  });

  test("by a way that somebody opened, the certificate is still that of the server's name", async () => {
    const authority = await createAuthority();
    const { port } = await listenForPasswords(await issueCertificate(authority, ["db.example"]));
    const to = (host: string) =>
      problem(5432, {
        host,
        ca: authority.certificate,
        advice: "look at the bastion",
        token: async () => "t",
        open: async () => connectTcp(port, "127.0.0.1"),
      });
    expect(await to("db.example")).toMatch(/^db\.example:port refuses the IAM token of me/);
    expect(await to("other.example")).toBe(
      "the certificate of other.example:port is for db.example, not for other.example; look at the bastion",
    );
  });

  test("who wrote no variables is told what to do without them", async () => {
    const closed = await listen(() => undefined);
    await Promise.all(servers.splice(0).map((server) => server.close()));
    expect(await problem(closed, { advice: "see whether it runs" })).toBe(
      "nothing listens on 127.0.0.1:port; see whether it runs",
    );
    expect(await problem(1, { advice: "look", host: "does-not-exist.invalid" })).toBe(
      "the name does-not-exist.invalid cannot be resolved; look",
    );
  });
});
