import { createConnection, createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type LoopbackServer, listenOnLoopback } from "../../../lib/loopback";
import { Forward } from "../../../tools/tunnel/forward";
import { serveSocks } from "../../../tools/tunnel/socks-server";
import { randomCases } from "../../helpers/extent";

const GREETING = [5, 1, 0];
const portBytes = (port: number) => [port >> 8, port & 255];
const connectTo = (host: string, port = 5432) => [
  5,
  1,
  0,
  3,
  host.length,
  ...Buffer.from(host),
  ...portBytes(port),
];

let echo: LoopbackServer;
let proxy: LoopbackServer;
let log: string[];
const clients: Socket[] = [];

/** A destination whose session leads to the echo server, which does not speak PostgreSQL and need not. */
class EchoForward extends Forward {
  override connect(): Promise<Socket> {
    return new Promise((resolve) => {
      const socket = createConnection({ port: echo.port, host: "127.0.0.1", allowHalfOpen: true }, () =>
        resolve(socket),
      );
    });
  }
}
const forward = (host: string) =>
  new EchoForward(
    { name: "database", host, port: 5432 },
    { start: () => Promise.reject(new Error("unused")), log: () => undefined, timeoutMs: 1 },
  );

beforeAll(async () => {
  echo = await listenOnLoopback(createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)));
});
afterAll(() => echo.close());
beforeEach(() => {
  log = [];
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
});

/** Waits for so many lines of the log, and gives them. */
const logged = async (lines: number) => {
  while (log.length < lines) await new Promise(setImmediate);
  return log;
};
/** A log that belongs to the present test alone. */
const logger = () => {
  const own = log;
  return (line: string) => {
    own.push(line);
  };
};
const serve = async (requestTimeoutMs?: number) => {
  proxy = await serveSocks({
    port: 0,
    forwards: [forward("db.example.com")],
    log: logger(),
    ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
  });
};

/** Sends bytes, each chunk by itself, and gives everything that came until the server hung up. */
const exchange = (...chunks: readonly (readonly number[])[]) =>
  new Promise<number[]>((resolve) => {
    const client = createConnection({ port: proxy.port, host: "127.0.0.1", noDelay: true });
    clients.push(client);
    const received: number[] = [];
    client.on("data", (data) => received.push(...data));
    client.on("error", () => undefined);
    client.on("close", () => resolve(received));
    for (const chunk of chunks) client.write(Buffer.from(chunk));
  });
/** The same for a client that says when it is done. */
const converse = (bytes: readonly number[]) =>
  new Promise<number[]>((resolve) => {
    const client = createConnection({ port: proxy.port, host: "127.0.0.1" });
    clients.push(client);
    const received: number[] = [];
    client.on("data", (data) => received.push(...data));
    client.on("error", () => undefined);
    client.on("close", () => resolve(received));
    client.end(Buffer.from(bytes));
  });

const CHOSEN = [5, 0];
const REPLY = (code: number) => [5, code, 0, 1, 0, 0, 0, 0, 0, 0];
const HELLO = [...Buffer.from("hello")];

