import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type LoopbackServer, listenOnLoopback } from "../../../lib/loopback";
import { UserError } from "../../../lib/user-error";
import { Forward } from "../../../tools/tunnel/forward";
import type { ForwardSession } from "../../../tools/tunnel/forward-session";

const forwards: Forward[] = [];
const servers: LoopbackServer[] = [];
afterEach(async () => {
  await Promise.all(forwards.splice(0).map((forward) => forward.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A session that leads to a server, which answers as told. */
class FakeSession implements ForwardSession {
  readonly ended: Promise<string>;
  closed = false;
  private finish: (reason: string) => void = () => undefined;

  private constructor(private readonly server: LoopbackServer) {
    this.ended = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  get port(): number {
    return this.server.port;
  }

  /** @param answer what it says to an SSLRequest; undefined to hang up */
  static async start(answer?: string): Promise<FakeSession> {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => (answer === undefined ? socket.destroy() : socket.write(answer)));
    });
    const listening = await listenOnLoopback(server);
    servers.push(listening);
    return new FakeSession(listening);
  }

  end(reason: string): void {
    void this.server.close();
    this.finish(reason);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.end("closed");
  }
}

/** A forward whose sessions come from a list, one after the other; the last one stands for all that follow. */
function forwardOf(
  starts: readonly (() => Promise<FakeSession>)[],
  { timeoutMs = 5_000, delaysMs = [1, 1, 1] }: { timeoutMs?: number; delaysMs?: number[] } = {},
) {
  const log: string[] = [];
  const started: FakeSession[] = [];
  let attempts = 0;
  const forward = new Forward(
    { name: "database", host: "db.example.com", port: 5432 },
    {
      start: async () => {
        const session = await starts[Math.min(attempts++, starts.length - 1)]?.();
        if (!session) throw new Error("nothing to start");
        started.push(session);
        return session;
      },
      log: (line) => log.push(line),
      timeoutMs,
      delaysMs,
    },
  );
  forwards.push(forward);
  const until = async (line: string) => {
    while (!log.includes(line)) await new Promise(setImmediate);
  };
  return { forward, log, started, until, attempts: () => attempts };
}

const works = () => FakeSession.start("S");
const fails = (reason: string) => () => Promise.reject(new UserError([reason]));

describe("a forward", () => {
  test("is open only when the destination answers through it", async () => {
    let answers = 0;
    const { forward } = forwardOf([
      async () => {
        const session = await FakeSession.start("S");
        answers += 1;
        return session;
      },
    ]);
    await forward.open();
    expect(answers).toBe(1);
    (await forward.connect()).destroy();
  });

  test.each<[string, string | undefined, string]>([
    ["hangs up", undefined, "the connection was closed"],
    ["refuses TLS", "N", "it does not speak PostgreSQL over TLS"],
    ["is something else", "HTTP/1.1 400 Bad Request\r\n\r\n", "it does not speak PostgreSQL over TLS"],
  ])("to a destination that %s is given up after the limit", async (_, answer, reason) => {
    const { forward, started } = forwardOf([() => FakeSession.start(answer)], { timeoutMs: 100 });
    await expect(forward.open()).rejects.toThrow(
      `db.example.com:5432 does not answer through the bastion (${reason}); check that it runs`,
    );
    expect(started.map(({ closed }) => closed)).toEqual([true]);
  });

  test("to a destination that says nothing is given up after the limit", async () => {
    const silent = async () => {
      const session = await FakeSession.start("");
      return session;
    };
    await expect(forwardOf([silent], { timeoutMs: 100 }).forward.open()).rejects.toThrow("(no answer)");
  });

  test("whose first session fails says why at once, and is not tried again", async () => {
    const { forward, attempts } = forwardOf([fails("no permission"), works]);
    await expect(forward.open()).rejects.toThrow("no permission");
    expect(attempts()).toBe(1);
  });

  test("replaces a session that ends, and connections wait for the next one", async () => {
    const { forward, log, started, until } = forwardOf([works, fails("offline"), works]);
    await forward.open();
    const before = await forward.connect();
    const lost = new Promise((resolve) => before.once("end", resolve));
    // An answer shows that the session's end of it is there.
    await new Promise((resolve) => before.once("data", resolve).write("x"));
    before.resume();
    started[0]?.end("timed out due to inactivity");
    await lost;
    await until("database: the session ended (timed out due to inactivity); opening another one");
    (await forward.connect()).destroy();
    expect(log.slice(1)).toEqual(["database: offline", "database: connected again"]);
  });

  test("stops trying after a while, and tries again for the next connection", async () => {
    const failures = Array.from({ length: 3 }, () => fails("offline"));
    const { forward, log, started, until, attempts } = forwardOf([works, ...failures, works]);
    await forward.open();
    started[0]?.end("broken pipe");
    await until("database: gave up; the next connection tries again");
    expect(attempts()).toBe(4);
    expect(log.filter((line) => line === "database: offline")).toHaveLength(1);
    (await forward.connect()).destroy();
    expect(attempts()).toBe(5);
  });

  test("does not replace for ever sessions that end as soon as they are there", async () => {
    const { forward, started, until, attempts } = forwardOf([works]);
    await forward.open();
    const ending = setInterval(() => started.at(-1)?.end("flapping"), 1);
    await until("database: gave up; the next connection tries again");
    clearInterval(ending);
    expect(attempts()).toBeLessThanOrEqual(4);
  });

  test("lets no connection wait longer than the limit", async () => {
    const { forward, started, until } = forwardOf([works, fails("offline")], {
      timeoutMs: 200,
      delaysMs: [60_000],
    });
    await forward.open();
    started[0]?.end("gone");
    await until("database: the session ended (gone); opening another one");
    await expect(forward.connect()).rejects.toThrow("there is no session yet");
  });

  test("that is closed opens no session any more, and ends the one it has", async () => {
    const { forward, log, started, attempts } = forwardOf([works]);
    await forward.open();
    await forward.close();
    expect(started.map(({ closed }) => closed)).toEqual([true]);
    await expect(forward.connect()).rejects.toThrow();
    expect([log, attempts()]).toEqual([[], 1]);
  });
});
