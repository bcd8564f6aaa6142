import { endpointOf, serversOf } from "../../../model/access/connection";
import { databaseUsers } from "../../../model/access/identity";
import { ADMIN_USER, SUPERUSER } from "../../../model/postgresql/names";
import { type Credentials, connect, logIn, token } from "../sign-in";
import { takeRole } from "../take-role";
import { type Actor, sharesRole } from "./actor";
import { type Check, LOGIN, ROLE } from "./check";

/** Nobody logs in as somebody else, with a password, without TLS, with a token for another endpoint, or after their end. */
export async function proveLogins(
  { path, identity, login: { databaseUser }, attempt, ended }: Actor,
  credentials: Credentials,
): Promise<Check[]> {
  const { database } = identity;
  const endpoint = endpointOf(identity, path.endpoints);
  const own = { credentials, user: databaseUser, database, endpoint };
  const verified = { ca: path.ca };
  const itself = async () => (await logIn(path, own)).end();
  const checks = [
    ended
      ? await attempt(LOGIN, "as itself, after its end, with a role from before", "denied", itself)
      : await attempt(LOGIN, "as itself, with a token", "allowed", itself),
    await attempt(LOGIN, "with a password", "denied", () =>
      connect(own, { password: credentials.secretAccessKey, ssl: verified }),
    ),
    await attempt(LOGIN, "without TLS", "denied", async () =>
      connect(own, { password: await token(path, own), ssl: false }),
    ),
  ];
  const users = [ADMIN_USER, SUPERUSER, ...path.plan.identities.flatMap(databaseUsers)];
  // Whoever has a role of several may log in as each of them: there is nothing to deny.
  const shared = path.plan.identities.filter((other) => sharesRole(identity, other)).flatMap(databaseUsers);
  for (const user of users.filter((each) => each !== databaseUser)) {
    if (!shared.includes(user)) {
      checks.push(await attempt(LOGIN, `as ${user}`, "denied", () => logIn(path, { ...own, user })));
    }
    checks.push(
      await attempt(LOGIN, `as ${user}, with its own token`, "denied", async () =>
        connect({ user, database, endpoint }, { password: await token(path, own), ssl: verified }),
      ),
    );
  }
  const { writer, reader } = serversOf(identity, path.endpoints);
  if (!reader) return checks;
  const other = { ...own, endpoint: endpoint === reader ? writer : reader };
  // IAM knows the cluster, and nothing of its endpoints.
  return [
    ...checks,
    await attempt(LOGIN, "at the other endpoint", ended ? "denied" : "allowed", async () =>
      (await logIn(path, other)).end(),
    ),
    await attempt(LOGIN, "at the other endpoint, with a token for its own", "denied", async () =>
      connect(other, { password: await token(path, own), ssl: verified }),
    ),
    await attempt(LOGIN, "at its own endpoint, with a token for the other", "denied", async () =>
      connect(own, { password: await token(path, other), ssl: verified }),
    ),
  ];
}

/** Access that ends does so then, and not before: no role any more, and no connection with one from before. */
export async function proveEnd({ path, identity, login, attempt, end, ended }: Actor): Promise<Check[]> {
  if (end === undefined || ended) return [];
  const { member, databaseUser: user } = login;
  const take = () => takeRole(path, identity, identity, { member });
  const connected = async () => {
    const own = { user, database: identity.database, endpoint: endpointOf(identity, path.endpoints) };
    await (await logIn(path, { credentials: await credentials, ...own })).end();
  };
  const credentials = take();
  // When it fails, so does each attempt that waits for it.
  await credentials.catch(() => undefined);
  return [
    await attempt(ROLE, "its own role, right before its end", "allowed", () => path.at(end - 1, take)),
    await attempt(LOGIN, "right before its end", "allowed", () => path.at(end - 1, connected)),
    await attempt(ROLE, "its own role, after its end", "denied", () => path.at(end, take)),
    await attempt(LOGIN, "after its end, with a role from before", "denied", () => path.at(end, connected)),
  ];
}
