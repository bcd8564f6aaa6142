import { endpointOf } from "../../../model/access/connection";
import {
  databaseUsers,
  type IdentityPlan,
  loginsOf,
  type PeopleIdentity,
} from "../../../model/access/identity";
import { ADMIN_USER, SUPERUSER } from "../../../model/postgresql/names";
import { quoteIdentifier } from "../../../model/postgresql/quoting";
import type { PasswordlessPath } from "../passwordless-path";
import { type Credentials, connect, logIn, signInOf, takeRole, token } from "../sign-in";
import type { SignIn } from "../token-service/token-service";
import { dropProofObjects, proofObjects } from "./attempts";
import { type Check, LOGIN, outcomeOf, READ_ONLY, ROLE, type Try } from "./check";
import { type Place, proveDatabase } from "./prove-database";

/**
 * Tries, as every identity of the plan, what it may do and what it may not: which roles it can take, whom it can log in
 * as, and everything that levels speak of in every schema. Whatever the attempts change is undone.
 */
export async function prove(path: PasswordlessPath): Promise<Check[]> {
  await onEverySchema(path, proofObjects);
  await path.readersCaughtUp();
  try {
    const checks = await Promise.all(path.plan.identities.map((identity) => proveIdentity(path, identity)));
    return checks.flat();
  } finally {
    await onEverySchema(path, dropProofObjects);
  }
}

async function proveIdentity(path: PasswordlessPath, identity: IdentityPlan): Promise<Check[]> {
  const attemptAt =
    (where: Place["where"]): Try =>
    async (subject, what, expected, run) => ({
      identity: identity.key,
      subject,
      what: where === "writer" ? what : `${what}, through the readers`,
      expected,
      outcome: await outcomeOf(run, where === "writer" ? [] : [READ_ONLY]),
    });
  const attempt = attemptAt("writer");
  let own: Credentials | undefined;
  const checks = [
    await attempt(ROLE, "its own role", "allowed", async () => {
      own = await takeRole(path, identity, identity);
    }),
  ];
  if (identity.kind === "people") checks.push(...(await proveConditions(path, identity, attempt)));
  for (const other of path.plan.identities.filter(({ key }) => key !== identity.key)) {
    const expected = mayTakeAlso(identity, other) ? "allowed" : "denied";
    checks.push(
      await attempt(ROLE, `the role of ${other.key}`, expected, () => takeRole(path, identity, other)),
    );
  }
  // Without credentials there is nothing to log in with, and the first check has failed.
  if (!own) return checks;
  checks.push(...(await proveLogins(path, identity, own, attempt)));
  const { writer, reader } = path.endpoints;
  const who = { path, identity, credentials: own };
  for (const database of path.plan.databases) {
    checks.push(...(await proveDatabase({ ...who, database, endpoint: writer, where: "writer" }, attempt)));
    if (!reader) continue;
    const there: Place = { ...who, database, endpoint: reader, where: "reader" };
    checks.push(...(await proveDatabase(there, attemptAt("reader"))));
  }
  return checks;
}

/**
 * Whether the file lets somebody of one group take the role of another, too: it names the same principal there, and asks for
 * no more than what that one signs in with.
 */
function mayTakeAlso(identity: IdentityPlan, other: IdentityPlan): boolean {
  if (identity.kind !== "people" || other.kind !== "people") return false;
  const [principal = ""] = identity.principals;
  return (
    other.principals.includes(principal) &&
    (!other.requireMfa || identity.requireMfa === true) &&
    (!other.requireSourceIdentity || identity.requireSourceIdentity === true) &&
    // A session that carries a source identity is refused where none is asked for.
    (!identity.requireSourceIdentity || other.requireSourceIdentity === true)
  );
}

/** Each condition of a group of people is one that counts: a session that meets all others does not get the role. */
async function proveConditions(
  path: PasswordlessPath,
  identity: PeopleIdentity,
  attempt: Try,
): Promise<Check[]> {
  const how = signInOf(identity);
  const without: readonly [boolean | undefined, string, SignIn][] = [
    [identity.requireMfa, "MFA", { ...how, mfa: false }],
    [identity.requireSourceIdentity, "a source identity", { ...how, sourceIdentity: undefined }],
  ];
  const checks: Check[] = [];
  for (const [required, what, less] of without) {
    if (!required) continue;
    checks.push(
      await attempt(ROLE, `its own role, without ${what}`, "denied", () =>
        takeRole(path, identity, identity, less),
      ),
    );
  }
  return checks;
}

/** Nobody logs in as somebody else, with a password, without TLS, or with a token for another endpoint. */
async function proveLogins(
  path: PasswordlessPath,
  identity: IdentityPlan,
  credentials: Credentials,
  attempt: Try,
): Promise<Check[]> {
  const [{ databaseUser }] = loginsOf(identity);
  const { database } = identity;
  const endpoint = endpointOf(identity, path.endpoints);
  const own = { credentials, user: databaseUser, database, endpoint };
  const verified = { ca: path.ca };
  const checks = [
    await attempt(LOGIN, "as itself, with a token", "allowed", async () => (await logIn(path, own)).end()),
    await attempt(LOGIN, "with a password", "denied", () =>
      connect(own, { password: credentials.secretAccessKey, ssl: verified }),
    ),
    await attempt(LOGIN, "without TLS", "denied", async () =>
      connect(own, { password: await token(path, own), ssl: false }),
    ),
  ];
  const users = [ADMIN_USER, SUPERUSER, ...path.plan.identities.flatMap(databaseUsers)];
  for (const user of users.filter((each) => each !== databaseUser)) {
    checks.push(await attempt(LOGIN, `as ${user}`, "denied", () => logIn(path, { ...own, user })));
    checks.push(
      await attempt(LOGIN, `as ${user}, with its own token`, "denied", async () =>
        connect({ user, database, endpoint }, { password: await token(path, own), ssl: verified }),
      ),
    );
  }
  const { writer, reader } = path.endpoints;
  if (!reader) return checks;
  const other = { ...own, endpoint: endpoint === reader ? writer : reader };
  // IAM knows the cluster, and nothing of its endpoints.
  return [
    ...checks,
    await attempt(LOGIN, "at the other endpoint", "allowed", async () => (await logIn(path, other)).end()),
    await attempt(LOGIN, "at the other endpoint, with a token for its own", "denied", async () =>
      connect(other, { password: await token(path, own), ssl: verified }),
    ),
    await attempt(LOGIN, "at its own endpoint, with a token for the other", "denied", async () =>
      connect(own, { password: await token(path, other), ssl: verified }),
    ),
  ];
}

/** Runs a statement as the owner group of each schema, as its migrations do. */
async function onEverySchema(path: PasswordlessPath, statement: (schema: string) => string): Promise<void> {
  for (const { name, schemas } of path.plan.databases) {
    const client = await path.superuser(name);
    for (const schema of schemas) {
      await client.query(`SET ROLE ${quoteIdentifier(schema.owner)}`);
      await client.query(statement(schema.name));
      await client.query("RESET ROLE");
    }
    await client.end();
  }
}
