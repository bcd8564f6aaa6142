import type { Socket } from "node:net";

/** Gives exactly so many bytes as soon as they are there; undefined when the client hangs up before. */
export type Read = (count: number) => Promise<Buffer | undefined>;

/**
 * Reads messages of known lengths from a socket, which holds back whatever comes after them.
 * @returns a reader, and what gives the socket back to be read otherwise
 */
export function exactReader(socket: Socket): { readonly read: Read; readonly release: () => void } {
  let wake = (): void => undefined;
  const notify = () => wake();
  // Listened to all the time: a listener that is added while bytes wait is called at once, and adding one whenever they
  // are too few would keep this process busy until the client sends the rest.
  const events = ["readable", "end", "close"];
  for (const event of events) socket.on(event, notify);
  return {
    read: async (count) => {
      for (;;) {
        const chunk: Buffer | null = socket.read(count);
        if (chunk?.length === count) return chunk;
        if (chunk !== null || socket.readableEnded || socket.destroyed) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    release: () => {
      for (const event of events) socket.off(event, notify);
    },
  };
}
