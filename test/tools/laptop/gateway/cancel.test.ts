import { once } from "node:events";
import type { Socket } from "node:net";
import { expect, test } from "@jest/globals";
import { readBytes } from "../../../../lib/read-bytes";
import { REQUEST } from "../../../../tools/protocol/startup-packet";
import { eventually } from "../../../helpers/eventually";
import {
  answer,
  errorOf,
  logIn,
  message,
  ORDERS,
  packet,
  startTls,
  tcp,
  tls,
  until,
} from "../../protocol/wire";
import { useFixture } from "./fixture";

const fixture = useFixture();

test.each([
  ["in plain text, as by psql up to 16", tcp],
  ["over TLS", tls],
])("a query is cancelled %s, and only with the right key", async (_, open) => {
  const client = await tls(fixture);
  const key =
    (await logIn(fixture, client)).find(({ type }) => type === "K")?.bytes.subarray(5) ?? Buffer.alloc(0);
  const wrong = Buffer.from(key);
  wrong.writeInt32BE(wrong.readInt32BE(4) ^ 1, 4);
  client.write(message("Q", "SELECT pg_sleep(600)\0"));
  const superuser = await fixture.server.connect({ user: "rdsadmin" });
  const sleeping = "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
  await eventually(async () => (await superuser.query(sleeping)).rowCount === 1);
  for (const secret of [wrong, key]) {
    expect(await answer(await open(fixture), packet(REQUEST.cancel, secret))).toBe("");
  }
  const error = (await until(client, "E")).at(-1);
  expect(errorOf(error?.bytes ?? Buffer.alloc(0))).toBe(
    "ERROR 57014: canceling statement due to user request",
  );
  await until(client, "Z");
  client.destroy();
});

test("a request to cancel that is too short, or too long, goes no further", async () => {
  for (const bytes of [0, 7, 300]) {
    const socket = await tcp(fixture);
    expect(await answer(socket, packet(REQUEST.cancel, Buffer.alloc(bytes)))).toBe("");
    expect(fixture.log.splice(0)).toEqual([expect.stringContaining("invalid length of cancel request")]);
  }
});

/** Connections of this process, which holds both the clients and the gateway. */
function openSockets(): number {
  const kinds = ["TCPSocketWrap", "PipeWrap"];
  return process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind)).length;
}

test("clients that hang up at any moment leave nothing behind", async () => {
  const moments: ((socket: Socket) => Promise<unknown> | undefined)[] = [
    async () => undefined,
    async (socket) => socket.write(Buffer.from([0, 0])),
    async (socket) => socket.write(packet(REQUEST.tls)),
    async (socket) => (await startTlsOn(socket)).write(Buffer.from([0, 0, 0])),
    async (socket) => (await startTlsOn(socket)).write(ORDERS),
    async (socket) => logIn(fixture, await startTlsOn(socket)),
  ];
  const startTlsOn = async (socket: Socket) => {
    socket.write(packet(REQUEST.tls));
    await readBytes(socket, 1);
    return startTls(fixture, socket);
  };
  const before = openSockets();
  for (const moment of moments) {
    for (const hangUp of ["end", "destroy", "resetAndDestroy"] as const) {
      const socket = await tcp(fixture);
      await moment(socket);
      socket[hangUp]();
      if (!socket.closed) await once(socket.resume(), "close");
    }
  }
  await eventually(() => openSockets() <= before);
});
