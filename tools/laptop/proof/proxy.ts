import { endpointOf } from "../../../model/access/connection";
import { type Credentials, connect, logIn, token } from "../sign-in";
import type { Actor } from "./actor";
import { type Check, LOGIN } from "./check";

/**
 * Where there is a proxy: who goes through it does not get past it, others do not get in there, and a token for the one is
 * worth nothing at the other.
 */
export async function proveProxy(
  { path, identity, login: { databaseUser: user }, attempt, ended }: Actor,
  credentials: Credentials,
): Promise<Check[]> {
  const { proxy, writer } = path.endpoints;
  if (!proxy) return [];
  const { database, through, readsDirectly } = identity;
  const own = { credentials, user, database, endpoint: endpointOf(identity, path.endpoints) };
  const [there, elsewhere] = through ? ["past the proxy", writer] : ["at the proxy", proxy.writer];
  const other = { ...own, endpoint: elsewhere };
  const withTokenFor = (signedFor: typeof own) => async () =>
    connect(signedFor === own ? other : own, {
      password: await token(path, signedFor),
      ssl: { ca: path.ca },
    });
  return [
    // Who reads without the proxy may go to all of the cluster: IAM knows nothing of its endpoints.
    await attempt(LOGIN, there, readsDirectly && !ended ? "allowed" : "denied", async () =>
      (await logIn(path, other)).end(),
    ),
    await attempt(LOGIN, `${there}, with a token for its own endpoint`, "denied", withTokenFor(own)),
    await attempt(LOGIN, `at its own endpoint, with a token for ${there}`, "denied", withTokenFor(other)),
  ];
}
