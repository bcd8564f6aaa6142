import type { Socket } from "node:net";

/** How long a client may take to read what is left for it once nobody is behind it any more. */
export const LAST_BYTES_MS = 10_000;

/**
 * Passes bytes on in both directions, until both sides are closed. Neither side is read faster than the other one reads,
 * and each gets what was sent to it before its counterpart closed.
 */
export async function relay(client: Socket, server: Socket): Promise<void> {
  client.pipe(server);
  server.pipe(client);
  const clientClosed = closed(client).then(() => server.destroySoon());
  await closed(server);
  client.destroySoon();
  await closedWithin(client, LAST_BYTES_MS);
  await clientClosed;
}

/** Says a last word and hangs up. What the client still sends is thrown away, so that its own end is seen. */
export async function dismiss(client: Socket, answer: Buffer, lingerMs: number): Promise<void> {
  client.end(answer);
  client.resume();
  await closedWithin(client, lingerMs);
}

/** Waits until a connection is closed, and closes it when that takes too long. */
export async function closedWithin(socket: Socket, ms: number): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), ms);
  await closed(socket);
  clearTimeout(timer);
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once("close", () => resolve());
  });
}
