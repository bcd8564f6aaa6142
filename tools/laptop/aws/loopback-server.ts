import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import type { Certificate } from "../certificates";

/** A server that only this machine reaches. */
export interface LoopbackServer {
  readonly port: number;
  /** Ends it and whatever is connected. */
  stop(): Promise<void>;
}

/** Nobody may hold a connection by sending a request slowly. */
const TIMEOUTS = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };

/**
 * Serves an app on a free port of 127.0.0.1.
 * @param certificate for HTTPS; HTTP without
 */
export function listen(app: Hono, certificate?: Certificate): Promise<LoopbackServer> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    ...(certificate
      ? {
          createServer: createTlsServer,
          serverOptions: { ...TIMEOUTS, cert: certificate.certificate, key: certificate.key },
        }
      : { createServer, serverOptions: TIMEOUTS }),
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : 0,
        stop: () =>
          new Promise((stopped) => {
            server.close(() => stopped());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
  });
}
