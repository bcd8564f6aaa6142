import type { IdentityBase, SharedLogin } from "./identity";
import type { AccessPlan } from "./plan";

/** Name of the ConfigMap with the CA certificates, one in each namespace. */
export const CA_CONFIG_MAP = "rds-ca";

/** File the certificates are under in that ConfigMap, and in the directory pods mount it at. */
export const CA_FILE = "rds-ca.pem";

/** Where pods mount the CA certificates; PGSSLROOTCERT says so. */
export const CA_DIRECTORY = "/etc/rds-ca";

/** Where a cluster listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * Environment variables with which libpq, pgjdbc and most drivers connect, but for the token in place of a password.
 * @see https://www.postgresql.org/docs/current/libpq-envars.html
 */
export function connectionVariables(
  plan: AccessPlan,
  identity: Pick<IdentityBase, "database"> & SharedLogin,
  { host, port }: Endpoint,
): Record<string, string> {
  return {
    AWS_REGION: plan.region,
    PGDATABASE: identity.database,
    PGHOST: host,
    PGPORT: String(port),
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: `${CA_DIRECTORY}/${CA_FILE}`,
    PGUSER: identity.databaseUser,
  };
}
