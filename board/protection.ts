import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { errorPage } from "./error-page";

/** Most bytes of a form: 500 characters of four bytes, each written as %XX, take 6,000. */
export const MAX_BODY_BYTES = 16 * 1024;

/** What every form goes through before it is looked at. */
export function formProtection(): MiddlewareHandler[] {
  const onError = (c: Context) => {
    // The rest of the body is still coming; on this connection it would be taken for the next request.
    c.header("Connection", "close");
    return c.html(errorPage(413), 413);
  };
  return [bodyLimit({ maxSize: MAX_BODY_BYTES, onError }), sameSite()];
}

/** Headers of every answer. The page loads its own style and icon, posts to itself, and nothing else. */
export function securityHeaders(): MiddlewareHandler {
  const secure = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: "DENY",
    // With no-referrer, browsers send `Origin: null` with the board's own form.
    referrerPolicy: "same-origin",
    // For whoever ends TLS to decide: it would speak for all of the host name.
    strictTransportSecurity: false,
    // Browsers complain about these where the board is served by plain HTTP inside a cluster.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });
  return async (c, next) => {
    await secure(c, next);
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
  };
}

/**
 * Refuses forms that another site's page sends. A browser says where one comes from, in Sec-Fetch-Site or Origin; what
 * says neither is no browser with this page open. Only the host is compared: behind a load balancer that ends TLS, the
 * page is at https and the request comes by http.
 */
function sameSite(): MiddlewareHandler {
  const check = csrf({
    origin: (origin, c) => URL.canParse(origin) && new URL(origin).host === c.req.header("Host"),
  });
  return async (c: Context, next) => {
    try {
      return await check(c, next);
    } catch (error) {
      if (error instanceof HTTPException && error.status === 403) return c.html(errorPage(403), 403);
      throw error;
    }
  };
}
