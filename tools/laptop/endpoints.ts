import type { Endpoint, Endpoints, WriterAndReader } from "../../model/access/connection";
import type { Listener, ListenerOptions } from "../protocol/listener";
import { type GatewayOptions, startGateway } from "./gateway/gateway";
import type { ServerSocket } from "./gateway/login-methods";
import { type ProxyOptions, startProxy } from "./proxy/proxy";

/** Hosts at the writer's port, where this machine has these addresses, as Linux does. */
const HOSTS = { writer: "localhost", reader: "127.0.0.2", proxy: "127.0.0.3", proxyReader: "127.0.0.4" };

/** Host that those have elsewhere which are no address of the machine, each with a port of its own. */
const ELSEWHERE = "127.0.0.1";

/** Names that a certificate for all endpoints holds, as that of an Aurora instance does. */
export const ENDPOINT_NAMES: readonly string[] = [...Object.values(HOSTS), ELSEWHERE];

/** What both gateways have in common: all but which server is behind, and the port, which is the first one's. */
export type CommonOptions = Omit<GatewayOptions, "address" | "host" | "upstream">;

/** The proxy before the gateways. */
export interface ProxyBefore extends Pick<ProxyOptions, "database" | "limits"> {
  readonly cluster: Omit<ProxyOptions["cluster"], keyof Endpoint>;
  /** It leads to the readers as well. */
  readonly readers: boolean;
}

/** Servers that are logged in to. */
export interface Servers {
  readonly writer: ServerSocket;
  readonly reader?: ServerSocket;
}

/** Starts what listens at a place of this machine. */
type Start = (place: Required<Pick<ListenerOptions, "host" | "address" | "port">>) => Promise<Listener>;

/** Where clients log in. */
export interface Gateways {
  readonly endpoints: Endpoints;
  stop(): Promise<void>;
}

/**
 * Lets clients in to a writer and, where there are some, to readers, and through a proxy to each where there is one: every
 * endpoint has a host name of its own, for which tokens are signed.
 */
export async function startGateways(
  common: CommonOptions,
  { writer, reader }: Servers,
  proxy?: ProxyBefore,
): Promise<Gateways> {
  const running: Listener[] = [];
  const stop = async () => {
    for (const each of running.splice(0).reverse()) await each.stop();
  };
  const added = async (listener: Promise<Listener>): Promise<Endpoint> => {
    const { host, port } = await listener;
    running.push(await listener);
    return { host, port };
  };
  try {
    const first = await added(startGateway({ ...common, host: HOSTS.writer, upstream: writer }));
    const at = (host: string, start: Start) => added(startAt(host, first.port, start));
    const second =
      reader && (await at(HOSTS.reader, (place) => startGateway({ ...common, ...place, upstream: reader })));
    const direct: WriterAndReader = { writer: first, ...(second && { reader: second }) };
    if (!proxy) return { endpoints: direct, stop };
    const before =
      (cluster: Endpoint): Start =>
      (place) =>
        startProxy({ ...common, ...proxy, ...place, cluster: { ...proxy.cluster, ...cluster } });
    return {
      endpoints: {
        ...direct,
        proxy: {
          // Where it does not lead to the readers, they are reached without it.
          ...direct,
          writer: await at(HOSTS.proxy, before(first)),
          ...(second && proxy.readers && { reader: await at(HOSTS.proxyReader, before(second)) }),
        },
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Starts what listens at a host of its own.
 * @param port of the writer, at which it listens as well where this machine has the address
 */
export async function startAt(host: string, port: number, start: Start): Promise<Listener> {
  try {
    return await start({ host, address: host, port });
  } catch {
    return start({ host: ELSEWHERE, address: ELSEWHERE, port: 0 });
  }
}
