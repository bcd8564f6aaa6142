import type { Socket } from "node:net";
import { closedWithin, LAST_BYTES_MS } from "../../protocol/relay";
import { type ClusterSession, TERMINATE } from "./cluster-session";
import { Traffic } from "./traffic";

/** What to do when something happens to a connection. */
type Listeners = Readonly<Record<string, (chunk: Buffer) => void>>;

/**
 * Passes on what a client and a cluster session say, until one of them is gone. Neither side is read faster than the other
 * one reads.
 * @param idleMs a client that asks nothing for so long is cut off
 * @returns true when the session is at rest, so that it may serve somebody else
 */
export async function relaySession(
  client: Socket,
  { socket: server, reported }: Pick<ClusterSession, "socket" | "reported">,
  idleMs: number,
): Promise<boolean> {
  const traffic = new Traffic(reported);
  let deaf = () => {};
  await new Promise<void>((over) => {
    const ofClient: Listeners = {
      data: (chunk) => {
        const bytes = traffic.fromClient(chunk);
        if (bytes.length > 0 && !server.write(bytes)) client.pause();
        if (!traffic.terminated) return;
        if (traffic.answeredAll) over();
        // It said goodbye before it had its answers: it gets them, and then the server ends the session.
        else server.write(TERMINATE);
      },
      drain: () => server.resume(),
      end: () => over(),
      close: () => over(),
      timeout: () => {
        if (traffic.answeredAll) over();
      },
    };
    const ofServer: Listeners = {
      data: (chunk) => {
        if (!client.write(traffic.fromServer(chunk))) server.pause();
      },
      drain: () => client.resume(),
      close: () => over(),
    };
    const both = [listen(client, ofClient), listen(server, ofServer)];
    deaf = () => {
      for (const each of both) each();
    };
    client.setTimeout(idleMs);
    if (client.destroyed || server.destroyed) over();
  });
  deaf();
  if (server.destroyed) {
    // What it said last, such as that it is shut down, is the client's to read.
    client.destroySoon();
    await closedWithin(client, LAST_BYTES_MS);
  }
  // Nothing may follow half a message: it would become its end.
  if (!traffic.clientBetweenMessages) server.destroySoon();
  return traffic.atRest && !server.destroyed;
}

/** @returns ends the listening, and leaves what is still to be read where it is */
function listen(socket: Socket, listeners: Listeners): () => void {
  for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
  socket.resume();
  return () => {
    for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
    socket.pause();
  };
}
