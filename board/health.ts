import { Hono } from "hono";
import { databaseProblem } from "./database-problem";
import { errorFields, type Log } from "./log";
import type { MessageStore } from "./store";

/** How long the database may take to show that it works; a probe's own timeout should be longer. */
export const CHECK_TIMEOUT_MS = 2_000;

/**
 * The probes. `/livez` says that the program runs: restarting it would not help when the database is down. `/readyz` says
 * that it can serve, and otherwise why not.
 */
export function health(store: MessageStore, log: Log, isDraining: () => boolean): Hono {
  const app = new Hono();
  app.get("/livez", (c) => c.text("ok"));
  app.get("/readyz", async (c) => {
    if (isDraining()) return c.text("shutting down", 503);
    try {
      await within(CHECK_TIMEOUT_MS, store.check());
      return c.text("ok");
    } catch (error) {
      log("not ready", errorFields(error));
      return c.text(databaseProblem(error).reason, 503);
    }
  });
  return app;
}

/** The result of a promise, unless it takes too long. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
