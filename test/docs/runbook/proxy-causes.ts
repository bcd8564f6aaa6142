import type { ProxyFixture } from "../../tools/laptop/proxy/fixture";
import type { Variables } from "./database";

/** What RDS Proxy, as a laptop plays it, refuses. */
export interface ProxyCause {
  /** The heading of the runbook below which its text is. */
  readonly heading: string;
  readonly name: string;
  /** @default orders_api */
  readonly user?: string;
  /** Host and port that the token is for. @default the proxy */
  readonly port?: (proxy: ProxyFixture) => number;
  /** Variables of libpq that differ. */
  readonly changes?: Variables;
  /** All sessions at the database are in use. */
  readonly full?: true;
}

/** Everything that the proxy refuses. */
export const PROXY_CAUSES: readonly ProxyCause[] = [
  {
    heading: "The IAM authentication failed for the role",
    name: "a token for the database's own endpoint",
    port: ({ cluster }) => cluster.port,
  },
  { heading: "no credentials for the role", name: "a user with a password", user: "legacy" },
  { heading: "Request returned an error", name: "a user who is not there", user: "nobody" },
  {
    heading: "Request returned an error",
    name: "a user whom the proxy's role may not connect as",
    user: "reporting",
  },
  { heading: "requires TLS connections", name: "no TLS", changes: { PGSSLMODE: "disable" } },
  {
    heading: "Feature not supported",
    name: "settings as a connection starts",
    changes: { PGOPTIONS: "-c statement_timeout=5s" },
  },
  { heading: "Timed-out waiting to acquire", name: "no connection left", full: true },
];
