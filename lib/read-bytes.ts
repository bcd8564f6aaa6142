import type { Readable } from "node:stream";

/** After each of these a stream may have more to read, or never again. */
const CHANGES = ["readable", "end", "close", "error"];

/** The other side has gone, or was cut off: nobody is left to answer. */
export class Disconnected extends Error {}

/**
 * Reads exactly so many bytes and leaves the rest where it is; the stream buffers no more than its high-water mark.
 * @throws Disconnected when they do not come
 */
export function readBytes(stream: Readable, count: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const attempt = () => {
      const bytes: Buffer | null = stream.read(count);
      if (bytes?.length === count) resolve(bytes);
      // At its end a stream gives what it has, however little.
      else if (bytes !== null || stream.readableEnded || stream.destroyed) reject(new Disconnected());
      else return;
      for (const event of CHANGES) stream.off(event, attempt);
    };
    // Once for all attempts: to a new listener a stream tells at once of what it has, so that waiting anew for what is
    // missing would never let anything else happen.
    for (const event of CHANGES) stream.on(event, attempt);
    attempt();
  });
}
