import type { Endpoints } from "../../model/access/connection";
import { type GatewayOptions, startGateway } from "./gateway/gateway";
import type { Listener } from "./gateway/listener";
import type { ServerSocket } from "./gateway/login-methods";

/** Host that readers have where this machine has that address, as Linux does; at the same port as the writer. */
const READERS = "127.0.0.2";

/** Host that they have elsewhere, with a port of their own. */
const READERS_ELSEWHERE = "127.0.0.1";

/** Names that a certificate for both endpoints holds, as that of an Aurora instance does. */
export const ENDPOINT_NAMES: readonly string[] = ["localhost", READERS, READERS_ELSEWHERE];

/** What both gateways have in common: all but which server is behind. */
export type CommonOptions = Omit<GatewayOptions, "address" | "host" | "port" | "upstream">;

/** Where clients log in. */
export interface Gateways {
  readonly endpoints: Endpoints;
  stop(): Promise<void>;
}

/**
 * Lets clients in to a writer and, where there are some, to readers: each has a host name of its own, for which tokens are
 * signed, and leads to a server of its own.
 */
export async function startGateways(
  common: CommonOptions,
  writer: ServerSocket,
  reader?: ServerSocket,
): Promise<Gateways> {
  const first = await startGateway({ ...common, host: "localhost", upstream: writer });
  try {
    const second = reader && (await startReaders({ ...common, upstream: reader }, first.port));
    return {
      endpoints: { writer: endpoint(first), ...(second && { reader: endpoint(second) }) },
      stop: async () => {
        await second?.stop();
        await first.stop();
      },
    };
  } catch (error) {
    await first.stop();
    throw error;
  }
}

/** @param port of the writer, at which they listen as well where this machine has the address */
export async function startReaders(options: GatewayOptions, port: number): Promise<Listener> {
  try {
    return await startGateway({ ...options, host: READERS, address: READERS, port });
  } catch {
    return startGateway({ ...options, host: READERS_ELSEWHERE });
  }
}

function endpoint({ host, port }: Listener): { readonly host: string; readonly port: number } {
  return { host, port };
}
