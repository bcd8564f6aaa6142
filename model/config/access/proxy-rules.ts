import type { Problem } from "../problem";
import type { EnvironmentFile } from "../schema";
import { notThroughProxy } from "./through-proxy";

/** Services that say whether they go through the proxy where that is not theirs to say. */
export function proxyChoiceProblems({ access, database: { proxy } }: EnvironmentFile): Problem[] {
  return Object.entries(access.services).flatMap(([key, service]): Problem[] => {
    if (service.proxy === undefined) return [];
    const reason = notThroughProxy({ ...service, section: "services" }, proxy);
    if (reason === undefined) return [];
    const message = `${reason}; leave the key out`;
    return [{ path: ["access", "services", key, "proxy"], onKey: true, message }];
  });
}
