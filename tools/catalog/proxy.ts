import type { Socket } from "node:net";
import { SocksClient } from "socks";
import { UserError } from "../../lib/user-error";

/** A SOCKS5 proxy between here and the server. */
export interface SocksProxy {
  readonly host: string;
  readonly port: number;
  readonly userId?: string;
  readonly password?: string;
}

/**
 * The proxy that ALL_PROXY names, as Terraform's postgresql provider reads it: host names in NO_PROXY, and what lies
 * below them, are reached without it, and a proxy that is not SOCKS5 is none for PostgreSQL.
 * @param host the server to connect to
 * @throws UserError for an address that makes no sense
 */
export function proxyFor(
  host: string,
  env: Readonly<Record<string, string | undefined>>,
): SocksProxy | undefined {
  const address = env.ALL_PROXY || env.all_proxy || "";
  if (!address.toLowerCase().startsWith("socks")) return undefined;
  const direct = (env.NO_PROXY || env.no_proxy || "").split(",").map((name) => name.trim().toLowerCase());
  const below = (name: string) => `.${host.toLowerCase()}`.endsWith(`.${name.replace(/^\*?\./, "")}`);
  if (direct.some((name) => name === "*" || (name !== "" && below(name)))) return undefined;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url?.hostname || !["socks5:", "socks5h:"].includes(url.protocol)) {
    throw new UserError([
      "ALL_PROXY must be a SOCKS5 proxy such as socks5://127.0.0.1:1080; correct it, or unset it",
    ]);
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || 1080),
    ...(url.username && {
      userId: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    }),
  };
}

/**
 * Connects to a server through the proxy, by name: the proxy looks it up.
 * @returns a socket in the form that `pg` wants one: it calls connect() and waits for the event
 * @throws UserError with one sentence
 */
export async function connectThrough(
  proxy: SocksProxy,
  server: { readonly host: string; readonly port: number; readonly timeoutSeconds: number },
): Promise<Socket> {
  const { host, port, timeoutSeconds } = server;
  try {
    const { socket } = await SocksClient.createConnection({
      proxy: { ...proxy, type: 5 },
      command: "connect",
      destination: { host, port },
      timeout: timeoutSeconds * 1000,
    });
    return connectedAlready(socket);
  } catch (error) {
    throw new UserError([proxyProblem(String(Object(error).message), proxy, `${host}:${port}`)]);
  }
}

/** A socket that is open, in the form that `pg` wants one. */
export function connectedAlready(socket: Socket): Socket {
  return Object.assign(socket, {
    connect: () => {
      process.nextTick(() => socket.emit("connect"));
      return socket;
    },
  });
}

function proxyProblem(message: string, { host, port }: SocksProxy, server: string): string {
  const proxy = `the proxy ${host}:${port} of ALL_PROXY`;
  // Node.js says nothing when it has tried several addresses of one name.
  if (message === "" || message.includes("ECONNREFUSED")) {
    return `nothing listens on ${proxy}; start it (npm run tunnel), or unset ALL_PROXY`;
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(message))
    return `the name of ${proxy} cannot be resolved; correct ALL_PROXY`;
  if (message.includes("NotAllowed")) {
    return `${proxy} does not lead to ${server}; check PGHOST and PGPORT, or open the tunnel of that environment`;
  }
  if (message.includes("timed out"))
    return `${proxy} gives no answer for ${server}; check that it is the tunnel`;
  if (/rejected connection/.test(message)) return `${proxy} cannot reach ${server} now; see what it prints`;
  return `${proxy} does not serve SOCKS5 (${message}); correct ALL_PROXY, or unset it`;
}
