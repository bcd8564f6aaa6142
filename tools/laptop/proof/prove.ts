import type { Client } from "pg";
import {
  databaseUsers,
  type IdentityPlan,
  loginsOf,
  type PeopleIdentity,
} from "../../../model/access/identity";
import type { DatabasePlan } from "../../../model/access/plan";
import { ADMIN_USER, SUPERUSER } from "../../../model/postgresql/names";
import { quoteIdentifier } from "../../../model/postgresql/quoting";
import type { PasswordlessPath } from "../passwordless-path";
import { type Credentials, connect, logIn, signInOf, takeRole, token } from "../sign-in";
import type { SignIn } from "../token-service/token-service";
import { type Attempt, attempts, dropProofObjects, proofObjects } from "./attempts";
import { type Check, LOGIN, outcomeOf, ROLE } from "./check";
import { extensionAttempts } from "./extension-attempts";

/** Tries something as one identity. */
type Try = (
  subject: string,
  what: string,
  expected: Check["expected"],
  run: () => Promise<unknown>,
) => Promise<Check>;

/**
 * Tries, as every identity of the plan, what it may do and what it may not: which roles it can take, whom it can log in
 * as, and everything that levels speak of in every schema. Whatever the attempts change is undone.
 */
export async function prove(path: PasswordlessPath): Promise<Check[]> {
  await onEverySchema(path, proofObjects);
  try {
    const checks = await Promise.all(path.plan.identities.map((identity) => proveIdentity(path, identity)));
    return checks.flat();
  } finally {
    await onEverySchema(path, dropProofObjects);
  }
}

async function proveIdentity(path: PasswordlessPath, identity: IdentityPlan): Promise<Check[]> {
  const attempt: Try = async (subject, what, expected, run) => ({
    identity: identity.key,
    subject,
    what,
    expected,
    outcome: await outcomeOf(run),
  });
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
  for (const database of path.plan.databases) {
    checks.push(...(await proveDatabase(path, identity, own, database, attempt)));
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

/** Nobody logs in as somebody else, with a password, or without TLS. */
async function proveLogins(
  path: PasswordlessPath,
  identity: IdentityPlan,
  credentials: Credentials,
  attempt: Try,
): Promise<Check[]> {
  const [{ databaseUser }] = loginsOf(identity);
  const { database } = identity;
  const own = { credentials, user: databaseUser, database };
  const verified = { ca: path.ca };
  const checks = [
    await attempt(LOGIN, "as itself, with a token", "allowed", async () => (await logIn(path, own)).end()),
    await attempt(LOGIN, "with a password", "denied", () =>
      connect(path, own, { password: credentials.secretAccessKey, ssl: verified }),
    ),
    await attempt(LOGIN, "without TLS", "denied", async () =>
      connect(path, own, { password: await token(path, own), ssl: false }),
    ),
  ];
  const users = [ADMIN_USER, SUPERUSER, ...path.plan.identities.flatMap(databaseUsers)];
  for (const user of users.filter((each) => each !== databaseUser)) {
    checks.push(await attempt(LOGIN, `as ${user}`, "denied", () => logIn(path, { ...own, user })));
    checks.push(
      await attempt(LOGIN, `as ${user}, with its own token`, "denied", async () =>
        connect(path, { user, database }, { password: await token(path, own), ssl: verified }),
      ),
    );
  }
  return checks;
}

/** In each schema an identity does what the environment file says and nothing else. */
async function proveDatabase(
  path: PasswordlessPath,
  identity: IdentityPlan,
  credentials: Credentials,
  database: DatabasePlan,
  attempt: Try,
): Promise<Check[]> {
  const [{ databaseUser }] = loginsOf(identity);
  const { grants } = identity;
  const { name, schemas } = database;
  const login = { credentials, user: databaseUser, database: name };
  const granted = grants.some(({ database }) => database === name);
  let client: Client | undefined;
  const connected = await attempt("", `connect to ${name}`, granted ? "allowed" : "denied", async () => {
    client = await logIn(path, login);
  });
  if (!granted || !client) {
    await client?.end();
    return schemas.map((schema) => ({ ...connected, subject: `${name}.${schema.name}` }));
  }
  const checks: Check[] = [];
  for (const { name: schema } of schemas) {
    const level = grants.find((grant) => grant.database === name && grant.schema === schema)?.level;
    checks.push(...(await tryAll(client, `${name}.${schema}`, attempts(schema, level), attempt)));
  }
  checks.push(...(await tryAll(client, name, extensionAttempts(database), attempt)));
  await client.end();
  return checks;
}

async function tryAll(
  client: Client,
  subject: string,
  tries: readonly Attempt[],
  attempt: Try,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { what, sql, expected } of tries) {
    await client.query("BEGIN");
    checks.push(await attempt(subject, what, expected, () => client.query(sql)));
    await client.query("ROLLBACK");
  }
  return checks;
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
