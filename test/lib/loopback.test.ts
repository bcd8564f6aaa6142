import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect, createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { expect, test } from "@jest/globals";
import { createAuthority, issueCertificate } from "../../lib/certificates";
import { freePort, listenOnLoopback } from "../../lib/loopback";
import { testUnless } from "../helpers/skip";

const KINDS: readonly (readonly [string, () => Promise<Server>])[] = [
  ["TCP", async () => createServer()],
  ["HTTP", async () => createHttpServer()],
  [
    "HTTPS",
    async () => {
      const { certificate, key } = await issueCertificate(await createAuthority(), ["localhost"]);
      return createHttpsServer({ cert: certificate, key });
    },
  ],
];

test.each(KINDS)("closing a server of %s ends its connections and frees the port", async (_, create) => {
  const server = await create();
  const { port, close } = await listenOnLoopback(server);
  const arrived = once(server, "connection");
  const client = connect({ port, host: "127.0.0.1" });
  await arrived;
  const ended = once(client, "close");
  await close();
  await ended;
  const again = await listenOnLoopback(createServer(), { port });
  expect(again.port).toBe(port);
  await again.close();
});

test("a port that is taken is a mistake of the user's, with what to do", async () => {
  const { port, close } = await listenOnLoopback(createServer());
  const listening = listenOnLoopback(createServer(), { port, chosen: "with --port" });
  await expect(listening).rejects.toMatchObject({
    messages: [
      `port ${port} is in use, perhaps by another run of this command; end that, or choose another with --port`,
    ],
  });
  await close();
});

test("a free port can be listened on", async () => {
  const wanted = await freePort();
  const { port, close } = await listenOnLoopback(createServer(), { port: wanted });
  expect(port).toBe(wanted);
  await close();
});

const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
testUnless(
  outside === undefined ? "this machine has no other address" : undefined,
  "other machines do not reach it",
  async () => {
    const { port, close } = await listenOnLoopback(createServer());
    const client = connect({ port, host: outside });
    const [error] = await once(client, "error");
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
    await close();
  },
);
