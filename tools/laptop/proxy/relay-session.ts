import type { Socket } from "node:net";
import { closedWithin, LAST_BYTES_MS } from "../gateway/relay";
import type { ClusterSession } from "./cluster-session";
import { Traffic } from "./traffic";

/**
 * Passes on what a client and a cluster session say, until one of them is gone. Neither side is read faster than the other
 * one reads.
 * @param idleMs a client that asks nothing for so long is cut off
 * @returns true when the session is at rest, so that it may serve somebody else
 */
export async function relaySession(
  client: Socket,
  session: ClusterSession,
  idleMs: number,
): Promise<boolean> {
  const server = session.socket;
  const traffic = new Traffic(session.reported);
  await new Promise<void>((resolve) => {
    const listeners: [Socket, string, (chunk: Buffer) => void][] = [
      [
        client,
        "data",
        (chunk) => {
          const bytes = traffic.fromClient(chunk);
          if (bytes.length > 0 && !server.write(bytes)) client.pause();
          if (traffic.terminated) over();
        },
      ],
      [client, "drain", () => server.resume()],
      [client, "end", () => over()],
      [client, "close", () => over()],
      [
        client,
        "timeout",
        () => {
          if (traffic.answeredAll) over();
        },
      ],
      [
        server,
        "data",
        (chunk) => {
          if (!client.write(traffic.fromServer(chunk))) server.pause();
        },
      ],
      [server, "drain", () => client.resume()],
      [server, "close", () => over()],
    ];
    const over = () => {
      for (const [socket, event, listener] of listeners) socket.off(event, listener);
      for (const socket of [client, server]) socket.pause();
      resolve();
    };
    for (const [socket, event, listener] of listeners) socket.on(event, listener);
    client.setTimeout(idleMs);
    for (const socket of [client, server]) {
      if (socket.destroyed) over();
      else socket.resume();
    }
  });
  if (server.destroyed) {
    // What it said last, such as that it is shut down, is the client's to read.
    client.destroySoon();
    await closedWithin(client, LAST_BYTES_MS);
  }
  // Nothing may follow half a message: it would become its end.
  if (!traffic.clientBetweenMessages) server.destroySoon();
  return traffic.atRest && !server.destroyed;
}
