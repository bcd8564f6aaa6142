import { type Context, Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { allowedHosts } from "./allowed-hosts";
import { boardPage, type Typed } from "./board-page";
import { databaseProblem } from "./database-problem";
import { errorPage } from "./error-page";
import { newNonce, readForm } from "./form";
import { health } from "./health";
import type { Identity } from "./identity";
import { errorFields, type Log } from "./log";
import { messageText } from "./message";
import { formProtection, securityHeaders } from "./protection";
import { RATE_LIMITS, type RateLimitOptions, type RateLimits, rateLimit } from "./rate-limit";
import type { BoardPage, MessageStore } from "./store";
import { ICON, STYLE } from "./style";

/** What the message board is made of. */
export interface AppOptions extends RateLimitOptions {
  readonly store: MessageStore;
  /** Whom the board connects as, to show it. */
  readonly identity: Identity;
  readonly log: Log;
  /** Whether the program is about to end. @default never */
  readonly isDraining?: () => boolean;
  /** Names that it answers to besides addresses and names of loopback. @default none */
  readonly hosts?: readonly string[];
  /** How often it answers. @default RATE_LIMITS */
  readonly limits?: RateLimits;
}

/** Seconds after which trying again makes sense. */
const RETRY_AFTER = "5";

/** The message board as a function from requests to responses. */
export function createApp(options: AppOptions): Hono {
  const { store, identity, log, isDraining = () => false } = options;
  const app = new Hono();

  const unavailable = (c: Context, error: unknown, typed: Typed) => {
    log("database unavailable", errorFields(error));
    c.header("Retry-After", RETRY_AFTER);
    return c.html(boardPage({ identity, typed, problem: databaseProblem(error) }), 503);
  };
  /** The board with the newest messages, and an error in the form. */
  const invalid = async (c: Context, typed: Typed) => {
    let board: BoardPage;
    try {
      board = await store.page();
    } catch (error) {
      return unavailable(c, error, typed);
    }
    return c.html(boardPage({ identity, typed, board }), 422);
  };

  app.use(requestLog(log, isDraining), securityHeaders());
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header("Allow", methods.join(", "));
        return c.html(errorPage(405), 405);
      },
    }),
  );
  app.route("/", health(store, log, isDraining));
  app.get("/style.css", (c) => asset(c, "text/css; charset=utf-8", STYLE));
  app.get("/icon.svg", (c) => asset(c, "image/svg+xml", ICON));
  // Whoever is refused below still gets what the page that says so looks like; and probes have no name to ask by.
  app.use(
    allowedHosts(options.hosts ?? []),
    rateLimit(options.limits ?? RATE_LIMITS, options),
    ...formProtection(),
  );

  app.get("/", async (c) => {
    const before = c.req.query("before");
    if (before !== undefined && !/^\d{1,18}$/.test(before)) return c.notFound();
    const typed = { nonce: newNonce(), text: "" };
    let board: BoardPage;
    try {
      board = await store.page(before);
    } catch (error) {
      return unavailable(c, error, typed);
    }
    return c.html(boardPage({ identity, typed, board, before }));
  });

  app.post("/messages", async (c) => {
    const form = await readForm(c.req);
    if (form === undefined) return c.html(errorPage(415), 415);
    const { nonce, text } = form;
    if (nonce === undefined) {
      return invalid(c, {
        nonce: newNonce(),
        text,
        problem: "The form was incomplete. Press Add once more.",
      });
    }
    const checked = messageText(text);
    if ("problem" in checked) return invalid(c, { nonce, text, problem: checked.problem });
    let id: string;
    try {
      id = await store.add(nonce, checked.text);
    } catch (error) {
      return unavailable(c, error, { nonce, text });
    }
    return c.redirect(`/#message-${id}`, 303);
  });

  app.notFound((c) => c.html(errorPage(404), 404));
  app.onError((error, c) => {
    log("failed", { method: c.req.method, path: c.req.path, ...errorFields(error), stack: error.stack });
    return c.html(errorPage(500), 500);
  });
  return app;
}

/** Says what was asked and answered. Probes that went well are left out: there are too many of them. */
function requestLog(log: Log, isDraining: () => boolean) {
  return async (c: Context, next: () => Promise<void>) => {
    const start = performance.now();
    await next();
    // A client that keeps its connection would otherwise send its next request to a program that has ended.
    if (isDraining()) c.header("Connection", "close");
    const { method, path } = c.req;
    if (/^\/(livez|readyz)$/.test(path) && c.res.ok) return;
    log("request", {
      method,
      path: path.slice(0, 200),
      status: c.res.status,
      // Which name is missing from ALLOWED_HOSTS, where one is.
      ...(c.res.status === 421 && { host: c.req.header("Host")?.slice(0, 200) }),
      ms: Math.round(performance.now() - start),
    });
  };
}

/** A file whose address changes with its content. */
function asset(c: Context, type: string, text: string) {
  return c.body(text, 200, { "Content-Type": type, "Cache-Control": "public, max-age=31536000, immutable" });
}
