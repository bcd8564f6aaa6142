import { LEVELS, type Level } from "../../postgresql/levels";
import type { EnvironmentFile } from "../schema";

/** What of an identity decides whether it may connect through the proxy. */
export interface MayUseProxy {
  /** Which part of `access` it is in. */
  readonly section: string;
  readonly endpoint: "writer" | "reader";
  readonly grants: Readonly<Record<string, Level>>;
}

/**
 * Why an identity connects to the database itself, whatever it says; undefined when it may go through the proxy. Owners' sessions
 * run as their group and migrate, which takes locks, settings and temporary tables: each would keep a connection of the proxy's to
 * itself. People's are few, and do the same by hand.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-pinning.html
 */
export function notThroughProxy(
  { section, endpoint, grants }: MayUseProxy,
  proxy: EnvironmentFile["database"]["proxy"],
): string | undefined {
  if (!proxy) return "there is no database.proxy";
  if (section === "people") return "people connect to the database itself";
  if (Object.values(grants).some((level) => LEVELS[level].ownsSchema)) {
    return "owners connect to the database itself, since what migrations do keeps a connection of the proxy's to each of them";
  }
  if (endpoint === "reader" && !proxy.readerEndpoint) {
    return "the proxy does not lead to the readers, unless database.proxy has readerEndpoint: true";
  }
  return undefined;
}
