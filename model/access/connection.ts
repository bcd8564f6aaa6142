import type { IdentityBase, SharedLogin } from "./identity";
import type { AccessPlan } from "./plan";

/** File the certificates are under in that ConfigMap, and in the directory pods mount it at. */
export const CA_FILE = "rds-ca.pem";

/** Where pods mount the CA certificates; PGSSLROOTCERT says so. */
export const CA_DIRECTORY = "/etc/rds-ca";

/** Where a cluster listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Where a database listens. */
export interface WriterAndReader {
  readonly writer: Endpoint;
  /** @default there are no readers */
  readonly reader?: Endpoint;
}

/** Where an environment's database listens, and the RDS Proxy before it. */
export interface Endpoints extends WriterAndReader {
  /** @default there is no proxy */
  readonly proxy?: WriterAndReader;
}

/**
 * Environment variables with which libpq, pgjdbc and most drivers connect, but for the token in place of a password. Who
 * connects to the writer gets the readers' host as well, which goes with the same port.
 * @see https://www.postgresql.org/docs/current/libpq-envars.html
 */
export function connectionVariables(
  plan: AccessPlan,
  identity: Pick<IdentityBase, "database" | "endpoint" | "key" | "through"> & SharedLogin,
  endpoints: Endpoints,
): Record<string, string> {
  const { host, port } = endpointOf(identity, endpoints);
  const { reader } = serversOf(identity, endpoints);
  return {
    AWS_REGION: plan.region,
    PGDATABASE: identity.database,
    PGHOST: host,
    ...(identity.endpoint === undefined && reader?.port === port && { PGHOST_READER: reader.host }),
    PGPORT: String(port),
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: `${CA_DIRECTORY}/${CA_FILE}`,
    PGUSER: identity.databaseUser,
  };
}

/** Where an identity's sessions go unless told otherwise. */
export function endpointOf(
  identity: Pick<IdentityBase, "endpoint" | "key" | "through">,
  endpoints: Endpoints,
): Endpoint {
  const { writer, reader } = serversOf(identity, endpoints);
  if (identity.endpoint === undefined) return writer;
  if (!reader) throw new Error(`${identity.key} connects to readers, and there are none`);
  return reader;
}

/** What an identity connects to: the database itself, or the proxy before it. */
export function serversOf(
  { key, through }: Pick<IdentityBase, "key" | "through">,
  endpoints: Endpoints,
): WriterAndReader {
  if (through === undefined) return endpoints;
  if (!endpoints.proxy) throw new Error(`${key} connects through a proxy, and there is none`);
  return endpoints.proxy;
}
