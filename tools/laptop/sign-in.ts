import type { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { Signer } from "@aws-sdk/rds-signer";
import { Client } from "pg";
import type { Endpoint } from "../../model/access/connection";
import type { PasswordlessPath } from "./passwordless-path";

/** Temporary credentials, as the AWS SDK hands them on. */
export type Credentials = Awaited<ReturnType<ReturnType<typeof fromTemporaryCredentials>>>;

/** A login by IAM: whose credentials sign the token, and whom it is for. */
export interface Login {
  readonly credentials: Credentials;
  readonly user: string;
  readonly database: string;
  /** Where to: a token is good for no other. */
  readonly endpoint: Endpoint;
}

/** A token for a login, made by the signer that services use. */
export function token(
  path: PasswordlessPath,
  { credentials, user, endpoint }: Omit<Login, "database">,
): Promise<string> {
  return new Signer({
    hostname: endpoint.host,
    port: endpoint.port,
    username: user,
    region: path.plan.region,
    credentials,
  }).getAuthToken();
}

/**
 * A session of `pg` as on RDS: a fresh token for a password, TLS with certificate and host name verified.
 * @throws the server's error when the login is refused
 */
export async function logIn(path: PasswordlessPath, login: Login): Promise<Client> {
  return connect(login, { password: await token(path, login), ssl: { ca: path.ca } });
}

/** A session with whatever password, over TLS or not. */
export async function connect(
  { user, database, endpoint }: Omit<Login, "credentials">,
  how: { readonly password: string; readonly ssl: false | { readonly ca: string } },
): Promise<Client> {
  const client = new Client({ ...endpoint, user, database, ...how });
  // Without a listener, a session that the server ends would end this process.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
