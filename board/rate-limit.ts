import { isIPv6 } from "node:net";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, MiddlewareHandler } from "hono";
import { errorPage } from "./error-page";

/** How many requests are answered: so many at once, and after that as many a minute. */
export interface RateLimits {
  /** Of one client. */
  readonly client: number;
  /** Of all of them together. */
  readonly all: number;
}

/** Many times what a person does. What they protect is the database, of which each page asks two questions. */
export const RATE_LIMITS: RateLimits = { client: 300, all: 3_000 };

/** Options of {@link rateLimit}. */
export interface RateLimitOptions {
  /**
   * Load balancers in front that append to X-Forwarded-For whom they were asked by.
   * @default 0: none, and the header is anybody's to invent
   */
  readonly proxies?: number;
  /** Clients that are remembered; who was not seen for longest is forgotten first, and starts anew. @default 10000 */
  readonly mostClients?: number;
  /** Milliseconds of a clock that never goes back. @default the process's */
  readonly now?: () => number;
}

/**
 * Answers 429, and when to try again, to a client that asks too often, and to everybody while all of them together do. It counts in
 * this process's memory: each pod has its own count, and there are few.
 */
export function rateLimit(
  limits: RateLimits,
  { proxies = 0, mostClients = 10_000, now = () => performance.now() }: RateLimitOptions = {},
): MiddlewareHandler {
  const all = new Bucket(limits.all, now());
  const clients = new Map<string, Bucket>();
  return async (c, next) => {
    const at = now();
    const client = clientOf(c, proxies);
    const own = clients.get(client) ?? new Bucket(limits.client, at);
    // Last in the map's order is who was seen last.
    clients.delete(client);
    clients.set(client, own);
    if (clients.size > mostClients) {
      const [longestUnseen = client] = clients.keys();
      clients.delete(longestUnseen);
    }
    // Who asks too often takes nothing from what is there for all.
    const wait = own.wait(at) || all.wait(at);
    if (wait > 0) {
      c.header("Retry-After", String(Math.ceil(wait / 1000)));
      return c.html(errorPage(429), 429);
    }
    own.take();
    all.take();
    return next();
  };
}

/** Requests that may still be made, which come back with time. */
class Bucket {
  private left: number;

  /** @param perMinute how many there are at most, and how many come back in a minute */
  constructor(
    private readonly perMinute: number,
    private at: number,
  ) {
    this.left = perMinute;
  }

  /** Milliseconds until a request may be made; 0 when one may. */
  wait(now: number): number {
    this.left = Math.min(this.perMinute, this.left + ((now - this.at) * this.perMinute) / 60_000);
    this.at = now;
    return this.left >= 1 ? 0 : ((1 - this.left) * 60_000) / this.perMinute;
  }

  take(): void {
    this.left--;
  }
}

/** Whoever made the request, as far as it can be told: of an IPv6 address the network, since a client has all of it. */
function clientOf(c: Context, proxies: number): string {
  const forwarded = (c.req.header("X-Forwarded-For") ?? "").split(",").map((each) => each.trim());
  const address = (proxies > 0 && forwarded.at(-proxies)) || remoteAddress(c);
  return networkOf(address);
}

/** Who is connected. Only a test asks without a connection. */
function remoteAddress(c: Context): string {
  return c.env ? (getConnInfo(c).remote.address ?? "") : "";
}

/** An IPv4 address as it is, and of an IPv6 one its first 64 bits; what is neither as far as it is short. */
export function networkOf(address: string): string {
  const [mapped] = /(?<=^::ffff:)[\d.]+$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address.slice(0, 64);
  const [head = "", tail] = address.split("%", 1)[0]?.toLowerCase().split("::") ?? [];
  const left = head.split(":").filter(Boolean);
  const right = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return [...left, ...(tail === undefined ? [] : zeros), ...right]
    .slice(0, 4)
    .map((part) => Number.parseInt(part, 16).toString(16))
    .join(":");
}
