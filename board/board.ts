import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { createApp } from "./app";
import { createPool, type DatabasePoolOptions } from "./connection";
import { errorFields, type Log } from "./log";
import type { Settings } from "./settings";
import { PostgresMessageStore } from "./store";

/** A message board that is being served. */
export interface Board {
  /** Where it is, such as `http://localhost:8080`. */
  readonly url: string;
  /**
   * Ends it in good order: `/readyz` says so at once, requests are still taken during the grace period, those that are
   * under way are finished, and then the pool's connections are closed.
   * @param graceMs until load balancers have noticed; 0 when there are none
   */
  stop(graceMs?: number): Promise<void>;
}

/** How long requests may take to finish when the board stops. None takes longer than the pool's timeouts together. */
const FINISH_TIMEOUT_MS = 15_000;

/**
 * Serves the message board. The database need not be there yet.
 * @param poolOptions of the connections, in place of those of connection.ts
 * @throws Error when the port cannot be had, with its code
 */
export async function startBoard(
  settings: Settings,
  log: Log,
  poolOptions: DatabasePoolOptions = {},
): Promise<Board> {
  const { database, roleArn, port, hostname, hosts, limits, proxies } = settings;
  let draining = false;
  const pool = createPool(database, {
    application_name: "message-board",
    onIdleError: (error) => log("connection lost", errorFields(error)),
    ...poolOptions,
  });
  const { host, port: databasePort, database: name, user } = database;
  const app = createApp({
    store: new PostgresMessageStore(pool),
    identity: { host, port: databasePort, database: name, user, roleArn },
    log,
    isDraining: () => draining,
    hosts: hostname === undefined ? hosts : [...hosts, hostname],
    limits,
    proxies,
  });
  const server = createServer(
    {
      // Longer than a load balancer keeps its connections (60 s on AWS), or it sends requests into closed ones.
      keepAliveTimeout: 65_000,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
    },
    getRequestListener(app.fetch),
  );
  server.listen(port, hostname);
  await once(server, "listening");
  const address = server.address();
  const listening = typeof address === "object" && address !== null ? address.port : port;
  const url = `http://${hostname ?? "localhost"}:${listening}`;
  log("listening", { url });
  return {
    url,
    stop: async (graceMs = 0) => {
      draining = true;
      log("stopping", { graceMs });
      await pause(graceMs);
      await closed(server);
      await pool.end();
      log("stopped");
    },
  };
}

/** Takes no more requests and waits for those under way, up to a limit. */
async function closed(server: Server): Promise<void> {
  const cutOff = setTimeout(() => server.closeAllConnections(), FINISH_TIMEOUT_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cutOff);
}