describe("the SOCKS5 proxy", () => {
  test.each([
    ["a name", "db.example.com"],
    ["a name in capitals", "DB.Example.COM"],
    ["a fully qualified name", "db.example.com."],
  ])("connects to a destination given as %s, and passes both ends on", async (_, host) => {
    await serve();
    expect(await converse([...GREETING, ...connectTo(host), ...HELLO])).toEqual([
      ...CHOSEN,
      ...REPLY(0),
      ...HELLO,
    ]);
    expect(log).toEqual([]);
  });

  test("understands a client however its bytes are cut", async () => {
    await serve();
    const bytes = [...GREETING, ...connectTo("db.example.com"), ...HELLO];
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
        const places = [0, ...cuts.sort((left, right) => left - right), bytes.length];
        const client = createConnection({ port: proxy.port, host: "127.0.0.1", noDelay: true });
        clients.push(client);
        const received: number[] = [];
        const closed = new Promise((resolve) => client.on("close", resolve));
        client.on("data", (data) => received.push(...data));
        for (let i = 1; i < places.length; i++) {
          const chunk = Buffer.from(bytes.slice(places[i - 1], places[i]));
          await new Promise((resolve) => client.write(chunk, resolve));
          await new Promise(setImmediate);
        }
        client.end();
        await closed;
        expect(received).toEqual([...CHOSEN, ...REPLY(0), ...HELLO]);
      }),
      randomCases(50),
    );
  });

  test("passes a megabyte both ways unchanged", async () => {
    await serve();
    const data = Buffer.alloc(1_000_003, "0123456789abcdef");
    const received = await converse([...GREETING, ...connectTo("db.example.com"), ...data]);
    expect(Buffer.from(received.slice(12)).equals(data)).toBe(true);
  });

  test.each<[string, number[], number, string]>([
    ["another host", connectTo("db.example.org"), 2, "db.example.org:5432 is no destination of this tunnel"],
    [
      "another port",
      connectTo("db.example.com", 22),
      2,
      "db.example.com:22 is no destination of this tunnel",
    ],
    [
      "a host below",
      connectTo("x.db.example.com"),
      2,
      "x.db.example.com:5432 is no destination of this tunnel",
    ],
    [
      "an IPv4 address",
      [5, 1, 0, 1, 10, 0, 0, 1, 0x15, 0x38],
      2,
      "10.0.0.1:5432 is no destination of this tunnel; addresses are refused: let the client pass the name on (socks5h:// in curl)",
    ],
    [
      "an IPv6 address",
      [5, 1, 0, 4, 0xfd, 0, 0x0e, 0xc2, ...Array(10).fill(0), 0x02, 0x54, 0, 80],
      2,
      "fd00:0ec2:0000:0000:0000:0000:0000:0254:80 is no destination of this tunnel; addresses are refused: let the client pass the name on (socks5h:// in curl)",
    ],
    ["no host", [5, 1, 0, 3, 0, 0x15, 0x38], 2, "it names no valid host"],
    ["a host that would steer the terminal", connectTo("a\u001b[2J"), 2, "it names no valid host"],
    ["a host with a NUL", connectTo("db.example.com\0.evil.org"), 2, "it names no valid host"],
    ["BIND", [5, 2, ...connectTo("db.example.com").slice(2)], 7, "it asks for something else than CONNECT"],
    [
      "UDP ASSOCIATE",
      [5, 3, ...connectTo("db.example.com").slice(2)],
      7,
      "it asks for something else than CONNECT",
    ],
    [
      "an unknown type of address",
      [5, 1, 0, 2, 1, 2, 3, 4, 0, 80],
      8,
      "it gives an address of an unknown type",
    ],
  ])("refuses %s, with the right reply, and says so", async (_, request, code, reason) => {
    await serve();
    expect(await exchange(GREETING, request)).toEqual([...CHOSEN, ...REPLY(code)]);
    expect(await logged(1)).toEqual([`refused a client: ${reason}`]);
  });

  test.each<[string, number[], number[], string]>([
    ["SOCKS4", [4, 1, 0x15, 0x38, 10, 0, 0, 1, 0], [], "it speaks SOCKS4; use socks5://"],
    [
      "HTTP",
      [...Buffer.from("CONNECT db.example.com:5432 HTTP/1.1\r\n\r\n")],
      [],
      "it does not speak SOCKS5; use socks5://, not http://",
    ],
    [
      "a client with a password only",
      [5, 1, 2],
      [5, 0xff],
      "it insists on authentication, which there is none of",
    ],
    [
      "a client with no method at all",
      [5, 0],
      [5, 0xff],
      "it insists on authentication, which there is none of",
    ],
    ["a request of another version", [...GREETING, 4, 1, 0, 3], CHOSEN, "its request is malformed"],
    ["a request with a reserved byte", [...GREETING, 5, 1, 1, 3], CHOSEN, "its request is malformed"],
  ])("sends %s away", async (_, bytes, answer, reason) => {
    await serve();
    expect(await exchange(bytes)).toEqual(answer);
    expect(await logged(1)).toEqual([`refused a client: ${reason}`]);
  });

  test("cuts a client that does not say in time what it wants, and one that stays after it is refused", async () => {
    await serve(200);
    expect(await exchange()).toEqual([]);
    expect(await exchange(GREETING, [5, 1, 0, 3, 14])).toEqual(CHOSEN);
    expect(await logged(2)).toEqual(
      Array(2).fill("refused a client: it hung up, or took too long to say what it wants"),
    );
    // Goes on sending after the refusal.
    const client = createConnection({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true });
    clients.push(client);
    client.on("error", () => undefined);
    client.resume().write(Buffer.from([4]));
    const sending = setInterval(() => client.write("more"), 10);
    await new Promise((resolve) => client.on("close", resolve));
    clearInterval(sending);
  });

  test("gives a destination that cannot be reached as such", async () => {
    class Unreachable extends EchoForward {
      override connect(): Promise<Socket> {
        return Promise.reject(new Error("no session"));
      }
    }
    const unreachable = new Unreachable(
      { name: "database", host: "db.example.com", port: 5432 },
      { start: () => Promise.reject(new Error("unused")), log: () => undefined, timeoutMs: 1 },
    );
    proxy = await serveSocks({ port: 0, forwards: [unreachable], log: logger() });
    expect(await exchange(GREETING, connectTo("db.example.com"))).toEqual([...CHOSEN, ...REPLY(4)]);
    expect(await logged(1)).toEqual([
      "refused a client: db.example.com:5432 cannot be reached through the bastion now",
    ]);
  });

  test("survives whatever bytes come, connects for none of them, and serves the next client", async () => {
    await serve();
    const looksRight = fc
      .tuple(fc.constantFrom(...GREETING.keys()), fc.uint8Array({ maxLength: 40 }))
      .map(([kept, rest]) => [...GREETING.slice(0, kept + 1), ...rest]);
    const request = fc
      .tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ maxLength: 300 }))
      .map(([header, rest]) => [...GREETING, ...header, ...rest]);
    const mutated = fc
      .tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([place, byte]) => {
        const bytes = [...GREETING, ...connectTo("db.example.com")];
        const at = place % bytes.length;
        // Of the method (no authentication) and of letters, other values are right as well.
        bytes[at] = bytes[at] === byte ? byte ^ 0x80 : byte;
        return bytes;
      })
      .filter(
        (bytes) =>
          !Buffer.from(bytes).toString("latin1").toLowerCase().includes("db.example.com\u0015\u0038"),
      );
    const anything = fc.uint8Array({ maxLength: 600 }).map((bytes) => [...bytes]);
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, looksRight, request, mutated), async (bytes) => {
        const answer = await converse(bytes);
        // The reply after the choice of method is never success.
        expect(answer.slice(2, 4)).not.toEqual([5, 0]);
      }),
      randomCases(400),
    );
    expect(await converse([...GREETING, ...connectTo("db.example.com"), ...HELLO])).toEqual([
      ...CHOSEN,
      ...REPLY(0),
      ...HELLO,
    ]);
  }, 60_000);

  test("does not serve more than 256 clients at once, and serves again when they are gone", async () => {
    await serve();
    const open = () =>
      new Promise<Socket>((resolve) => {
        const client = createConnection({ port: proxy.port, host: "127.0.0.1" });
        clients.push(client);
        client.on("error", () => resolve(client));
        client.on("close", () => resolve(client));
        client.on("data", () => resolve(client));
        client.write(Buffer.from(GREETING));
      });
    const held = await Promise.all(Array.from({ length: 256 }, open));
    expect(held.filter(({ destroyed }) => destroyed)).toEqual([]);
    const more = await open();
    await new Promise((resolve) => (more.destroyed ? resolve(undefined) : more.once("close", resolve)));
    expect(more.bytesRead).toBe(0);
    for (const client of held) client.destroy();
    await logged(256);
    expect(await converse([...GREETING, ...connectTo("db.example.com"), ...HELLO])).toHaveLength(17);
  }, 60_000);

  test("ends what is connected when it closes", async () => {
    await serve();
    const client = createConnection({ port: proxy.port, host: "127.0.0.1" });
    clients.push(client);
    client.on("error", () => undefined);
    client.write(Buffer.from([...GREETING, ...connectTo("db.example.com"), ...HELLO]));
    await new Promise((resolve) => client.once("data", resolve));
    const closed = new Promise((resolve) => client.once("close", resolve));
    await proxy.close();
    await closed;
  });

  test("listens on loopback alone", async () => {
    await serve();
    await expect(
      new Promise((_, reject) => createConnection({ port: proxy.port, host: "::1" }).once("error", reject)),
    ).rejects.toThrow();
  });
});
