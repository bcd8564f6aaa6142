import { get } from "node:https";

const MAX_BYTES = 65_536;
const TIMEOUT_MS = 5_000;

/**
 * Fetches a small document over TLS that one authority vouches for, which `fetch` of Node.js cannot be told.
 * Redirects are not followed.
 * @param ca certificate of the authority, PEM
 * @throws Error when it cannot be had: the certificate is not right, the status is not 200, it is too large or too slow
 */
export function verifiedGet(url: string, ca: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    get(url, { ca, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > MAX_BYTES) response.destroy(new Error(`${url} has more than ${MAX_BYTES} bytes`));
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(new Response(Buffer.concat(chunks)));
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    }).on("error", reject);
  });
}
