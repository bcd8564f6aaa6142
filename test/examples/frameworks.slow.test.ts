import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest } from "@jest/globals";
import type { Client } from "pg";
import { createAuthority } from "../../lib/certificates";
import type { Laptop } from "../../tools/laptop/laptop";
import { layersOf } from "../helpers/app";
import { parse, testFile } from "../helpers/environment";
import { testUnless } from "../helpers/skip";
import { Conversation } from "./conversation";
import { buildDrivers, FRAMEWORKS } from "./frameworks";
import { inherited } from "./programs";

/** The tokens that logins came with, in their order. */
const tokens: string[] = [];
jest.mock("../../tools/laptop/gateway/check-token", () => {
  const { checkToken } = jest.requireActual<CheckToken>("../../tools/laptop/gateway/check-token");
  const seen: typeof checkToken = (text, login, iam) => {
    tokens.push(text);
    return checkToken(text, login, iam);
  };
  return { checkToken: seen };
});
type CheckToken = typeof import("../../tools/laptop/gateway/check-token");
// Loaded here, so that its gateway has the one above.
const { startLaptop } =
  jest.requireActual<typeof import("../../tools/laptop/laptop")>("../../tools/laptop/laptop");

/** Whose role the examples have. */
const KEY = "orders-api";

let laptop: Laptop;
let home: string;
let foreignCa: string;
/** A session of the same user, which ends the others. */
let cutter: Client;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "home-"));
  foreignCa = join(home, "foreign-ca.pem");
  writeFileSync(foreignCa, (await createAuthority("Somebody else")).certificate);
  buildDrivers();
  const dev = parse(testFile("dev").replace("readers: 0", "readers: 1"));
  laptop = await startLaptop(dev, layersOf(dev), () => undefined);
  cutter = await (await laptop.logInAs(KEY))();
}, 120_000);
afterAll(async () => {
  await cutter?.end();
  await laptop?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** What one connection answers. */
interface Answer {
  readonly user?: string;
  readonly session?: number;
  readonly error?: string;
}

const WORKS = { user: "orders_api", session: expect.any(Number) };

describe.each(FRAMEWORKS)("$name", ({ driver, missing, onReader, refusedToken }) => {
  beforeEach(() => {
    tokens.splice(0);
  });
  const running: Conversation<Answer[]>[] = [];
  afterEach(() => {
    for (const each of running.splice(0)) each.end();
  });
  async function started(changed: Readonly<Record<string, string>> = {}): Promise<Conversation<Answer[]>> {
    const program = new Conversation<Answer[]>(driver, {
      ...inherited(home),
      ...(await variables()),
      ...changed,
    });
    running.push(program);
    return program;
  }

  testUnless(
    missing,
    "logs in, works, and works on when its connections were cut off, all with the token of the first",
    async () => {
      const program = await started();
      const before = await twoAtOnce(program);
      expect(before).toEqual([WORKS, WORKS]);
      const logins = tokens.length;
      expect(logins).toBeGreaterThan(1);
      await cutOff();
      // After so long a rest every pool looks at a connection before it gives it away.
      await pause(1_200);
      const after = await program.ask(2);
      expect(after).toEqual([WORKS, WORKS]);
      for (const { session } of after) expect(before.map((each) => each.session)).not.toContain(session);
      expect(tokens.length).toBeGreaterThan(logins);
      expect(new Set(tokens).size).toBe(1);
    },
    120_000,
  );

  testUnless(
    missing,
    "opens no connection to a server that is read-only, as the writer is after a failover",
    async () => {
      const { PGHOST_READER = "" } = await variables();
      expect(await refused(await started({ PGHOST: PGHOST_READER }), onReader)).toMatch(onReader);
      expect(tokens.length).toBeGreaterThan(0);
    },
    120_000,
  );

  testUnless(
    missing,
    "says that its login was refused, and does not try again by itself in a tight loop",
    async () => {
      const program = await started({ PGUSER: "billing_worker" });
      const refusal = /PAM authentication failed for user "billing_worker"/;
      expect(await refused(program, refusal)).toMatch(refusal);
      // A token that is signed anew within the same second is the same.
      await pause(1_100);
      const tried = tokens.length;
      expect(tried).toBeLessThan(20);
      if (refusedToken === "ends the program") return;
      expect(await refused(program, refusal)).toMatch(refusal);
      expect(new Set(tokens).size > 1).toBe(refusedToken === "dropped");
      expect(tokens.length).toBeGreaterThan(tried);
    },
    120_000,
  );

  testUnless(
    missing,
    "sends no token to a server whose certificate is of another authority, or for another host",
    async () => {
      const forwarder = await forward("127.0.0.9");
      const PGHOST = "127.0.0.9";
      try {
        const ofAnother = await started({ PGSSLROOTCERT: foreignCa });
        const elsewhere = await started({ PGHOST, PGPORT: `${forwarder.port}` });
        const reasons = [/certificate|PKIX path/, /127\.0\.0\.9|[Hh]ost ?name/] as const;
        expect(await Promise.all([refused(ofAnother, reasons[0]), refused(elsewhere, reasons[1])])).toEqual(
          reasons.map((reason) => expect.stringMatching(reason)),
        );
        expect(forwarder.connections()).toBeGreaterThan(0);
      } finally {
        forwarder.stop();
      }
      expect(tokens).toEqual([]);
    },
    120_000,
  );
});

async function variables(): Promise<Readonly<Record<string, string>>> {
  const files = (await laptop.signInFiles()).get(KEY);
  if (!files) throw new Error(`the laptop has no files of ${KEY}`);
  return files.variables;
}

/** Two connections of a program that work at once; it may take some tries until it is warm. */
async function twoAtOnce(program: Conversation<Answer[]>): Promise<Answer[]> {
  for (let tries = 1; ; tries++) {
    const answers = await program.ask(2);
    const [one, other] = answers.map(({ session }) => session);
    if (tries === 20 || (one !== undefined && other !== undefined && one !== other)) return answers;
  }
}

/**
 * Why a program gets no connection: what its answer says, or, where it does not even start, the program. It may take some tries
 * until it is warm, and says why, not that there was no time.
 */
async function refused(program: Conversation<Answer[]>, why: RegExp): Promise<string> {
  for (let tries = 1; ; tries++) {
    const [answer] = await program.ask(1).catch((error): Answer[] => [{ error: String(error) }]);
    if (!answer?.error) return `not at all: it is ${JSON.stringify(answer)}`;
    const said = `${answer.error} ${program.said}`;
    if (tries === 5 || why.test(said)) return said;
  }
}

/** Ends every session of the user but the one that does it, as a failover does. */
async function cutOff(): Promise<void> {
  await cutter.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = session_user AND pid <> pg_backend_pid()",
  );
}

/** Leads from an address that is in no certificate to the laptop's gateway. */
async function forward(host: string) {
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const { port } = laptop.endpoints.writer;
    const gateway = connect(port, "localhost");
    sockets.push(client, gateway);
    for (const socket of [client, gateway]) socket.on("error", () => undefined);
    client.pipe(gateway).pipe(client);
  });
  await once(server.listen(0, host), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it listens at no port");
  return {
    port: address.port,
    connections: () => sockets.length / 2,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
