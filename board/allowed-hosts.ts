import { isIP } from "node:net";
import type { MiddlewareHandler } from "hono";
import { errorPage } from "./error-page";

/**
 * Refuses requests for a host that the board is not told of. Otherwise another site could have its own name lead to the board's
 * address, once a browser has its page (DNS rebinding): to the browser both are then the same site, and its page may read
 * and send whatever this browser may.
 *
 * Addresses and names of loopback are always good: nobody can have them mean something else. So are probes by the pod's
 * address and `kubectl port-forward`.
 * @see https://vite.dev/config/server-options#server-allowedhosts which allows the same
 */
export function allowedHosts(names: readonly string[]): MiddlewareHandler {
  const allowed = new Set(names);
  return async (c, next) => {
    const host = hostName(c.req.header("Host") ?? "");
    if (host !== undefined && (isOwn(host) || allowed.has(host))) return next();
    return c.html(errorPage(421), 421);
  };
}

/** The name in a Host header, without its port, as names are compared; undefined when there is none. */
export function hostName(header: string): string | undefined {
  if (!/^[\w.:[\]-]+$/.test(header) || !URL.canParse(`http://${header}`)) return undefined;
  return new URL(`http://${header}`).hostname.replace(/\.$/, "");
}

/** @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3 on names that end with localhost */
function isOwn(host: string): boolean {
  return isIP(host.replace(/^\[(.*)\]$/, "$1")) !== 0 || /(^|\.)localhost$/.test(host);
}
