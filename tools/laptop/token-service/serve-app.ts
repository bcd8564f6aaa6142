import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import type { Certificate } from "../../../lib/certificates";
import { type LoopbackServer, listenOnLoopback } from "../../../lib/loopback";

/** Nobody may hold a connection by sending a request slowly. */
const TIMEOUTS = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };

/**
 * Serves an app on a free port of 127.0.0.1.
 * @param certificate for HTTPS; HTTP without
 */
export function serveApp(app: Hono, certificate?: Certificate): Promise<LoopbackServer> {
  return listenOnLoopback(
    createAdaptorServer({
      fetch: app.fetch,
      ...(certificate
        ? {
            createServer: createTlsServer,
            serverOptions: { ...TIMEOUTS, cert: certificate.certificate, key: certificate.key },
          }
        : { createServer, serverOptions: TIMEOUTS }),
    }),
  );
}
