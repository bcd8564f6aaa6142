import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { REQUEST } from "../../../../tools/protocol/startup-packet";
import { eventually } from "../../../helpers/eventually";
import { errorOf, message, next, packet, rest, startup, tcp, tls } from "../../protocol/wire";
import { startFixture, TIMEOUT, useFixture, works } from "./fixture";

/** Short, so that the tests are, and still long enough for a good login on a busy machine. */
const AUTHENTICATION_TIMEOUT = 2000;

const PENDING_CONNECTIONS = 20;

const fixture = useFixture({
  authenticationTimeout: AUTHENTICATION_TIMEOUT,
  pendingConnections: PENDING_CONNECTIONS,
});

test(
  "clients that are silent, or stop at any point of a login, are cut off in time, while others are served",
  async () => {
    const silent = await tcp(fixture);
    const half = await tcp(fixture);
    half.write(Buffer.from([0, 0]));
    const handshake = await tcp(fixture);
    handshake.write(packet(REQUEST.tls));
    await once(handshake, "readable");
    handshake.write(Buffer.from([0x16, 3, 1]));
    const encrypted = await tls(fixture);
    const asked = await tls(fixture);
    asked.write(startup("user", "orders_api", "database", "postgres"));
    await next(asked);
    const inPassword = await tls(fixture);
    inPassword.write(startup("user", "orders_api", "database", "postgres"));
    await next(inPassword);
    inPassword.write(message("p", "x".repeat(100), 1000));
    const scram = await tls(fixture);
    scram.write(startup("user", "postgres"));
    expect((await next(scram)).bytes.toString()).toContain("SCRAM-SHA-256");

    const stuck = [silent, half, handshake, encrypted, asked, inPassword, scram];
    const over = stuck.map(rest);
    await works(fixture);
    await Promise.all(over);
    const late = fixture.log.filter((line) => line.endsWith("not logged in within 2 s"));
    expect(late).toHaveLength(stuck.length);
    expect(fixture.log).toHaveLength(stuck.length);
    await works(fixture);
  },
  TIMEOUT,
);

test(
  "a client that trickles in byte by byte is cut off in time",
  async () => {
    const socket = await tls(fixture);
    const packets = startup("user", "orders_api", "options", "x".repeat(5000));
    const over = rest(socket);
    for (const byte of packets) {
      if (socket.destroyed) break;
      socket.write(Buffer.from([byte]));
      await pause(10);
    }
    await over;
    expect(fixture.log).toEqual([expect.stringContaining("not logged in within 2 s")]);
    await works(fixture);
  },
  TIMEOUT,
);

test(
  "a client that has logged in may take its time",
  async () => {
    const client = await fixture.connect();
    await client.query("SELECT pg_sleep($1)", [(AUTHENTICATION_TIMEOUT + 500) / 1000]);
    await pause(AUTHENTICATION_TIMEOUT);
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    expect(fixture.log).toEqual([]);
  },
  TIMEOUT,
);

test(
  "more clients than it may keep waiting are turned away, and those that logged in do not count",
  async () => {
    const loggedIn = await Promise.all([fixture.connect(), fixture.connect(), fixture.connect()]);
    const waiting = await Promise.all(Array.from({ length: PENDING_CONNECTIONS }, () => tcp(fixture)));
    const turnedAway = errorOf(await rest(await tcp(fixture)));
    expect(turnedAway).toBe("FATAL 53300: sorry, too many clients already");
    expect(fixture.log).toEqual([expect.stringContaining("too many others")]);
    for (const client of loggedIn) await client.query("SELECT 1");
    for (const socket of waiting) socket.destroy();
    await eventually(() =>
      works(fixture).then(
        () => true,
        () => false,
      ),
    );
  },
  TIMEOUT,
);

test(
  "stopping cuts everyone off, whatever they are at, and frees the port",
  async () => {
    const own = await startFixture();
    const client = await own.connect();
    const ended = new Promise((resolve) => client.once("end", resolve));
    const sockets = [await tcp(own), await tls(own)];
    const query = client.query("SELECT pg_sleep(600)").catch(String);
    await own.gateway.stop();
    await Promise.all([ended, ...sockets.map(rest)]);
    expect(await query).toMatch(/terminated|ECONNRESET/);
    await expect(own.connect()).rejects.toThrow("ECONNREFUSED");
    expect(own.log).toEqual([]);
    await own.gateway.stop();
    await own.stop();
  },
  TIMEOUT,
);
