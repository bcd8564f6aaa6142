import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { expect, test } from "@jest/globals";
import { listenOnLoopback } from "../../../../lib/loopback";
import { relaySession } from "../../../../tools/laptop/proxy/relay-session";
import { message, rest } from "../../protocol/wire";

/** Both ends of a connection. */
async function pair(): Promise<readonly [Socket, Socket]> {
  const listener = createServer();
  const { port, close } = await listenOnLoopback(listener);
  const other = connect(port, "127.0.0.1");
  const [one] = await once(listener, "connection");
  one.once("close", () => void close());
  return [one, other];
}

const QUERY = message("Q", "SELECT 1\0");

test.each<[string, Buffer, boolean]>([
  ["half a message", QUERY.subarray(0, 9), false],
  ["half a header", QUERY.subarray(0, 3), false],
  ["a whole one that is not answered yet", QUERY, true],
])(
  "after %s of a client that is gone the server gets nothing more, or a goodbye",
  async (_, said, goodbye) => {
    const [client, ofClient] = await pair();
    const [server, ofServer] = await pair();
    const got = rest(ofServer);
    const over = relaySession(client, { socket: server, reported: new Map() }, 60_000);
    ofClient.end(said);
    expect(await over).toBe(false);
    // Whoever ends the session says goodbye where it may.
    expect(server.writable).toBe(goodbye);
    server.destroySoon();
    const bytes = await got;
    expect(bytes.equals(said.subarray(0, bytes.length))).toBe(true);
    client.destroy();
  },
);
